import type { DefinedName, PrimitiveName } from '../../../operators/table.ts'
import { binary, call, keyword, member, name, number, unary, type Code } from '../../code.ts'
import type { Builder } from '../builder.ts'
import type { PythonPiece } from '../piece.ts'
import type { ArrayBuilder } from './builder.ts'

/** Pieces that the prelude of every framework with functions of arrays has. */
export type ArrayPiece =
  | 'smaller'
  | 'larger'
  | 'remainder'
  | 'power_of'
  | 'logistic'
  | 'soft_plus'
  | 'positive_part'
  | 'negative_part'
  | 'log_one_plus_exponential'
  | 'tanh_slope'
  | 'logistic_slope'
  | 'limited'
  | 'norm'
  | 'max_abs'
  | 'sum_over'
  | 'mean_over'
  | 'norm_over'
  | 'max_abs_over'
  | 'input_axes'
  | 'output_axes'
  | 'fan_in'
  | 'fan_out'
  | 'count_inputs'
  | 'count_outputs'
  | 'filled'
  | 'spread'
  | 'as_matrix'
  | 'as_array'
  | 'product'
  | 'inverse_root'
  | 'eigenvectors'
  | 'orthonormal'
  | 'draw_key'
  | 'dropout'
  | 'normal'

/** A prelude that has them all. */
export type ArrayPrelude = Readonly<Record<ArrayPiece, PythonPiece>>

/** An argument of an operator. */
export interface ArrayArgument {
  readonly code: Code
  /** Whether it may be a number of Python, which raises where arrays have what IEEE 754 says. */
  readonly isNumber: boolean
  /** Whether it has the bits of a parameter, else those of numbers of the host. */
  readonly isTensor: boolean
  /** Its value, where that is known. */
  readonly constant: number | undefined
}

/** An operator applied to its arguments, numbers or arrays. Each stands in the result once; only facts may repeat `w`. */
export type Form<B extends ArrayBuilder = ArrayBuilder> = (
  build: B,
  ...arguments_: ArrayArgument[]
) => Code

const codes = (arguments_: readonly ArrayArgument[]): readonly Code[] =>
  arguments_.map(({ code }) => code)

/** A function of arrays. */
export const array =
  (called: string): Form =>
  (build, ...arguments_) =>
    call(build.array(called), ...codes(arguments_))

const prelude = (build: Builder, called: ArrayPiece, ...arguments_: readonly Code[]): Code =>
  build.prelude(called, ...arguments_)

/** A function of the prelude. */
export const own =
  (called: ArrayPiece): Form =>
  (build, ...arguments_) =>
    prelude(build, called, ...codes(arguments_))

const infix =
  (operator: string): Form =>
  (_, left, right) =>
    binary(operator, left!.code, right!.code)

/** An operator of arrays where one of the two is an array, else the function that makes arrays of numbers. */
const guarded =
  (operator: string, called: string): Form =>
  (build, left, right) =>
    left!.isNumber && right!.isNumber && !isUsable(right!)
      ? call(build.array(called), left!.code, right!.code)
      : binary(operator, left!.code, right!.code)

/** Whether Python divides by it. */
const isUsable = ({ constant }: ArrayArgument): boolean => constant !== undefined && constant !== 0

/** The smaller or larger of two, by the framework's own where no sign of zero can be lost. */
const extreme =
  (called: ArrayPiece & ('smaller' | 'larger'), ofArrays: 'minimum' | 'maximum'): Form =>
  (build, a, b) =>
    [a!, b!].some(isUsable)
      ? call(build.array(ofArrays), a!.code, b!.code)
      : prelude(build, called, a!.code, b!.code)

const smaller = extreme('smaller', 'minimum')
const larger = extreme('larger', 'maximum')

const along =
  (called: ArrayPiece, axes: ArrayPiece): Form =>
  (build, x) =>
    prelude(build, called, prelude(build, axes, name('w')), x!.code)

const dotAlong =
  (axes: ArrayPiece): Form =>
  (build, a, b) =>
    prelude(build, 'sum_over', prelude(build, axes, name('w')), binary('*', a!.code, b!.code))

const draws =
  (called: ArrayPiece & ('dropout' | 'normal')): Form =>
  (build, ...arguments_) =>
    prelude(build, called, ...codes(arguments_), name('w'), build.drawKey(called), build.drawStep)

const identity =
  (axis: ArrayPiece): Form =>
  (build) =>
    call(build.array('eye'), prelude(build, axis, name('w')), keyword('dtype', name('w', 'dtype')))

const EPSILON = number(1e-7)
const ONE: ArrayArgument = { code: number(1), isNumber: true, isTensor: false, constant: 1 }

type Common = Exclude<
  PrimitiveName,
  'sign' | 'softsign' | 'erf' | 'erfc' | 'bessel_i1e' | 'size' | 'is_hidden' | 'steps' | 'transpose'
>

/** What is written alike for every framework whose functions of arrays are called as NumPy's; where its prelude is an ArrayPrelude. */
export const arraySpellings: Readonly<Record<Common, Form> & Partial<Record<DefinedName, Form>>> = {
  add: infix('+'),
  subtract: infix('-'),
  multiply: infix('*'),
  divide: guarded('/', 'divide'),
  neg: (_, x) => unary('-', x!.code),
  power: (build, base, exponent) => {
    if (base!.isNumber && exponent!.isNumber)
      return call(build.array('power'), base!.code, exponent!.code)
    // Of a whole number there are products alone, which take subnormal numbers as others do.
    return base!.isTensor && !Number.isInteger(exponent!.constant)
      ? prelude(build, 'power_of', base!.code, exponent!.code)
      : binary('**', base!.code, exponent!.code)
  },
  abs: array('abs'),
  min: smaller,
  max: larger,
  square: array('square'),
  reciprocal: (build, x) => guarded('/', 'divide')(build, ONE, x!),
  floor: array('floor'),
  mod: own('remainder'),

  less: infix('<'),
  less_equal: infix('<='),
  greater: infix('>'),
  greater_equal: infix('>='),
  equal: infix('=='),
  not_equal: infix('!='),
  and: infix('&'),
  or: infix('|'),
  not: array('logical_not'),
  where: array('where'),

  sqrt: array('sqrt'),
  exp: array('exp'),
  log: array('log'),
  log1p: array('log1p'),
  expm1: array('expm1'),
  sigmoid: own('logistic'),
  softplus: own('soft_plus'),
  tanh: array('tanh'),
  atan: array('arctan'),
  asinh: array('arcsinh'),
  sin: array('sin'),
  cos: array('cos'),
  relu: own('positive_part'),

  log_abs: (build, x) =>
    call(build.array('log'), binary('+', call(build.array('abs'), x!.code), EPSILON)),
  sqrt_abs: (build, x) => call(build.array('sqrt'), call(build.array('abs'), x!.code)),
  log_one_plus_exp: own('log_one_plus_exponential'),
  inverse_one_plus_abs: (build, x) =>
    binary('/', number(1), binary('+', number(1), call(build.array('abs'), x!.code))),
  safe_reciprocal: (build, x) =>
    guarded('/', 'divide')(build, ONE, { ...x!, code: binary('+', x!.code, EPSILON) }),
  negative_part: own('negative_part'),
  tanh_derivative: own('tanh_slope'),
  sigmoid_derivative: own('logistic_slope'),
  safe_divide: (build, a, b) =>
    guarded('/', 'divide')(build, a!, { ...b!, code: binary('+', b!.code, EPSILON) }),
  damp: (build, a, b) =>
    binary('/', a!.code, call(build.array('hypot'), number(1, '1.0'), b!.code)),
  blend: (_, a, b) =>
    binary('+', binary('*', number(0.95), a!.code), binary('*', number(0.05), b!.code)),
  abs_power: (build, a, b) => {
    const size = call(build.array('abs'), a!.code)
    return a!.isTensor
      ? prelude(build, 'power_of', size, b!.code)
      : call(build.array('power'), size, b!.code)
  },
  clip: own('limited'),
  clip_between: (build, x, low, high) => {
    const inner = { ...x!, code: larger(build, x!, low!), isNumber: false, constant: undefined }
    return smaller(build, inner, high!)
  },

  sum: array('sum'),
  mean: array('mean'),
  norm: own('norm'),
  max_abs: own('max_abs'),
  dot: (build, a, b) => call(build.array('sum'), binary('*', a!.code, b!.code)),
  sum_over_inputs: along('sum_over', 'input_axes'),
  sum_over_outputs: along('sum_over', 'output_axes'),
  mean_over_inputs: along('mean_over', 'input_axes'),
  mean_over_outputs: along('mean_over', 'output_axes'),
  norm_over_inputs: along('norm_over', 'input_axes'),
  norm_over_outputs: along('norm_over', 'output_axes'),
  max_abs_over_inputs: along('max_abs_over', 'input_axes'),
  max_abs_over_outputs: along('max_abs_over', 'output_axes'),
  dot_over_inputs: dotAlong('input_axes'),
  dot_over_outputs: dotAlong('output_axes'),

  rank: (_, w) => member(w!.code, 'ndim'),
  fan_in: own('fan_in'),
  fan_out: own('fan_out'),
  input_count: own('count_inputs'),
  output_count: own('count_outputs'),

  dropout: draws('dropout'),
  normal: draws('normal'),

  matmul: own('product'),
  trace: array('trace'),
  eye_inputs: identity('count_inputs'),
  eye_outputs: identity('count_outputs'),
  inverse_root_within: (build, x, p) => prelude(build, 'inverse_root', x!.code, p!.code),
  eigenvectors_within: (build, x) => prelude(build, 'eigenvectors', x!.code),
  orthonormal: own('orthonormal'),
}
