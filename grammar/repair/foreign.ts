import { SIGNS } from '../../src/diagnostics/habits.ts'
import { replaceFix } from '../fixes.ts'
import { padded } from '../habits/reading.ts'
import { endOf, makeToken, spanOf } from '../lex.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { BY_SYMBOL, put, report, type RepairState } from './state.ts'

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
  const { write, help } = SIGNS[image] ?? {}
  report(
    state,
    'foreign-operator',
    current,
    write === undefined
      ? `\`${image}\` is not part of the language`
      : `\`${image}\` is written \`${write}\` here`,
    {
      ...(help !== undefined && { help }),
      ...(write !== undefined && {
        fix: {
          title: `replace it with \`${write}\``,
          edits: [{ span: spanOf(current), text: padded(state, spanOf(current), write) }],
        },
      }),
    },
  )
  const type = write === undefined ? undefined : BY_SYMBOL.get(write)
  put(state, type ?? token.Placeholder, current)
}
