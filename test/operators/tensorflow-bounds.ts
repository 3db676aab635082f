import type { Operator } from '../../src/operators/operator.ts'

/** The least number of 32 bits that TensorFlow does not flush to 0, in what goes into an operation and in what comes out. */
export const LEAST_NORMAL = 2 ** -126

/** `value` as TensorFlow reads and writes it: a subnormal number is a zero of its sign. */
export function flushed(value: number): number {
  return Math.abs(Math.fround(value)) < LEAST_NORMAL ? 0 * value : value
}

/**
 * Units in the last place of 32 bits by which TensorFlow 2.15 misses where that is more than the rows allow: a little above the most
 * over 300,000 points of normal numbers.
 */
const UNITS: ReadonlyMap<string, number> = new Map([
  // Approximated, and improved by Newton's method: 2.74 units where 1 / x is exact.
  ['reciprocal', 3],
  ['inverse_one_plus_abs', 4],
  ['log', 3],
  ['log1p', 3.5],
  ['softplus', 4],
  ['log_one_plus_exp', 4.5],
  ['expm1', 4],
  // 1 from 7.9 on, where 32 bits hold more.
  ['tanh', 6],
  ['atan', 3],
  ['erfc', 9],
  ['abs_power', 1.1],
])

/** What TensorFlow's result of the operator may be off, in units in the last place. */
export function tensorflowTolerance({
  name,
  tolerance,
}: Pick<Operator, 'name'> & { readonly tolerance: number }): number {
  return Math.max(tolerance, UNITS.get(name) ?? 0)
}

/** Operators that may give a zero of either sign: of two zeros TensorFlow's maximum takes either. */
export const EITHER_ZERO: ReadonlySet<string> = new Set(['clip', 'negative_part'])

/** Whether TensorFlow may give any number: a power of a subnormal base is neither that nor the power of 0. */
export function isLostOnTensorflow(
  { name }: Pick<Operator, 'name'>,
  [base]: readonly number[],
): boolean {
  const isPower = name === 'power' || name === 'abs_power'
  return isPower && base !== 0 && Math.abs(base!) < LEAST_NORMAL
}

/** Every way in which some or none of the subnormal arguments are flushed: an operation that only moves numbers does not flush. */
export function flushings(tuple: readonly number[]): readonly number[][] {
  return tuple.reduce<number[][]>(
    (all, value) => {
      const read = flushed(value)
      const kept = all.map((each) => [...each, value])
      return Object.is(read, value) ? kept : [...kept, ...all.map((each) => [...each, read])]
    },
    [[]],
  )
}

/** What one operator may lose by numbers that are flushed on the way to its result. */
export const MOST_FLUSHED = 4 * LEAST_NORMAL

/** Whether an operator is written as several operations, between which numbers are flushed. */
export function isFlushedInside({ name }: Pick<Operator, 'name'>): boolean {
  return ['blend', 'mod', 'tanh_derivative'].includes(name)
}
