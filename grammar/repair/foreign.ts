import { replaceFix } from '../fixes.ts'
import { endOf, makeToken, spanOf } from '../lex.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { BY_SYMBOL, put, report, type RepairState } from './state.ts'

interface Meaning {
  /** What the language writes instead. */
  readonly write?: string
  readonly help?: string
}

/** What people write who come from elsewhere, and what it is called here. */
const FOREIGN: Readonly<Record<string, Meaning>> = {
  '**': { write: '^' },
  ':=': { write: '=' },
  '===': { write: '==' },
  '!==': { write: '!=' },
  '=>': { help: 'a function is written `fn name(x) = expression`' },
  '->': { help: 'a function is written `fn name(x) = expression`' },
  '%': { help: 'the remainder is written `mod(a, b)`' },
  '&&': { help: 'multiply two conditions, or put one `where` into another' },
  '&': { help: 'multiply two conditions, or put one `where` into another' },
  '||': { help: 'take the `max` of two conditions, or put one `where` into another' },
  '|': { help: 'the absolute value is written `abs(x)`' },
  '!': { help: 'turn the comparison round: `a >= b` instead of `!(a < b)`' },
  '?': { help: 'a choice is written `where(condition, a, b)`' },
  '@': { help: 'a product of matrices is written `matmul(a, b)`' },
  '++': { help: 'assign the new value: `n = n + 1`' },
  '.': { help: 'functions are called by their name alone: `sqrt(x)`' },
}

const COMPOUND = /^([+\-*/^]|\*\*|%)=$/

/** Takes a sign or a comment of another language for what the language writes instead. */
export function repairForeign(state: RepairState, current: IToken, next: IToken | undefined): void {
  const { image } = current
  const endsLine = next === undefined || next.tokenType === token.LineBreak
  const [, compound] = COMPOUND.exec(image) ?? []
  if (image === ';') repairSemicolon(state, current, endsLine)
  else if (image.startsWith('#')) reportHash(state, current)
  else if (image.startsWith('/*')) repairBlockComment(state, current, endsLine)
  else if (compound !== undefined) repairCompound(state, current, compound)
  else repairSign(state, current)
}

function repairSemicolon(state: RepairState, current: IToken, endsLine: boolean): void {
  report(
    state,
    'unexpected-semicolon',
    current,
    'statements end with the line, not with a semicolon',
    {
      label: endsLine ? 'not needed' : 'start a new line here',
      fix: {
        title: endsLine ? 'remove `;`' : 'replace it with a new line',
        edits: [{ span: spanOf(current), text: endsLine ? '' : '\n' }],
      },
    },
  )
  put(state, token.LineBreak, current)
}

function reportHash(state: RepairState, current: IToken): void {
  const { startOffset: start } = current
  report(state, 'foreign-comment', current, 'a comment starts with `//`', {
    fix: {
      title: 'replace `#` with `//`',
      edits: [{ span: { start, end: start + 1 }, text: '//' }],
    },
  })
}

function repairBlockComment(state: RepairState, current: IToken, endsLine: boolean): void {
  const lines = current.image.replace(/^\/\*+|\*+\/$/g, '').split(/\r\n|\n|\r/)
  const text = lineComments(lines) + (endsLine ? '' : '\n')
  report(state, 'foreign-comment', current, 'a comment starts with `//` and ends with the line', {
    fix: { title: 'write it with `//`', edits: [{ span: spanOf(current), text }] },
  })
  if (lines.length > 1) state.out.push(makeToken(token.LineBreak, '', endOf(current)))
}

/** The lines of a comment between `/*` and its end, each with `//`. */
function lineComments(lines: readonly string[]): string {
  const kept = lines.map((line) => line.replace(/^\s*\*?\s?/, '').trimEnd())
  return kept
    .filter((line, index) => line !== '' || (index > 0 && index < kept.length - 1))
    .map((line) => `// ${line}`.trimEnd())
    .join('\n')
}

/** Takes `+=` and its like for `=`. */
function repairCompound(state: RepairState, current: IToken, operator: string): void {
  const target = state.out.at(-1)
  const isFixable = target?.tokenType === token.Identifier && operator === '+'
  report(state, 'foreign-operator', current, `there is no \`${current.image}\``, {
    help: 'write the whole assignment: `m = m + x`',
    ...(isFixable && { fix: replaceFix(spanOf(current), `= ${target.image} +`) }),
  })
  put(state, token.Equals, current)
}

function repairSign(state: RepairState, current: IToken): void {
  const { image } = current
  const { write, help } = FOREIGN[image] ?? {}
  report(
    state,
    'foreign-operator',
    current,
    write === undefined
      ? `\`${image}\` is not part of the language`
      : `\`${image}\` is written \`${write}\` here`,
    {
      ...(help !== undefined && { help }),
      ...(write !== undefined && { fix: replaceFix(spanOf(current), write) }),
    },
  )
  const type = write === undefined ? undefined : BY_SYMBOL.get(write)
  if (type !== undefined) put(state, type, current)
  else if (image !== '!') put(state, token.Placeholder, current)
}
