import { endOf, type CommentToken } from '../lex.ts'
import { ENDS_OPERAND } from '../token-sets.ts'
import * as token from '../tokens.ts'
import { imageAt, touches, typeAt, type Find, type Habit, type Reading } from './reading.ts'

/** Numbers with nothing but arithmetic between them. */
const NUMBERS = /^[-+*/^().eE_\d\s]*\d[-+*/^().eE_\d\s]*$/

/** Comments behind an operand that hold nothing but numbers: Python's division without a rest, which is not computed. */
export function findDivisions(
  { text, tokens }: Reading,
  comments: readonly CommentToken[],
): readonly Habit[] {
  let next = 0
  return comments.flatMap((comment): readonly Habit[] => {
    while (next < tokens.length && tokens[next]!.startOffset < comment.start) next += 1
    const before = tokens[next - 1]
    if (comment.documentation || !NUMBERS.test(comment.text.slice(2))) return []
    if (before === undefined || !ENDS_OPERAND.has(before.tokenType)) return []
    if (/[\n\r]/.test(text.slice(endOf(before), comment.start))) return []
    return [
      {
        code: 'division-in-comment',
        span: { start: comment.start, end: comment.end },
        message: `\`${comment.text}\` is a comment and divides nothing`,
        help: 'a division is written `a / b`, one without a rest `floor(a / b)`',
        edits: [],
      },
    ]
  })
}

/** A text between three quotes, as Python documents a function. */
export const findDocstring: Find = (reading, index) => {
  if (!isTriple(reading, index)) return undefined
  const { text, tokens } = reading
  const start = tokens[index]!.startOffset
  const quotes = text.slice(start, start + 3)
  const close = text.indexOf(quotes, start + 3)
  if (close < 0) return undefined
  const end = close + 3
  const lines = text
    .slice(start + 3, close)
    .trim()
    .split(/\r\n|\n|\r/)
  return {
    code: 'foreign-comment',
    span: { start, end },
    message: 'a comment starts with `//`, and `///` starts one that documents what stands below it',
    edits: [{ span: { start, end }, text: lines.map((line) => `// ${line.trim()}`).join('\n') }],
    title: 'write it with `//`',
  }
}

/** Whether an empty text and another one stand side by side. */
function isTriple(reading: Reading, index: number): boolean {
  return (
    typeAt(reading, index) === token.StringToken &&
    typeAt(reading, index + 1) === token.StringToken &&
    imageAt(reading, index).length === 2 &&
    touches(reading, index + 1)
  )
}
