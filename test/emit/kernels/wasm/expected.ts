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

/** What spellings that are not exact are held to, in units in the last place: they are worked out in 64 bits. */
const ROUNDED_ONCE = 0.55

/** How far results may be from the meaning, in units in the last place. */
export function boundOf(row: ElementwiseOperator): number {
  if (row.tolerance === 0) return 0.5
  return isSpelled(row) ? ROUNDED_ONCE : Math.min(row.tolerance, 4)
}

/**
 * What is wrong with a value; nothing where it is within the bound. What a function of 64 bits rounds has the sign of its
 * meaning where it is 0, and is not flushed to 0.
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
