import { TRAINING_CALLS } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { imageAt, isDeclared, lineSpan, spanFrom, typeAt, type Find } from './reading.ts'

/** Lines of a training loop: `optimizer.zero_grad()`, `loss.backward()`, `with torch.no_grad():`. */
export const findTraining: Find = (reading, index) => {
  const line = reading.lines[reading.lineOf[index]!]
  if (line?.first !== index || isDeclared(reading, imageAt(reading, index))) return undefined
  const start = imageAt(reading, index) === 'with' ? index + 1 : index
  const isOwned = imageAt(reading, start + 1) === '.'
  const name = imageAt(reading, start + 2)
  const open = start + 3
  const close = reading.partners.get(open)
  if (!isOwned || !Object.hasOwn(TRAINING_CALLS, name) || close === undefined) return undefined
  const isLine = close + 1 === line.last
  const isBlock = close + 2 === line.last && typeAt(reading, close + 1) === token.Colon
  if (typeAt(reading, open) !== token.LeftParen || !(isLine || isBlock)) return undefined
  return {
    code: 'foreign-call',
    span: spanFrom(reading, index, line.last),
    message: 'a rule is one step for one parameter, and no part of the training loop',
    help: TRAINING_CALLS[name]!,
    edits: [{ span: lineSpan(reading, index), text: '' }],
    title: 'remove the line',
  }
}
