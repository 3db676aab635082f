import { LOOPS, STATEMENT_WORDS } from '../../src/diagnostics/habits.ts'
import type { TextEdit } from '../../src/diagnostics/diagnostic.ts'
import { endOf, spanOf } from '../lex.ts'
import { ELSE_IF_WORDS } from '../layout/state.ts'
import { DECLARATIONS } from '../token-sets.ts'
import * as token from '../tokens.ts'
import {
  imageAt,
  spanFrom,
  typeAt,
  type Find,
  type Habit,
  type Line,
  type Reading,
} from './reading.ts'

/** One part of a block without braces: its head, and the first line that is not in it. */
interface Part {
  readonly head: Line
  readonly next: number
}

/** A block as Python opens it, with a colon and more blanks, and as MATLAB and Julia close it, with `end`. */
export const findBlock: Find = (reading, index) => {
  const number = reading.lineOf[index]!
  const line = reading.lines[number]
  if (line?.first !== index || !opensBlock(reading, line)) return undefined
  const isLoop = LOOPS.has(imageAt(reading, index))
  const parts = endsWithColon(reading, line)
    ? indentedParts(reading, number)
    : endedParts(reading, number)
  if (parts === undefined) return isLoop ? loop(reading, line, []) : undefined
  const closing = closingEdit(reading, parts)
  const edits = parts.flatMap((part, place) => headEdits(reading, part, place === 0))
  if (isLoop) return loop(reading, line, parts)
  const word = imageAt(reading, index)
  const written = STATEMENT_WORDS[word]
  return {
    code: 'foreign-block',
    span: spanFrom(reading, index, line.last),
    message:
      written === undefined
        ? 'a block stands in braces'
        : `\`${word}\` is written \`${written}\` here, and a block stands in braces`,
    help: 'write `{` behind the head and `}` below the block',
    edits: [...edits, closing],
    title: 'write it with braces',
  }
}

function opensBlock(reading: Reading, { first }: Line): boolean {
  const type = typeAt(reading, first)!
  const image = imageAt(reading, first)
  if (type === token.If) return true
  const next = typeAt(reading, first + 1)
  if (next !== token.Identifier && next !== token.LeftParen) return false
  if (LOOPS.has(image)) return true
  const word = STATEMENT_WORDS[image]
  return DECLARATIONS.has(type) || word === 'fn' || word === 'optimizer'
}

const endsWithColon = (reading: Reading, { last }: Line): boolean =>
  typeAt(reading, last - 1) === token.Colon

const isElse = (reading: Reading, { first }: Line): boolean =>
  typeAt(reading, first) === token.Else || ELSE_IF_WORDS.has(imageAt(reading, first))

/** The parts of an `if` and its `else`s, or the one part of anything else, each with the lines that stand further right. */
function indentedParts(reading: Reading, number: number): readonly Part[] | undefined {
  const { lines } = reading
  const { indent } = lines[number]!
  const parts: Part[] = []
  for (let at = number; ;) {
    const head = lines[at]!
    let next = at + 1
    while (next < lines.length && lines[next]!.indent > indent) next += 1
    if (next === at + 1) return undefined
    parts.push({ head, next })
    const follows = lines[next]
    if (follows === undefined || !isElse(reading, follows) || !endsWithColon(reading, follows))
      return parts
    at = next
  }
}

/** The parts up to the `end` that closes them. */
function endedParts(reading: Reading, number: number): readonly Part[] | undefined {
  const { lines } = reading
  const parts: Part[] = []
  let head = lines[number]!
  if (isClosed(reading, head)) return undefined
  let depth = 0
  for (let at = number + 1; at < lines.length; at++) {
    const line = lines[at]!
    const isEnd = line.last === line.first + 1 && imageAt(reading, line.first) === 'end'
    if (isEnd && depth === 0) return [...parts, { head, next: at }]
    if (isEnd) depth -= 1
    else if (depth === 0 && isElse(reading, line)) {
      parts.push({ head, next: at })
      head = line
    } else if (opensBlock(reading, line) && !isClosed(reading, line)) depth += 1
  }
  return undefined
}

/** Whether a line has a body of its own. */
function isClosed(reading: Reading, { first, last }: Line): boolean {
  for (let place = first; place < last; place++) {
    const type = typeAt(reading, place)
    if (type === token.LeftBrace) return true
    if (type === token.LeftParen) place = reading.partners.get(place) ?? place
    else if (type === token.Equals) return true
  }
  return false
}

/** Writes a head with the words and the brace that are used here. */
function headEdits(reading: Reading, { head }: Part, isFirst: boolean): readonly TextEdit[] {
  const { first, last } = head
  const { tokens } = reading
  const start = tokens[first]!
  const image = imageAt(reading, first)
  const word = isFirst
    ? (STATEMENT_WORDS[image] ?? image)
    : ELSE_IF_WORDS.has(image)
      ? '} else if'
      : '} else'
  const colon = tokens[last - 1]!
  const end = endOf(colon)
  const brace = endsWithColon(reading, head)
    ? { span: spanOf(colon), text: ' {' }
    : { span: { start: end, end }, text: ' {' }
  return word === image ? [brace] : [{ span: spanOf(start), text: word }, brace]
}

function closingEdit(reading: Reading, parts: readonly Part[]): TextEdit {
  const { text, lines, tokens } = reading
  const { next } = parts.at(-1)!
  const after = lines[next]
  if (after !== undefined && imageAt(reading, after.first) === 'end')
    return { span: spanFrom(reading, after.first, after.last), text: '}' }
  const end = endOf(tokens[lines[next - 1]!.last - 1]!)
  const start = tokens[parts[0]!.head.first]!.startOffset
  const indent = text.slice(start - parts[0]!.head.indent, start)
  return { span: { start: end, end }, text: `\n${indent}}` }
}

/** A loop is left out with what it holds together; its body is read. */
function loop(reading: Reading, line: Line, parts: readonly Part[]): Habit {
  const { tokens, lines } = reading
  const head = spanFrom(reading, line.first, line.last)
  const end = lines[parts.at(-1)?.next ?? -1]
  const isEnded = end !== undefined && imageAt(reading, end.first) === 'end'
  const brace = typeAt(reading, line.last - 1) === token.LeftBrace ? line.last - 1 : undefined
  const close = brace === undefined ? undefined : reading.partners.get(brace)
  return {
    code: 'unknown-word',
    span: spanOf(tokens[line.first]!),
    message: 'the language has no loops',
    help: 'the compiler applies the rule to every element, and calls it at every step; `optc explain limits` says more',
    edits: [
      { span: head, text: '' },
      ...(isEnded ? [{ span: spanFrom(reading, end.first, end.last), text: '' }] : []),
      ...(close === undefined ? [] : [{ span: spanOf(tokens[close]!), text: '' }]),
    ],
  }
}
