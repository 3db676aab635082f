import { isSpelled } from '../../../../src/emit/kernels/wasm/spellings.ts'
import type { ElementwiseOperator } from '../../../../src/operators/operator.ts'
import { operators } from '../../../../src/operators/table.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { unitsOff } from '../../../operators/points.ts'

/** The rows that work element by element, by name: spelled ones, and those that stand for their definition. */
export const elementwiseRows = operators
  .filter((row): row is ElementwiseOperator => row.kind === 'elementwise')
  .map((row) => [row.name, row] as const)

/** How kernels may be encoded. */
export const encodings: readonly Encoding[] = [{ relaxed: false }, { relaxed: true }]

/**
 * How far what is spelled and not exact may be from its meaning, in units in the last place of 32 bits, with and without
 * fused multiplication and addition: a little more than the most that was found among 17 million arguments of every exponent.
 */
const BOUNDS: ReadonlyMap<string, number> = new Map([
  ['exp', 1.1],
  ['log', 0.85],
  ['log1p', 1.5],
  ['expm1', 1.8],
  ['sigmoid', 2.4],
  ['softplus', 2],
  ['tanh', 1.7],
  ['atan', 1.6],
  ['asinh', 2.3],
  ['erf', 1.5],
  ['erfc', 3.7],
  ['bessel_i1e', 4],
  ['sin', 1.3],
  ['cos', 1],
  ['log_abs', 1.4],
  ['log_one_plus_exp', 2.4],
  ['tanh_derivative', 2.4],
  ['sigmoid_derivative', 2.4],
  ['power', 0.55],
])

/** How far results may be from the meaning, in units in the last place: nowhere further than the row allows a target. */
export function boundOf(row: ElementwiseOperator): number {
  if (row.tolerance === 0) return 0.5
  if (!isSpelled(row)) return Math.min(row.tolerance, 4)
  const bound = BOUNDS.get(row.name)
  if (bound === undefined) throw new RangeError(`no bound for ${row.name}`)
  return bound
}

/**
 * What is wrong with a value; nothing where it is within the bound. What is spelled has the sign of its meaning where it is
 * 0, and is not flushed to 0.
 */
export function faultOf(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
): string | undefined {
  const meaning = row.meaning(...tuple)
  const wanted = Math.fround(meaning)
  if (Object.is(value, wanted)) return undefined
  const off = unitsOff(value, meaning, row.scale?.(...tuple))
  const isFlushed = isSpelled(row) && value === 0
  if (off <= boundOf(row) && !isFlushed && (value !== 0 || wanted !== 0 || !isSpelled(row)))
    return undefined
  const text = (number: number): string => (Object.is(number, -0) ? '-0' : String(number))
  return `${row.name}(${tuple.map(text).join(', ')}) is ${text(value)}, not ${text(wanted)}: ${off} units off`
}
