import { spellingOf, type FormName } from '../../src/emit/ts/spellings.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import type { NameOfKind } from '../../src/operators/table.ts'
import type { TensorBackend } from '../emit/tensor-backend.ts'

const LEAST_NORMAL = 2 ** -126

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
  /** Results below this size may be 0. */
  readonly vanishing: number
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
    vanishing: 4 * LEAST_NORMAL,
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

/**
 * What operations of tfjs on WebGPU may miss their rows by: WGSL promises little of its functions, and next to nothing where
 * arguments or results are not finite (https://www.w3.org/TR/WGSL/#floating-point-accuracy).
 */
const WEBGPU: Partial<Record<NameOfKind<'elementwise'>, Deviation>> = {
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
      (a !== 0 && Math.abs(a!) < LEAST_NORMAL) ||
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
  erfc: (x) => ({ units: 8 + 2 * sizeOf(x!, 11) ** 2, vanishing: 4 * LEAST_NORMAL }),
  // 1 / x is flushed.
  bessel_i1e: (x) => ({ lost: Math.abs(x!) > 2 ** 126 }),
  sin: angle,
  cos: angle,
  log_abs: (x) => ({ units: 8, scale: 1, lost: Number.isNaN(x) }),
  tanh_derivative: exponential(10, 2),
  sigmoid_derivative: exponential(10),
  blend: () => ({ vanishing: 2 * LEAST_NORMAL }),
}

/** What a backend may miss the row by at these arguments, beyond what the row says. */
export function deviationOf(
  { name }: ElementwiseOperator,
  backend: TensorBackend,
  tuple: readonly number[],
): Partial<Bound> {
  if (backend !== 'webgpu') return {}
  return WEBGPU[name as NameOfKind<'elementwise'>]?.(...tuple) ?? {}
}

/** How far a form of a row may be from its meaning on a backend. */
export function boundOf(
  row: ElementwiseOperator,
  backend: TensorBackend,
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
    vanishing: deviation.vanishing ?? LEAST_NORMAL,
  }
}

/** Whether a backend may take subnormal numbers for 0. */
export const isFlushing = (backend: TensorBackend): boolean => backend === 'webgpu'

/** The number, or the 0 of its sign for a subnormal one. */
export const flushed = (x: number): number => (Math.abs(x) < LEAST_NORMAL ? 0 * Math.sign(x) : x)

/** The arguments a backend may have worked with. */
export function possibleArguments(
  tuple: readonly number[],
  backend: TensorBackend,
): readonly (readonly number[])[] {
  if (!isFlushing(backend)) return [tuple]
  return tuple.reduce<readonly (readonly number[])[]>(
    (tuples, x) => {
      const forms = Math.abs(x) < LEAST_NORMAL ? [x, 0, -0] : [x]
      return tuples.flatMap((each) => forms.map((form) => [...each, form]))
    },
    [[]],
  )
}
