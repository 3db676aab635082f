import { FILLED, IDLE_WORDS, PRINTING } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { lastOfPath } from './members.ts'
import {
  imageAt,
  isDeclared,
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
  if (!Object.hasOwn(FILLED, name)) return undefined
  const number = FILLED[name]!
  const span = spanFrom(reading, index, close + 1)
  return {
    code: 'foreign-call',
    span,
    message: `a number stands for a tensor of it: \`${name}(...)\` is \`${number}\``,
    help: `write \`${number}\``,
    edits: [{ span, text: number }],
    title: `replace it with \`${number}\``,
  }
}

function startsLine({ lines, lineOf }: Reading, index: number): boolean {
  return lines[lineOf[index]!]?.first === index
}

/** The line at `index` with its end. */
function lineSpan({ text, lines, lineOf, tokens }: Reading, index: number): Habit['span'] {
  const { first, last } = lines[lineOf[index]!]!
  const after = tokens[last + 1]
  return {
    start: tokens[first]!.startOffset,
    end: after === undefined ? text.length : after.startOffset,
  }
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
