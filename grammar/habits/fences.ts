import { FENCE_FUNCTIONS } from '../../src/diagnostics/habits.ts'
import { ENDS_OPERAND } from '../token-sets.ts'
import * as token from '../tokens.ts'
import { imageAt, spanFrom, textOf, typeAt, type Find } from './reading.ts'

/** `|g|`, `||g||` and names in quotes, where no operand stands before the first sign. */
export const findFence: Find = (reading, index) => {
  const sign = imageAt(reading, index)
  if (!Object.hasOwn(FENCE_FUNCTIONS, sign)) return undefined
  const before = typeAt(reading, index - 1)
  if (before !== undefined && ENDS_OPERAND.has(before)) return undefined
  const { last } = reading.lines[reading.lineOf[index]!]!
  let close = index + 1
  while (close < last && imageAt(reading, close) !== sign) close += 1
  if (close >= last || close === index + 1) return undefined
  const name = FENCE_FUNCTIONS[sign]!
  const inside = textOf(reading, index + 1, close)
  const written = name === '' ? inside : `${name}(${inside})`
  return {
    code: typeAt(reading, index) === token.Foreign ? 'foreign-operator' : 'unknown-character',
    span: spanFrom(reading, index, close + 1),
    message: `\`${textOf(reading, index, close + 1)}\` is written \`${written}\` here`,
    edits: [
      { span: spanFrom(reading, index, index + 1), text: name === '' ? '' : `${name}(` },
      { span: spanFrom(reading, close, close + 1), text: name === '' ? '' : ')' },
    ],
    title: `replace it with \`${written}\``,
  }
}
