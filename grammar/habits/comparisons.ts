import { operatorsCalled } from '../../src/operators/table.ts'
import { ENDS_OPERAND, OPENERS } from '../token-sets.ts'
import * as token from '../tokens.ts'
import { imageAt, spanFrom, typeAt, type Find, type Reading } from './reading.ts'

/** `if a = b {` and `where(a = b, x, y)`. */
export const findBrokenComparison: Find = (reading, index) => {
  const equals =
    typeAt(reading, index) === token.If ? inCondition(reading, index) : inChoice(reading, index)
  if (equals === undefined) return undefined
  const span = spanFrom(reading, equals, equals + 1)
  return {
    code: 'unexpected-token',
    span,
    message: 'this `=` is one too many',
    help: 'two values are compared with `==`',
    edits: [{ span, text: '==' }],
    title: 'replace it with `==`',
  }
}

function inCondition(reading: Reading, index: number): number | undefined {
  const before = typeAt(reading, index - 1)
  if (
    before !== undefined &&
    before !== token.LineBreak &&
    before !== token.Else &&
    before !== token.LeftBrace
  )
    return undefined
  return equalsBefore(
    reading,
    index + 1,
    (type) => type === token.LeftBrace || type === token.LineBreak,
  )
}

/** In the first argument of a call whose first parameter is a condition. */
function inChoice(reading: Reading, index: number): number | undefined {
  if (typeAt(reading, index) !== token.Identifier || typeAt(reading, index + 1) !== token.LeftParen)
    return undefined
  const [row] = operatorsCalled(imageAt(reading, index))
  if (row?.parameters[0]?.boolean !== true) return undefined
  const equals = equalsBefore(reading, index + 2, (type) => type === token.Comma)
  if (equals === undefined) return undefined
  const isNamed =
    equals === index + 3 && row.parameters.some(({ name }) => name === imageAt(reading, index + 2))
  return isNamed ? undefined : equals
}

/** Whether a statement starts with the name at `index`, since an operand ends before it. */
function startsAssignment(reading: Reading, index: number): boolean {
  const before = typeAt(reading, index - 1)
  return (
    typeAt(reading, index) === token.Identifier && before !== undefined && ENDS_OPERAND.has(before)
  )
}

function equalsBefore(
  reading: Reading,
  start: number,
  ends: (type: token.TokenType) => boolean,
): number | undefined {
  for (let place = start; place < reading.tokens.length; place++) {
    const type = typeAt(reading, place)!
    if (type === token.Equals) return startsAssignment(reading, place - 1) ? undefined : place
    if (ends(type) || type === token.RightParen) return undefined
    if (OPENERS.has(type)) place = reading.partners.get(place) ?? place
  }
  return undefined
}
