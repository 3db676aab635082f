import { spellingOf, type FormName } from '../../src/emit/ts/spellings.ts'
import type { ElementwiseOperator, Operator } from '../../src/operators/operator.ts'
import type { NameOfKind } from '../../src/operators/table.ts'
import type { TensorBackend } from '../emit/tensor-backend.ts'

/** What computes with tensors: a backend of tfjs, or another framework on the processor. */
export type Platform =
  TensorBackend | 'pytorch' | 'optax' | 'keras-jax' | 'keras-tensorflow' | 'keras-torch'

/** The least number of 32 bits that is not subnormal. */
export const LEAST_NORMAL = 2 ** -126

/** How far a backend's number for some arguments may be from the meaning. */
export interface Bound {
  /** In units in the last place. */
  readonly units: number
  /** The size whose units count where it is above the result's. */
  readonly scale: number
  /** Any number may come out. */
  readonly lost: boolean
  /** Whether a zero may have either sign. */
  readonly anyZero: boolean
  /** What may be lost by numbers that are flushed on the way to the result. */
  readonly loss: number
}

/** A bound where a backend does not hold what the row says. */
type Deviation = (...arguments_: readonly number[]) => Partial<Bound>

const bounded =
  (units: number, scale = 0): Deviation =>
  () => ({ units, scale })

/** The size of a number, where it is one, up to `most`. */
const sizeOf = (x: number, most: number): number =>
  Number.isNaN(x) ? 0 : Math.min(Math.abs(x), most)

/** WGSL's exponential: 3 units, and 2 more for each unit of size of the argument; NaN may be anything. */
const exponential =
  (units: number, steepness = 1, scale?: (x: number) => number): Deviation =>
  (x) => ({
    units: units + 2 * sizeOf(steepness * x!, 110),
    scale: scale?.(x!) ?? 0,
    lost: Number.isNaN(x),
    loss: 4 * LEAST_NORMAL,
  })

/** WGSL's logarithm, 2^-21 off between 1/2 and 2; no more is said where it is not finite. */
const logarithm =
  (end: number): Deviation =>
  (x) => ({ units: 8, scale: 1, lost: !(x! > end) })

/** WGSL's power, `exp2(exponent * log2(base))`, has the errors of both. */
const power: Deviation = (base, exponent) => {
  const size = Math.abs(exponent! * Math.log2(Math.abs(base!)))
  return {
    units: 4 + 6 * size + 6 * Math.abs(exponent!),
    lost: base === 0 || !Number.isFinite(base!) || !Number.isFinite(exponent!) || size > 125,
  }
}

/** WGSL's sine and cosine, 2^-11 off up to pi; nothing is said of larger angles. */
const angle: Deviation = (x) => ({ units: 4096, scale: 1, lost: Math.abs(x!) > Math.PI })

const anyZero: Deviation = () => ({ anyZero: true })

const flushedInside: Deviation = () => ({ loss: 4 * LEAST_NORMAL })

const isSubnormal = (x: number): boolean => x !== 0 && Math.abs(x) < LEAST_NORMAL

const anyFlushedZero: Deviation = (...tuple) => ({ anyZero: tuple.some(isSubnormal) })

type Deviations = Partial<Record<NameOfKind<'elementwise'>, Deviation>>

/** WGSL promises little of its functions, and next to nothing where something is not finite (https://www.w3.org/TR/WGSL/#floating-point-accuracy). */
const WEBGPU: Deviations = {
  power,
  abs_power: power,
  // The backend's maximum takes either of two zeros.
  min: anyZero,
  max: anyZero,
  relu: anyZero,
  negative_part: anyZero,
  clip: anyZero,
  clip_between: anyZero,
  // The rest is worked out as a - b * trunc(a / b), and may be too small to be held.
  mod: (a, b) => ({
    anyZero: true,
    lost:
      isSubnormal(a!) ||
      Math.abs(b!) < 2 ** -102 ||
      Math.abs(a! / b!) > 2 ** 22 ||
      !Number.isFinite(b!),
  }),
  exp: exponential(3),
  expm1: exponential(4, 1, (x) => Math.max(1, Math.exp(x))),
  log: logarithm(0),
  log1p: logarithm(-1),
  sigmoid: exponential(5),
  softplus: exponential(8, 1, (x) => (x < -1 ? 0 : 1)),
  log_one_plus_exp: exponential(8, 1, (x) => (x < -1 ? 0 : 1)),
  tanh: bounded(8, 1),
  // log(x + sqrt(x^2 + 1)) cancels below 0 and overflows.
  asinh: (x) => ({
    units: x! < 0 ? 8 + 4 * x! ** 2 : 8,
    scale: 1,
    lost: !(Math.abs(x!) < 1000),
  }),
  erfc: (x) => ({ units: 8 + 2 * sizeOf(x!, 11) ** 2, loss: 4 * LEAST_NORMAL }),
  // 1 / x is flushed.
  bessel_i1e: (x) => ({ lost: Math.abs(x!) > 2 ** 126 }),
  sin: angle,
  cos: angle,
  log_abs: (x) => ({ units: 8, scale: 1, lost: Number.isNaN(x) }),
  tanh_derivative: exponential(10, 2),
  sigmoid_derivative: exponential(10),
  blend: () => ({ loss: 2 * LEAST_NORMAL }),
}

/** TensorFlow 2.15: in units a little above the most over 300,000 points of normal numbers. */
const TENSORFLOW: Deviations = {
  // Approximated, and improved by Newton's method: 2.74 units where 1 / x is exact.
  reciprocal: bounded(3),
  inverse_one_plus_abs: bounded(4),
  log: bounded(3),
  log1p: bounded(3.5),
  softplus: bounded(4),
  log_one_plus_exp: bounded(4.5),
  expm1: bounded(4),
  // 1 from 7.9 on, where 32 bits hold more.
  tanh: bounded(6),
  atan: bounded(3),
  erfc: bounded(9),
  // The power of a subnormal base is neither that nor the power of 0.
  power: (base) => ({ lost: isSubnormal(base!) }),
  abs_power: (base) => ({ units: 1.1, lost: isSubnormal(base!) }),
  // A number of the host that is not 0 may be one there, and of two zeros the maximum takes either.
  min: anyFlushedZero,
  max: anyFlushedZero,
  clip_between: anyFlushedZero,
  clip: anyZero,
  negative_part: anyZero,
  // Written as several operations.
  blend: flushedInside,
  mod: flushedInside,
  tanh_derivative: flushedInside,
}

/** PyTorch takes roots by Intel's library where there is one, which rounds one in six of them the other way. */
const PYTORCH: Deviations = {
  sqrt: bounded(1),
  sqrt_abs: bounded(1),
}

/** XLA multiplies by the reciprocal of a divisor that many numbers share, and flushes that where it is subnormal. */
const quotient: Deviation = (a, b) => ({
  units: 1.5,
  loss: Math.abs(b!) > 2 ** 126 && Number.isFinite(a!) ? Math.abs(a!) * LEAST_NORMAL : 0,
})

/** XLA on the processor. */
const OPTAX: Deviations = { divide: quotient, safe_divide: quotient }

/** By how much operations may miss their rows, beside what the rows say, by backend and operator. */
const DEVIATIONS: Readonly<Partial<Record<Platform, Deviations>>> = {
  webgpu: WEBGPU,
  tensorflow: TENSORFLOW,
  pytorch: PYTORCH,
  optax: OPTAX,
  'keras-jax': OPTAX,
  'keras-tensorflow': TENSORFLOW,
  'keras-torch': PYTORCH,
}

/** What a backend may miss the row by at these arguments, beyond what the row says. */
export function deviationOf(
  { name }: ElementwiseOperator,
  backend: Platform,
  tuple: readonly number[],
): Partial<Bound> {
  return DEVIATIONS[backend]?.[name as NameOfKind<'elementwise'>]?.(...tuple) ?? {}
}

/** Whether a backend misses the row by more than it says at any arguments. */
export const deviates = ({ name }: Operator, backend: Platform): boolean =>
  DEVIATIONS[backend]?.[name as NameOfKind<'elementwise'>] !== undefined

/** How far a form of a row may be from its meaning on a backend. */
export function boundOf(
  row: ElementwiseOperator,
  backend: Platform,
  form: FormName,
  tuple: readonly number[],
): Bound {
  const { exception } = spellingOf(row)
  const isExcepted = exception?.forms.includes(form) === true && exception.holds(...tuple)
  const deviation = form === 'scalar' ? {} : deviationOf(row, backend, tuple)
  return {
    units: Math.max(row.tolerance, 0.5, deviation.units ?? 0),
    scale: Math.max(row.scale?.(...tuple) ?? 0, deviation.scale ?? 0),
    lost: isExcepted || deviation.lost === true,
    anyZero: row.tolerance > 0 || deviation.anyZero === true,
    loss: deviation.loss ?? 0,
  }
}

const FLUSHING: ReadonlySet<Platform> = new Set<Platform>([
  'webgpu',
  'tensorflow',
  'optax',
  'keras-jax',
  'keras-tensorflow',
])

/** Whether a backend reads and writes subnormal numbers as zeros; where an operation only moves them it need not. */
export const isFlushing = (backend: Platform): boolean => FLUSHING.has(backend)

/** The number as a backend reads and writes it that flushes: what rounds to less than the least normal number is a 0 of its sign. */
export const flushed = (x: number): number =>
  Math.abs(x) < LEAST_NORMAL * (1 - 2 ** -25) ? 0 * x : x

/** The arguments a backend may have worked with. */
export function possibleArguments(
  tuple: readonly number[],
  backend: Platform,
): readonly (readonly number[])[] {
  if (!isFlushing(backend)) return [tuple]
  return tuple.reduce<readonly (readonly number[])[]>(
    (tuples, x) => {
      const forms = isSubnormal(x) ? [x, 0, -0] : [x]
      return tuples.flatMap((each) => forms.map((form) => [...each, form]))
    },
    [[]],
  )
}

const SOLVING: ReadonlySet<Platform> = new Set<Platform>([
  'pytorch',
  'optax',
  'keras-jax',
  'keras-tensorflow',
  'keras-torch',
])

/**
 * Whether a matrix is solved by a library of the platform: its numbers are as close in 64 bits, but where the answer rests on
 * their last bits, as which vectors belong to equal eigenvalues, it is another one.
 */
export const isSolvedElsewhere = (operator: Operator, backend: Platform): boolean =>
  SOLVING.has(backend) &&
  operator.kind === 'matrix' &&
  (operator.limit !== undefined || operator.name === 'orthonormal')
