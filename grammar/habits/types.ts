import { TYPES } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { imageAt, spanFrom, typeAt, type Find, type Reading } from './reading.ts'

/** A type behind a name or behind parameters; every one of a file is one habit. */
export const findType: Find = (reading, index) => {
  const end = endOfType(reading, index)
  if (end === undefined) return undefined
  const edits = reading.tokens.flatMap((_, place) => {
    const last = place < index ? undefined : endOfType(reading, place)
    return last === undefined ? [] : [{ span: spanFrom(reading, place, last), text: '' }]
  })
  return {
    code: 'foreign-type',
    span: spanFrom(reading, index, end),
    message: 'types are not written; the compiler works them out',
    edits,
    title: edits.length === 1 ? 'remove the type' : 'remove the types',
  }
}

/** The place after the type that starts with a colon or an arrow at `index`. */
function endOfType(reading: Reading, index: number): number | undefined {
  const isArrow = imageAt(reading, index) === '->'
  const before = typeAt(reading, index - 1)
  if (!isArrow && typeAt(reading, index) !== token.Colon) return undefined
  if (before !== (isArrow ? token.RightParen : token.Identifier)) return undefined
  let last = index + 1
  while (imageAt(reading, last + 1) === '.') last += 2
  if (!TYPES.has(imageAt(reading, last))) return undefined
  return last + 1
}
