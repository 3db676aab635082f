import { endOf } from '../lex.ts'
import { CLOSERS, ENDS_OPERAND, OPENERS } from '../token-sets.ts'
import * as token from '../tokens.ts'
import { expressionEnd, expressionStart, imageAt, isForeign, textOf, typeAt } from './reading.ts'
import type { Find, Habit, Reading } from './reading.ts'

/** The places of a choice's parts: of its first token, of the two signs or words, and after its last token. */
interface Choice {
  readonly start: number
  readonly first: number
  readonly second: number
  readonly end: number
}

/** `c ? a : b`, and `a if c else b`. */
export const findChoice: Find = (reading, index) => {
  const isQuestion = imageAt(reading, index) === '?'
  if (!isQuestion && typeAt(reading, index) !== token.If) return undefined
  const before = typeAt(reading, index - 1)
  if (before === undefined || !ENDS_OPERAND.has(before)) return undefined
  const end = expressionEnd(reading, index)
  const second = placeOf(reading, index + 1, end, isQuestion ? token.Colon : token.Else)
  if (second === undefined || second + 1 >= end) return undefined
  const choice = { start: expressionStart(reading, index), first: index, second, end }
  return isQuestion ? question(reading, choice) : conditional(reading, choice)
}

function placeOf(
  reading: Reading,
  start: number,
  end: number,
  wanted: token.TokenType,
): number | undefined {
  let nested = 0
  for (let place = start; place < end; place++) {
    const type = typeAt(reading, place)!
    if (OPENERS.has(type)) place = reading.partners.get(place) ?? place
    else if (CLOSERS.has(type)) return undefined
    else if (imageAt(reading, place) === '?') nested += 1
    else if (type === wanted && (wanted !== token.Colon || nested-- === 0)) return place
  }
  return undefined
}

const spanOfChoice = ({ tokens }: Reading, { start, end }: Choice): Habit['span'] => ({
  start: tokens[start]!.startOffset,
  end: endOf(tokens[end - 1]!),
})

function habit(reading: Reading, choice: Choice, written: string, edits: Habit['edits']): Habit {
  return {
    code: 'foreign-choice',
    span: spanOfChoice(reading, choice),
    message: 'a choice between two values is written `where(condition, a, b)`',
    help: `write \`${written}\``,
    edits,
    title: `replace it with \`${written}\``,
  }
}

function question(reading: Reading, choice: Choice): Habit {
  const { start, first, second, end } = choice
  const { tokens } = reading
  const span = spanOfChoice(reading, choice)
  const [condition, a, b] = [
    textOf(reading, start, first),
    textOf(reading, first + 1, second),
    textOf(reading, second + 1, end),
  ]
  const comma = (place: number): Habit['edits'][number] => ({
    span: { start: endOf(tokens[place - 1]!), end: tokens[place + 1]!.startOffset },
    text: ', ',
  })
  return habit(reading, choice, `where(${condition}, ${a}, ${b})`, [
    { span: { start: span.start, end: span.start }, text: 'where(' },
    comma(first),
    comma(second),
    { span: { start: span.end, end: span.end }, text: ')' },
  ])
}

function conditional(reading: Reading, choice: Choice): Habit | undefined {
  const { start, first, second, end } = choice
  // What is moved is read where it is written then.
  if (isForeign(reading, first, second)) return undefined
  const { tokens } = reading
  const span = spanOfChoice(reading, choice)
  const condition = textOf(reading, first + 1, second)
  const [a, b] = [textOf(reading, start, first), textOf(reading, second + 1, end)]
  return habit(reading, choice, `where(${condition}, ${a}, ${b})`, [
    { span: { start: span.start, end: span.start }, text: `where(${condition}, ` },
    {
      span: { start: endOf(tokens[first - 1]!), end: tokens[second + 1]!.startOffset },
      text: ', ',
    },
    { span: { start: span.end, end: span.end }, text: ')' },
  ])
}
