import type { Interval } from '../../operators/interval.ts'
import type { NameOfKind } from '../../operators/table.ts'
import type { Operator } from '../../operators/operator.ts'
import { binary, call, conditional, number, unary, type Code } from '../code.ts'
import type { Builder } from './builder.ts'
import type { PreludeName } from './prelude-sources.ts'

/** An argument of an operator on Python's numbers, and what is known of it. */
export interface ScalarArgument {
  readonly code: Code
  readonly interval: Interval
}

/**
 * An operator on Python's numbers. Python raises where IEEE 754 has an infinity or NaN: where an argument or the `result` may be
 * such a point, a function of the prelude gives what IEEE 754 has.
 */
export type ScalarForm = (
  build: Builder,
  arguments_: readonly ScalarArgument[],
  result: Interval,
) => Code

const EPSILON = number(1e-7)
const ONE = number(1)
const ZERO = number(0)

/** The largest exponent for which Python's exp does not raise. */
const LARGEST_EXPONENT = 709

const isNumber = ({ nan }: Interval): boolean => !nan
const isFinite_ = ({ low, high, lowOpen, highOpen, nan }: Interval): boolean =>
  !nan && (low > -Infinity || lowOpen) && (high < Infinity || highOpen)
const isBounded = ({ low, high, nan }: Interval): boolean =>
  !nan && low > -Infinity && high < Infinity
const isAbove = (least: number, { low, lowOpen, nan }: Interval): boolean =>
  !nan && (low > least || (low === least && lowOpen))
const isAtLeast = (least: number, { low, nan }: Interval): boolean => !nan && low >= least
const leavesOut = (value: number, { low, high, lowOpen, highOpen }: Interval): boolean =>
  low > value || high < value || (low === value && lowOpen) || (high === value && highOpen)

const prelude = (build: Builder, called: PreludeName, ...arguments_: readonly Code[]): Code =>
  build.prelude(called, ...arguments_)

const infix =
  (operator: string): ScalarForm =>
  (_, [left, right]) =>
    binary(operator, left!.code, right!.code)

/** A function of the prelude. */
const own =
  (called: PreludeName): ScalarForm =>
  (build, arguments_) =>
    prelude(build, called, ...arguments_.map(({ code }) => code))

/** A function of Python's `math` that never raises. */
const math =
  (called: string): ScalarForm =>
  (build, [x]) =>
    call(build.math(called), x!.code)

/** A function of Python's `math` where it cannot raise, else one of the prelude. */
const mathWhere =
  (called: string, safe: (x: Interval) => boolean, otherwise: PreludeName): ScalarForm =>
  (build, [x], result) =>
    (safe(x!.interval) ? math(called) : own(otherwise))(build, [x!], result)

const quotient = (build: Builder, a: Code, b: Code, isSafe: boolean): Code =>
  isSafe ? binary('/', a, b) : prelude(build, 'divide', a, b)

const isAboveMinusEpsilon = ({ interval }: ScalarArgument): boolean => isAtLeast(0, interval)

/** The smaller or larger of two: Python's own keeps neither NaN nor the sign of zero. */
const extreme =
  (builtin: 'min' | 'max', called: PreludeName): ScalarForm =>
  (build, [a, b]) =>
    isNumber(a!.interval) && isNumber(b!.interval)
      ? call(builtin, a!.code, b!.code)
      : prelude(build, called, a!.code, b!.code)

const power = (
  build: Builder,
  base: ScalarArgument,
  exponent: ScalarArgument,
  result: Interval,
): Code => {
  const isDefined =
    isAbove(0, base.interval) || (isAtLeast(0, base.interval) && isAtLeast(0, exponent.interval))
  return isDefined && isBounded(result) && isNumber(exponent.interval)
    ? binary('**', base.code, exponent.code)
    : prelude(build, 'power', base.code, exponent.code)
}

/** How each operator on elements is written for Python's numbers, which have 64 bits. */
export const scalarSpellings: Readonly<Record<NameOfKind<'elementwise'>, ScalarForm>> = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  divide: (build, [a, b]) => quotient(build, a!.code, b!.code, leavesOut(0, b!.interval)),
  neg: (_, [x]) => unary('-', x!.code),
  power: (build, [base, exponent], result) => power(build, base!, exponent!, result),
  abs: (_, [x]) => call('abs', x!.code),
  sign: own('sign'),
  min: extreme('min', 'minimum'),
  max: extreme('max', 'maximum'),
  square: (build, [x], result) =>
    isBounded(result) ? binary('**', x!.code, number(2)) : prelude(build, 'square', x!.code),
  reciprocal: (build, [x]) => quotient(build, ONE, x!.code, leavesOut(0, x!.interval)),
  floor: mathWhere('floor', isFinite_, 'floor'),
  mod: (build, [a, b]) =>
    leavesOut(0, b!.interval)
      ? binary('%', a!.code, b!.code)
      : prelude(build, 'modulo', a!.code, b!.code),

  less: infix('<'),
  less_equal: infix('<='),
  greater: infix('>'),
  greater_equal: infix('>='),
  equal: infix('=='),
  not_equal: infix('!='),
  and: infix('and'),
  or: infix('or'),
  not: (_, [condition]) => unary('not ', condition!.code),
  where: (_, [condition, then, otherwise]) =>
    conditional(condition!.code, then!.code, otherwise!.code),

  sqrt: mathWhere('sqrt', (x) => isAtLeast(0, x), 'square_root'),
  exp: mathWhere('exp', ({ high }) => high < LARGEST_EXPONENT, 'exponential'),
  log: mathWhere('log', (x) => isAbove(0, x), 'logarithm'),
  log1p: mathWhere('log1p', (x) => isAbove(-1, x), 'logarithm_1p'),
  expm1: mathWhere('expm1', ({ high }) => high < LARGEST_EXPONENT, 'exponential_m1'),
  sigmoid: own('sigmoid'),
  softplus: own('softplus'),
  softsign: own('softsign'),
  tanh: math('tanh'),
  atan: math('atan'),
  asinh: math('asinh'),
  erf: math('erf'),
  erfc: math('erfc'),
  bessel_i1e: own('bessel_i1e'),
  sin: mathWhere('sin', isFinite_, 'sine'),
  cos: mathWhere('cos', isFinite_, 'cosine'),
  relu: (build, [x], result) => extreme('max', 'maximum')(build, [x!, zero], result),

  log_abs: (build, [x]) => call(build.math('log'), binary('+', call('abs', x!.code), EPSILON)),
  sqrt_abs: (build, [x]) => call(build.math('sqrt'), call('abs', x!.code)),
  log_one_plus_exp: own('log_one_plus_exp'),
  inverse_one_plus_abs: (_, [x]) => binary('/', ONE, binary('+', ONE, call('abs', x!.code))),
  safe_reciprocal: (build, [x]) =>
    quotient(build, ONE, binary('+', x!.code, EPSILON), isAboveMinusEpsilon(x!)),
  negative_part: (build, [x], result) => extreme('min', 'minimum')(build, [x!, zero], result),
  tanh_derivative: (build, [x]) =>
    binary('-', ONE, binary('**', call(build.math('tanh'), x!.code), number(2))),
  sigmoid_derivative: own('sigmoid_derivative'),
  safe_divide: (build, [a, b]) =>
    quotient(build, a!.code, binary('+', b!.code, EPSILON), isAboveMinusEpsilon(b!)),
  damp: (build, [a, b]) => binary('/', a!.code, call(build.math('hypot'), ONE, b!.code)),
  blend: (_, [a, b]) =>
    binary('+', binary('*', number(0.95), a!.code), binary('*', number(0.05), b!.code)),
  abs_power: (build, [a, b]) => prelude(build, 'power', call('abs', a!.code), b!.code),
  clip: own('clip'),
  clip_between: (build, [x, low, high]) =>
    [x, low, high].every((each) => isNumber(each!.interval))
      ? call('min', call('max', x!.code, low!.code), high!.code)
      : prelude(build, 'minimum', prelude(build, 'maximum', x!.code, low!.code), high!.code),
}

const zero: ScalarArgument = {
  code: ZERO,
  interval: { low: 0, high: 0, lowOpen: false, highOpen: false, nan: false },
}

/** The smaller of two numbers that are no NaN. */
export const least = (a: Code, b: Code): Code => call('min', a, b)

const table: ReadonlyMap<string, ScalarForm> = new Map(Object.entries(scalarSpellings))

/** How an operator on elements is written for Python's numbers. Throws a RangeError for any other. */
export function scalarSpelling({ name }: Pick<Operator, 'name'>): ScalarForm {
  const found = table.get(name)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${name}`)
  return found
}
