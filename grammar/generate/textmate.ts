import { isWord, operators } from '../../src/operators/table.ts'
import { fixities } from '../fixities.ts'

interface Rule {
  readonly name?: string
  readonly match?: string
  readonly captures?: Readonly<Record<string, { readonly name: string }>>
  readonly begin?: string
  readonly end?: string
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>
  readonly patterns?: readonly Rule[]
}

const NAME = '[A-Za-z_][A-Za-z0-9_]*'
const DIGITS = '[0-9]+(?:_[0-9]+)*'

/** Words by which the names that are always there are coloured. */
export const constants: readonly string[] = ['pi', 'e', 'inf']
/** The gradient, the parameter, the step and the number of steps. */
export const builtins: readonly string[] = ['g', 'w', 't', 'T']

/** The TextMate grammar of `.opt` files, which colours them in editors, as JSON. */
export function textMateGrammar(): string {
  const calls = [
    ...new Set(
      operators
        .filter(({ fixity }) => fixity === undefined)
        .map(({ name, callName }) => callName ?? name),
    ),
  ].sort()
  const symbols = [...new Set(fixities.map(({ symbol }) => symbol))].sort(
    (a, b) => b.length - a.length,
  )
  const words = new Set(fixities.filter(isWord).map(({ symbol }) => symbol))
  const signs = symbols.filter((symbol) => !words.has(symbol))
  const patterns: readonly Rule[] = [
    { name: 'comment.line.documentation.opt', match: '///(?!/).*$' },
    { name: 'comment.line.double-slash.opt', match: '//.*$' },
    { name: 'string.quoted.double.opt', match: '"[^"]*"?' },
    { name: 'string.quoted.single.opt', match: "'[^']*'?" },
    {
      match: `^\\s*(optimizer|schedule|decay|fn|space)\\s+(${NAME})`,
      captures: {
        1: { name: 'storage.type.declaration.opt' },
        2: { name: 'entity.name.function.opt' },
      },
    },
    {
      begin: '^\\s*(import)\\b',
      // Ends at the file's name, or where a statement starts after an import that is not finished.
      end: '(?=["\'])|^(?=\\s*[A-Za-z_][A-Za-z0-9_]*\\s*=)',
      beginCaptures: { 1: { name: 'keyword.control.import.opt' } },
      patterns: [{ name: 'keyword.control.import.opt', match: '\\b(?:as|from)\\b' }],
    },
    { name: 'keyword.control.opt', match: '\\b(?:if|else|return)\\b' },
    { name: 'storage.type.opt', match: '\\b(?:let|state)\\b' },
    { name: 'keyword.operator.in.opt', match: '\\bin\\b' },
    { name: 'keyword.operator.logical.opt', match: `\\b(?:${[...words].sort().join('|')})\\b` },
    {
      match: '^\\s*(update|evaluate)\\s*(?==(?!=))',
      captures: { 1: { name: 'variable.language.update.opt' } },
    },
    {
      name: 'constant.numeric.opt',
      match: `(?<![A-Za-z0-9_])(?:${DIGITS}(?:\\.${DIGITS})?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?(?![A-Za-z0-9_.])`,
    },
    { name: 'support.function.operator.opt', match: `\\b(?:${calls.join('|')})\\b(?=\\s*\\()` },
    { name: 'entity.name.function.call.opt', match: `${NAME}(?=\\s*\\()` },
    { name: 'constant.language.opt', match: `\\b(?:${constants.join('|')})\\b` },
    { name: 'variable.language.opt', match: `\\b(?:${builtins.join('|')})\\b` },
    { name: 'keyword.operator.opt', match: signs.map(escape).join('|') },
    { name: 'keyword.operator.assignment.opt', match: '=' },
    { name: 'variable.other.opt', match: NAME },
  ]
  const grammar = {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'opt',
    scopeName: 'source.opt',
    fileTypes: ['opt'],
    patterns,
  }
  return `${JSON.stringify(grammar, null, 2)}\n`
}

function escape(symbol: string): string {
  return symbol.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&')
}
