import { DRAWING, FILLED, IDLE_WORDS, PRINTING } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { lastOfPath } from './members.ts'
import {
  imageAt,
  isDeclared,
  lineSpan,
  spanFrom,
  typeAt,
  type Find,
  type Habit,
  type Reading,
} from './reading.ts'

/** Calls that need no function here: `zeros(w)`, `print(x)`; and lines that do nothing. */
export const findCall: Find = (reading, index) => {
  if (typeAt(reading, index) !== token.Identifier) return undefined
  const idle = findIdle(reading, index)
  if (idle !== undefined) return idle
  const last = lastOfPath(reading, index)
  if (typeAt(reading, last + 1) !== token.LeftParen || typeAt(reading, index - 1) === token.Fn)
    return undefined
  const close = reading.partners.get(last + 1)
  const name = imageAt(reading, last)
  if (close === undefined || isDeclared(reading, imageAt(reading, index))) return undefined
  if (startsLine(reading, index) && (PRINTING.has(name) || PRINTING.has(imageAt(reading, index))))
    return printing(reading, index)
  const span = spanFrom(reading, index, close + 1)
  if (Object.hasOwn(DRAWING, name)) return drawing(reading, index, last, close)
  if (!Object.hasOwn(FILLED, name)) return undefined
  const number = FILLED[name]!
  return {
    code: 'foreign-call',
    span,
    message: `a number stands for a tensor of it: \`${name}(...)\` is \`${number}\``,
    help: `write \`${number}\``,
    edits: [{ span, text: number }],
    title: `replace it with \`${number}\``,
  }
}

/** `randn_like(g)`, `np.random.normal(0, 0.1, shape)`: a draw has no arguments here. */
function drawing(reading: Reading, index: number, last: number, close: number): Habit | undefined {
  const name = imageAt(reading, last)
  if (DRAWING[name] === 'with arguments' && close === last + 2) return undefined
  const span = spanFrom(reading, index, close + 1)
  const write = drawn(reading, last + 2, close)
  return {
    code: 'foreign-call',
    span,
    message: 'a standard normal number for each element is `normal()`, without arguments',
    help: `write \`${write}\`; with another mean and deviation it is \`mean + deviation * normal()\``,
    edits: [{ span, text: write }],
    title: `replace it with \`${write}\``,
  }
}

/** The draw that the arguments from `first` to `close` ask for: those that begin with two numbers are mean and deviation. */
function drawn(reading: Reading, first: number, close: number): string {
  const inside = reading.tokens
    .slice(first, close)
    .filter(({ tokenType }) => tokenType !== token.LineBreak)
  const [mean, , deviation] = inside.map(({ image }) => image)
  const [a, comma, b, after = token.Comma] = inside.map(({ tokenType }) => tokenType)
  const isPair =
    a === token.NumberToken &&
    comma === token.Comma &&
    (b === token.NumberToken || b === token.Identifier) &&
    after === token.Comma
  if (!isPair) return DRAW
  const scaled = Number(deviation) === 1 ? DRAW : `${deviation} * ${DRAW}`
  if (Number(mean) !== 0) return `(${mean} + ${scaled})`
  return scaled === DRAW ? DRAW : `(${scaled})`
}

const DRAW = 'normal()'

function startsLine({ lines, lineOf }: Reading, index: number): boolean {
  return lines[lineOf[index]!]?.first === index
}

function printing(reading: Reading, index: number): Habit {
  const { last } = reading.lines[reading.lineOf[index]!]!
  return {
    code: 'foreign-call',
    span: spanFrom(reading, index, last),
    message: 'a rule prints nothing',
    help: '`optc simulate` shows what a rule does to the weights, step by step',
    edits: [{ span: lineSpan(reading, index), text: '' }],
    title: 'remove the line',
  }
}

/** A word that starts a line and does nothing here. */
function findIdle(reading: Reading, index: number): Habit | undefined {
  const word = imageAt(reading, index)
  if (!startsLine(reading, index) || !Object.hasOwn(IDLE_WORDS, word)) return undefined
  if (isDeclared(reading, word)) return undefined
  const next = typeAt(reading, index + 1)
  if (next === token.Equals) return undefined
  const isBefore = next === token.Fn || next === token.Schedule || next === token.Decay
  const after = reading.tokens[index + 1]
  const span = spanFrom(reading, index, index + 1)
  return {
    code: 'unknown-word',
    span,
    message: `I don't know the word \`${word}\``,
    label: 'not a word of the language',
    help: IDLE_WORDS[word]!,
    edits: [
      isBefore && after !== undefined
        ? { span: { start: span.start, end: after.startOffset }, text: '' }
        : { span: lineSpan(reading, index), text: '' },
    ],
    title: isBefore ? `remove \`${word}\`` : 'remove the line',
  }
}
