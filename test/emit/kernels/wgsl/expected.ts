import { isSpelled } from '../../../../src/emit/kernels/wgsl/spellings.ts'
import type { ElementwiseOperator } from '../../../../src/operators/operator.ts'
import { operators } from '../../../../src/operators/table.ts'
import { unitsOff } from '../../../operators/points.ts'
import type { Change } from './run-row.ts'

/** The rows that work element by element, by name: spelled ones, and those that stand for their definition. */
export const elementwiseRows = operators
  .filter((row): row is ElementwiseOperator => row.kind === 'elementwise')
  .map((row) => [row.name, row] as const)

/** The functions as they are, and where WGSL's quotients and roots miss by as much as they may. */
export const changes: readonly (readonly [string, Change])[] = [
  ['as they are', (text) => text],
  [
    'quotients and roots 3 units too large',
    (text) =>
      text
        .replace('return a / b;', 'return (a / b) * 1.0000004f;')
        .replace('return sqrt(x);', 'return sqrt(x) * 1.0000004f;'),
  ],
  [
    'quotients and roots 3 units too small',
    (text) =>
      text
        .replace('return a / b;', 'return (a / b) * 0.9999996f;')
        .replace('return sqrt(x);', 'return sqrt(x) * 0.9999996f;'),
  ],
]

const LEAST_NORMAL = 2 ** -126

/** Of at most 4 units in the last place; exact rows are exact. */
export function boundOf(row: ElementwiseOperator): number {
  return row.tolerance === 0 ? 0.5 : Math.min(row.tolerance, 4)
}

/** What is wrong with a value; nothing where it is within the bound, a subnormal number being as good as a 0 of its sign. */
export function faultOf(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
): string | undefined {
  const faults = flushed(tuple).map((each) => faultAt(row, each, value))
  return faults.includes(undefined) ? undefined : faults[0]
}

function faultAt(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
): string | undefined {
  const meaning = row.meaning(...tuple)
  const wanted = Math.fround(meaning)
  if (Object.is(value, wanted)) return undefined
  const off = unitsOff(value, meaning, row.scale?.(...tuple))
  const hasSign = value !== 0 || wanted !== 0 || row.tolerance > 0 || !isSpelled(row)
  const vanishes = value === 0 && Math.abs(meaning) < LEAST_NORMAL
  // A definition adds parts, of which subnormal ones may be 0.
  const lacksPart = !isSpelled(row) && Math.abs(value - wanted) < 4 * LEAST_NORMAL
  if (hasSign && (vanishes || lacksPart || off <= boundOf(row))) return undefined
  const text = (number: number): string => (Object.is(number, -0) ? '-0' : String(number))
  return `${row.name}(${tuple.map(text).join(', ')}) is ${text(value)}, not ${text(wanted)}: ${off} units off`
}

/** The tuple, and those in which some subnormal numbers are 0. */
function flushed(tuple: readonly number[]): readonly (readonly number[])[] {
  return tuple.reduce<readonly (readonly number[])[]>(
    (tuples, x) => {
      const forms = x !== 0 && Math.abs(x) < LEAST_NORMAL ? [x, 0 * Math.sign(x)] : [x]
      return tuples.flatMap((each) => forms.map((form) => [...each, form]))
    },
    [[]],
  )
}
