import type { ElementwiseOperator, RandomOperator } from '../operators/operator.ts'
import { power } from '../operators/rows/arithmetic.ts'
import { infixOperators } from '../operators/table.ts'

/** Where a loop reads an argument: lane k at `values[base + k]`, or at `values[base]` for all lanes when it is one number. */
export interface Source {
  readonly values: Float32Array
  /** The place of lane 0 at step t: `base + t * perStep`. */
  readonly base: number
  readonly perStep: number
  readonly isNumber: boolean
}

/** Fills the first `count` lanes of `result`: the operator's meaning on the lanes of its arguments, rounded to 32 bits. */
export type LaneLoop = (
  result: Float32Array,
  count: number,
  ...places: readonly (Float32Array | number)[]
) => void

const loops = new Map<ElementwiseOperator | RandomOperator, Map<string, LaneLoop>>()

/**
 * The loop of an operator for arguments that are numbers or lanes. It takes an array and the place of lane 0 per argument;
 * for operators that draw, the draws are the first argument.
 */
export function laneLoop(
  operator: ElementwiseOperator | RandomOperator,
  areNumbers: readonly boolean[],
): LaneLoop {
  const shapes = loops.get(operator) ?? new Map<string, LaneLoop>()
  loops.set(operator, shapes)
  const shape = areNumbers.map((isNumber) => (isNumber ? 'n' : 'v')).join('')
  const known = shapes.get(shape)
  if (known !== undefined) return known
  const made = makeLoop(operator.meaning, areNumbers)
  shapes.set(shape, made)
  return made
}

/**
 * Each loop is made from a text of its own: machine code is specialised per place in a source, so that one loop for all
 * operators would call each meaning instead of containing it.
 */
function makeLoop(
  meaning: (...arguments_: number[]) => number,
  areNumbers: readonly boolean[],
): LaneLoop {
  const places = areNumbers.map((_, index) => `, a${index}, i${index}`).join('')
  const numbers = areNumbers.map((isNumber, index) =>
    isNumber ? `const n${index} = a${index}[i${index}];` : '',
  )
  const values = areNumbers.map((isNumber, index) =>
    isNumber ? `n${index}` : `a${index}[i${index} + lane]`,
  )
  const text = `return (result, count${places}) => {
    ${numbers.join(' ')}
    for (let lane = 0; lane < count; lane++) result[lane] = meaning(${values.join(', ')})
  }`
  return (new Function('meaning', text) as (meaning: unknown) => LaneLoop)(meaning)
}

const powerOperator = infixOperators.find(({ fixity }) => fixity?.symbol === '^')
const LEAST_NORMAL = 2 ** -126

/** A loop over the first argument alone where the second is a constant that allows a faster way to the same numbers. */
export function loopForConstant(
  operator: ElementwiseOperator | RandomOperator,
  constant: number,
): LaneLoop | undefined {
  return operator === powerOperator && constant === 3 ? (cubes as LaneLoop) : undefined
}

/**
 * Third powers by products. The cube of a 32-bit number is at least 16 units in the last place of 64 bits away from every
 * place between two 32-bit numbers where rounding turns, unless it is such a place: a product and a power that is right to
 * a few units round to the same 32-bit number. At such places, where results lose bits, and for NaN the meaning is asked.
 */
function cubes(result: Float32Array, count: number, x: Float32Array, first: number): void {
  for (let lane = 0; lane < count; lane++) {
    const value = x[first + lane]!
    const product = value * value * value
    const rounded = Math.fround(product)
    const rest = product - rounded
    const beyond = rounded + 2 * rest
    const isSafe =
      Math.abs(product) >= LEAST_NORMAL && (rest === 0 || Math.fround(beyond) !== beyond)
    result[lane] = isSafe ? rounded : power(value, 3)
  }
}
