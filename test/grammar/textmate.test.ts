import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma'
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate'
import { builtins, constants, textMateGrammar } from '../../grammar/generate/textmate.ts'
import * as checker from '../../src/resolve/builtins.ts'

let grammar: IGrammar

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm')
  await loadWASM(readFileSync(wasm))
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(textMateGrammar(), 'opt.tmLanguage.json')),
  })
  grammar = (await registry.loadGrammar('source.opt'))!
})

/** The coloured pieces of a line, each with the innermost scope it gets. */
function colours(line: string): string[] {
  return grammar
    .tokenizeLine(line, INITIAL)
    .tokens.map(
      ({ startIndex, endIndex, scopes }) =>
        [line.slice(startIndex, endIndex).trim(), scopes.at(-1)!] as const,
    )
    .filter(([text, scope]) => text !== '' && scope !== 'source.opt')
    .map(([text, scope]) => `${text} ${scope.replace(/\.opt$/, '')}`)
}

describe('the TextMate grammar', () => {
  it('colours an update', () => {
    expect(colours('update = lr * sign(g) - decay_cosine(t)^2')).toEqual([
      'update variable.language.update',
      '= keyword.operator.assignment',
      'lr variable.other',
      '* keyword.operator',
      'sign support.function.operator',
      'g variable.language',
      '- keyword.operator',
      'decay_cosine entity.name.function.call',
      't variable.language',
      '^ keyword.operator',
      '2 constant.numeric',
    ])
  })
  it('colours declarations and their intervals', () => {
    expect(colours('optimizer Adam(lr in (0, inf) = 1e-3) {')).toEqual([
      'optimizer storage.type.declaration',
      'Adam entity.name.function',
      'lr variable.other',
      'in keyword.operator.in',
      '0 constant.numeric',
      'inf constant.language',
      '= keyword.operator.assignment',
      '1e-3 constant.numeric',
    ])
  })
  it('colours comments and documentation', () => {
    expect(colours('state m = 0 // the momentum')).toEqual([
      'state storage.type',
      'm variable.other',
      '= keyword.operator.assignment',
      '0 constant.numeric',
      '// the momentum comment.line.double-slash',
    ])
    expect(colours('/// Adam.')).toEqual(['/// Adam. comment.line.documentation'])
  })
  it('colours imports', () => {
    expect(colours('import { a as b } from "std/momentum"')).toEqual([
      'import keyword.control.import',
      'as keyword.control.import',
      'from keyword.control.import',
      '"std/momentum" string.quoted.double',
    ])
  })
  it('takes words of the language for names where they are names', () => {
    expect(colours('decay = 1 - from')).toEqual([
      'decay variable.other',
      '= keyword.operator.assignment',
      '1 constant.numeric',
      '- keyword.operator',
      'from variable.other',
    ])
  })
  it('knows the names that the checker knows', () => {
    expect([...constants].sort()).toEqual([...checker.constants.keys()].sort())
    expect([...builtins].sort()).toEqual(Object.keys(checker.builtins).sort())
  })
})
