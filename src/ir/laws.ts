import { interval, type Interval } from '../operators/interval.ts'

/** An equation read from left to right. Names are variables; equal names are equal values. */
export interface Law {
  readonly from: string
  readonly to: string
  /** Values a variable must be limited to. */
  readonly given?: Readonly<Record<string, Interval>>
  /** Variables that must be numbers of the host; every other variable of such a law must be a tensor. */
  readonly host?: readonly string[]
  /** Variables that must not be -0, and so must be known to be positive or made of squares and sizes. */
  readonly unsigned?: readonly string[]
  /**
   * Whether both sides agree only up to rounding. Constants among the host's factors must be of moderate size then; other
   * factors are taken to be: beyond MODERATE and at subnormal numbers the sides may overflow or vanish differently.
   */
  readonly rounds?: true
}

/** The largest constant factor that is gathered, and one over the smallest. */
export const MODERATE = 1e6

const nonNegative = interval(0, Infinity, { nan: true })

/** Every law the simplifier knows. Each holds for all numbers, signs of zeros included, and is tested by sampling. */
export const laws: readonly Law[] = [
  { from: '-(-x)', to: 'x' },
  { from: 'x + -0', to: 'x' },
  { from: 'x - 0', to: 'x' },
  { from: 'x * 1', to: 'x' },
  { from: 'x * -1', to: '-x' },
  { from: 'x / 1', to: 'x' },
  { from: 'x / -1', to: '-x' },
  { from: 'x + -y', to: 'x - y' },
  { from: 'x - -y', to: 'x + y' },
  { from: '-x * -y', to: 'x * y' },
  { from: '-x / -y', to: 'x / y' },
  { from: 'x ^ 0', to: '1' },
  { from: 'x ^ 1', to: 'x' },
  { from: 'x ^ 2', to: 'square(x)' },
  { from: 'x ^ -1', to: 'reciprocal(x)' },
  { from: 'x ^ 0.5', to: 'sqrt(x)', given: { x: nonNegative }, unsigned: ['x'] },
  { from: 'x * x', to: 'square(x)' },
  { from: 'abs(x)', to: 'x', given: { x: nonNegative }, unsigned: ['x'] },
  { from: 'abs(-x)', to: 'abs(x)' },
  { from: 'square(-x)', to: 'square(x)' },
  { from: 'square(abs(x))', to: 'square(x)' },
  { from: 'relu(x)', to: 'x', given: { x: nonNegative }, unsigned: ['x'] },
  { from: 'sqrt_abs(x)', to: 'sqrt(x)', given: { x: nonNegative }, unsigned: ['x'] },
  { from: 'abs_power(x, y)', to: 'x ^ y', given: { x: nonNegative }, unsigned: ['x'] },
  { from: 'max(x, x)', to: 'x' },
  { from: 'min(x, x)', to: 'x' },
  { from: 'where(c, x, x)', to: 'x' },
  { from: '(a * x) * b', to: '(a * b) * x', host: ['a', 'b'], rounds: true },
  { from: '(a * x) / b', to: '(a / b) * x', host: ['a', 'b'], rounds: true },
  { from: 'a * (x / b)', to: '(a / b) * x', host: ['a', 'b'], rounds: true },
]
