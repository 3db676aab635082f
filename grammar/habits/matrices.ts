import { MATRIX_PRODUCT, TRANSPOSES } from '../../src/diagnostics/habits.ts'
import { operatorCallNames } from '../../src/operators/table.ts'
import * as token from '../tokens.ts'
import {
  imageAt,
  isForeign,
  operandStart,
  spanFrom,
  textOf,
  touches,
  typeAt,
  type Find,
  type Reading,
} from './reading.ts'

const OPERATORS: ReadonlySet<string> = new Set(operatorCallNames)

/** An operand of a product of matrices as it is written here, and the place after it. */
interface Factor {
  readonly text: string
  readonly end: number
}

/** `a @ b`, also of transposes as in `a @ b.T`: a product of matrices is called, whole chains of them at once. */
export const findMatrixProduct: Find = (reading, index) => {
  if (!OPERATORS.has(MATRIX_PRODUCT)) return undefined
  const start = isProduct(reading, index) ? operandStart(reading, index - 1) : index
  const first = start === undefined ? undefined : factorAt(reading, start)
  if (start === undefined || first === undefined || !isProduct(reading, first.end)) return undefined
  let { text, end } = first
  while (isProduct(reading, end)) {
    const next = factorAt(reading, end + 1)
    if (next === undefined) return undefined
    text = `${MATRIX_PRODUCT}(${withoutParentheses(text)}, ${withoutParentheses(next.text)})`
    end = next.end
  }
  return {
    code: 'foreign-operator',
    span: spanFrom(reading, first.end, first.end + 1),
    message: '`@` is not part of the language: a product of matrices is called',
    help: `write \`${text}\``,
    edits: [{ span: spanFrom(reading, start, end), text }],
    title: `write \`${text}\``,
  }
}

const isProduct = (reading: Reading, index: number): boolean => imageAt(reading, index) === '@'

/** The name, number, call or group at `start`, with the transposes behind it. */
function factorAt(reading: Reading, start: number): Factor | undefined {
  const isName = typeAt(reading, start) === token.Identifier
  const open = start + (isName ? 1 : 0)
  const close = typeAt(reading, open) === token.LeftParen ? reading.partners.get(open) : undefined
  if (!isName && close === undefined && typeAt(reading, start) !== token.NumberToken)
    return undefined
  let end = (close ?? start) + 1
  if (isForeign(reading, start, end)) return undefined
  let text = textOf(reading, start, end)
  while (imageAt(reading, end) === '.' && touches(reading, end)) {
    const name = imageAt(reading, end + 1)
    if (!Object.hasOwn(TRANSPOSES, name)) return undefined
    const last =
      typeAt(reading, end + 2) === token.LeftParen ? reading.partners.get(end + 2) : end + 1
    if (last === undefined) return undefined
    text = `${TRANSPOSES[name]!}(${withoutParentheses(text)})`
    end = last + 1
  }
  return { text, end }
}

const withoutParentheses = (text: string): string =>
  text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text
