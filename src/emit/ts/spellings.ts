import type * as tensorflow from '@tensorflow/tfjs-core'
import type { Operator } from '../../operators/operator.ts'
import type { DefinedName, PrimitiveName } from '../../operators/table.ts'
import { binary, call, conditional, list, member, name, number, unary, type Code } from '../code.ts'
import type { PreludeName } from './prelude-sources.ts'

/** What a spelling can ask for beside its arguments. */
export interface Builder {
  /** A call of a function of the prelude, which the module then carries. */
  prelude(name: PreludeName, ...arguments_: readonly Code[]): Code
  /** What tells the stream of random numbers here from others. */
  stream(): Stream
}

/** Numbers that tell streams of random numbers apart: the seed, the place in the rule, the index of the parameter, the step. */
export type Stream = readonly [seed: Code, site: Code, parameter: Code, step: Code]

/** A builder with that stream, which tells `need` the functions of the prelude that it calls. */
export function createBuilder(
  stream: Stream,
  need: (name: PreludeName) => void = () => undefined,
): Builder {
  return {
    prelude: (called, ...arguments_) => {
      need(called)
      return call(called, ...arguments_)
    },
    stream: () => stream,
  }
}

/** For operators that draw nothing. */
export const noStream: Stream = [name('NaN'), name('NaN'), name('NaN'), name('NaN')]

/** An operator applied to its arguments. Each stands in the result once, since it may be long; only facts may repeat `w`. */
export type Form = (build: Builder, ...arguments_: Code[]) => Code

/** The names of a spelling's forms. */
export type FormName = 'scalar' | 'tensor' | 'byNumbers' | 'byConstants'

/** How TypeScript on tfjs-core writes one operator. */
export interface Spelling {
  /** In JavaScript numbers. */
  readonly scalar: Form
  /** In operations of tfjs; arguments may be plain numbers. */
  readonly tensor: Form
  /** On tensors where every argument but the first is one number of the host; `tensor` when absent. */
  readonly byNumbers?: Form
  /** Where those numbers are constants other than 0 and NaN; what it would be otherwise when absent. */
  readonly byConstants?: Form
  /** Where some of the forms give something else than the meaning, since a right one would be harder to read. */
  readonly exception?: SpellingException
}

/** Arguments at which some forms of a spelling are not held to the meaning. */
export interface SpellingException {
  readonly forms: readonly FormName[]
  readonly reason: string
  readonly holds: (...arguments_: readonly number[]) => boolean
}

/** ECMAScript keeps an older rule at these points, and so do JavaScript's `**` and the backends built on it. */
const oldPower: SpellingException = {
  forms: ['scalar', 'byNumbers'],
  reason: '1 to a power that is infinite or NaN, and -1 to an infinite one, are NaN in JavaScript',
  holds: (base, exponent) => Math.abs(base!) === 1 && !Number.isFinite(exponent!),
}

/** Backends that compute with 32 bits throughout, such as wasm, lose a large angle's place in the turn. */
const largeAngle: SpellingException = {
  forms: ['tensor'],
  reason: 'for angles above 100,000 the wasm backend gives any number in [-1, 1]',
  holds: (x) => Math.abs(x!) > 1e5,
}

type TensorFunction = keyof typeof tensorflow & string
type MathFunction = keyof typeof Math & string

const callTf = (called: TensorFunction, ...arguments_: readonly Code[]): Code =>
  call(name('tf', called), ...arguments_)

const callMath = (called: MathFunction, ...arguments_: readonly Code[]): Code =>
  call(name('Math', called), ...arguments_)

const tf =
  (called: TensorFunction): Form =>
  (_, ...arguments_) =>
    callTf(called, ...arguments_)

const math =
  (called: MathFunction): Form =>
  (_, ...arguments_) =>
    callMath(called, ...arguments_)

const prelude =
  (called: PreludeName): Form =>
  (build, ...arguments_) =>
    build.prelude(called, ...arguments_)

type AxesName = Extract<PreludeName, 'inputAxes' | 'outputAxes'>

/** A reduction over some of the axes of `w`, which keeps them with length 1. */
const along =
  (called: TensorFunction, axes: AxesName): Form =>
  (build, x) =>
    callTf(called, x!, build.prelude(axes, name('w')), name('true'))

const normAlong =
  (axes: AxesName): Form =>
  (build, x) =>
    build.prelude('tensorNorm', x!, build.prelude(axes, name('w')))

const infix =
  (operator: string): Form =>
  (_, left, right) =>
    binary(operator, left, right)

/** The same on numbers and on tensors: operators that are computed in one place only. */
const everywhere = (form: Form): Spelling => ({ scalar: form, tensor: form })

/** The number of elements of `w` over the length of a dimension, counted from the end; all of them where `w` has fewer than two. */
const fan = (dimension: number): Spelling =>
  everywhere((_, w) => {
    const length = call(member(member(w, 'shape'), 'at'), number(dimension))
    return conditional(
      binary('<', member(w, 'rank'), number(2)),
      member(w, 'size'),
      binary('/', member(w, 'size'), binary('??', length, number(1))),
    )
  })

const one = number(1)
const epsilon = number(1e-7)

/** How each primitive is written in TypeScript, and what TypeScript on tfjs-core knows a better way for than its definition. */
export const spellings: Readonly<
  Record<PrimitiveName, Spelling> & Partial<Record<DefinedName, Spelling>>
> = {
  add: { scalar: infix('+'), tensor: tf('add') },
  subtract: { scalar: infix('-'), tensor: tf('sub') },
  multiply: { scalar: infix('*'), tensor: tf('mul') },
  divide: { scalar: infix('/'), tensor: tf('div') },
  neg: { scalar: (_, x) => unary('-', x), tensor: tf('neg') },
  power: {
    scalar: infix('**'),
    tensor: prelude('tensorPower'),
    byNumbers: tf('pow'),
    exception: oldPower,
  },
  abs: { scalar: math('abs'), tensor: tf('abs') },
  sign: { scalar: math('sign'), tensor: prelude('tensorSign') },
  min: {
    scalar: math('min'),
    tensor: prelude('tensorMinimum'),
    byConstants: tf('minimum'),
  },
  max: {
    scalar: math('max'),
    tensor: prelude('tensorMaximum'),
    byConstants: tf('maximum'),
  },
  square: { scalar: (_, x) => binary('**', x, number(2)), tensor: tf('square') },
  reciprocal: { scalar: (_, x) => binary('/', one, x), tensor: tf('reciprocal') },
  floor: { scalar: math('floor'), tensor: tf('floor') },
  mod: { scalar: prelude('floorModulo'), tensor: prelude('tensorModulo') },

  less: { scalar: infix('<'), tensor: tf('less') },
  less_equal: { scalar: infix('<='), tensor: tf('lessEqual') },
  greater: { scalar: infix('>'), tensor: tf('greater') },
  greater_equal: { scalar: infix('>='), tensor: tf('greaterEqual') },
  equal: { scalar: infix('==='), tensor: tf('equal') },
  not_equal: { scalar: infix('!=='), tensor: tf('notEqual') },
  and: { scalar: infix('&&'), tensor: tf('logicalAnd') },
  or: { scalar: infix('||'), tensor: tf('logicalOr') },
  not: { scalar: (_, condition) => unary('!', condition), tensor: tf('logicalNot') },
  where: {
    scalar: (_, condition, then, otherwise) => conditional(condition, then, otherwise),
    tensor: prelude('tensorWhere'),
  },

  sqrt: { scalar: math('sqrt'), tensor: tf('sqrt') },
  exp: { scalar: math('exp'), tensor: tf('exp') },
  log: { scalar: math('log'), tensor: tf('log') },
  log1p: { scalar: math('log1p'), tensor: prelude('tensorLog1p') },
  expm1: { scalar: math('expm1'), tensor: tf('expm1') },
  sigmoid: {
    scalar: (_, x) => binary('/', one, binary('+', one, callMath('exp', unary('-', x)))),
    tensor: tf('sigmoid'),
  },
  softplus: { scalar: prelude('softplus'), tensor: prelude('tensorSoftplus') },
  softsign: { scalar: prelude('softsign'), tensor: prelude('tensorSoftsign') },
  tanh: { scalar: math('tanh'), tensor: tf('tanh') },
  atan: { scalar: math('atan'), tensor: tf('atan') },
  asinh: { scalar: math('asinh'), tensor: tf('asinh') },
  erf: { scalar: prelude('erf'), tensor: prelude('tensorErf') },
  erfc: { scalar: prelude('erfc'), tensor: prelude('tensorErfc') },
  bessel_i1e: { scalar: prelude('besselI1e'), tensor: prelude('tensorBesselI1e') },
  sin: { scalar: math('sin'), tensor: prelude('tensorSin'), exception: largeAngle },
  cos: { scalar: math('cos'), tensor: tf('cos'), exception: largeAngle },
  relu: {
    scalar: (_, x) => callMath('max', x, number(0)),
    tensor: (build, x) => build.prelude('tensorMaximum', x, number(0)),
  },

  log_abs: {
    scalar: (_, x) => callMath('log', binary('+', callMath('abs', x), epsilon)),
    tensor: prelude('tensorLogAbs'),
  },
  sqrt_abs: {
    scalar: (_, x) => callMath('sqrt', callMath('abs', x)),
    tensor: (_, x) => callTf('sqrt', callTf('abs', x)),
  },
  log_one_plus_exp: { scalar: prelude('logOnePlusExp'), tensor: prelude('tensorLogOnePlusExp') },
  inverse_one_plus_abs: {
    scalar: (_, x) => binary('/', one, binary('+', one, callMath('abs', x))),
    tensor: (_, x) => callTf('reciprocal', callTf('add', one, callTf('abs', x))),
  },
  safe_reciprocal: {
    scalar: (_, x) => binary('/', one, binary('+', x, epsilon)),
    tensor: (build, x) => callTf('reciprocal', build.prelude('tensorAddEpsilon', x)),
  },
  negative_part: {
    scalar: (_, x) => callMath('min', x, number(0)),
    tensor: (_, x) => callTf('minimum', x, number(0)),
  },
  tanh_derivative: {
    scalar: (_, x) => binary('-', one, binary('**', callMath('tanh', x), number(2))),
    tensor: prelude('tensorTanhDerivative'),
  },
  sigmoid_derivative: {
    scalar: prelude('sigmoidDerivative'),
    tensor: prelude('tensorSigmoidDerivative'),
  },
  safe_divide: {
    scalar: (_, a, b) => binary('/', a, binary('+', b, epsilon)),
    tensor: (build, a, b) => callTf('div', a, build.prelude('tensorAddEpsilon', b)),
    byNumbers: (_, a, b) => callTf('div', a, binary('+', b, epsilon)),
  },
  damp: {
    scalar: (_, a, b) => binary('/', a, callMath('hypot', one, b)),
    tensor: prelude('tensorDamp'),
    byNumbers: (_, a, b) => callTf('div', a, callMath('hypot', one, b)),
  },
  blend: {
    scalar: (_, a, b) => binary('+', binary('*', number(0.95), a), binary('*', number(0.05), b)),
    tensor: (_, a, b) =>
      callTf('add', callTf('mul', number(0.95), a), callTf('mul', number(0.05), b)),
  },
  abs_power: {
    scalar: (_, a, b) => binary('**', callMath('abs', a), b),
    tensor: (build, a, b) => build.prelude('tensorPower', callTf('abs', a), b),
    byNumbers: (_, a, b) => callTf('pow', callTf('abs', a), b),
    exception: oldPower,
  },
  clip: { scalar: prelude('clip'), tensor: prelude('tensorClip') },
  clip_between: {
    scalar: (_, x, low, high) => callMath('min', callMath('max', x, low), high),
    tensor: (build, x, low, high) =>
      build.prelude('tensorMinimum', build.prelude('tensorMaximum', x, low), high),
    byConstants: (_, x, low, high) => callTf('minimum', callTf('maximum', x, low), high),
  },

  sum: everywhere(tf('sum')),
  mean: everywhere(tf('mean')),
  norm: everywhere(prelude('tensorNorm')),
  max_abs: everywhere((_, x) => callTf('max', callTf('abs', x))),
  dot: everywhere((_, a, b) => callTf('sum', callTf('mul', a, b))),
  sum_over_inputs: everywhere(along('sum', 'inputAxes')),
  sum_over_outputs: everywhere(along('sum', 'outputAxes')),
  mean_over_inputs: everywhere(along('mean', 'inputAxes')),
  mean_over_outputs: everywhere(along('mean', 'outputAxes')),
  norm_over_inputs: everywhere(normAlong('inputAxes')),
  norm_over_outputs: everywhere(normAlong('outputAxes')),
  max_abs_over_inputs: everywhere((build, x) => along('max', 'inputAxes')(build, callTf('abs', x))),
  max_abs_over_outputs: everywhere((build, x) =>
    along('max', 'outputAxes')(build, callTf('abs', x)),
  ),
  dot_over_inputs: everywhere((build, a, b) =>
    along('sum', 'inputAxes')(build, callTf('mul', a, b)),
  ),
  dot_over_outputs: everywhere((build, a, b) =>
    along('sum', 'outputAxes')(build, callTf('mul', a, b)),
  ),

  rank: everywhere((_, w) => member(w, 'rank')),
  size: everywhere((_, w) => member(w, 'size')),
  fan_in: fan(-1),
  fan_out: fan(-2),
  input_count: everywhere(prelude('countInputs')),
  output_count: everywhere(prelude('countOutputs')),
  is_hidden: everywhere((build, w) =>
    build.prelude('isHidden', w, name('this', 'notHidden'), name('this', 'steps', 'seen')),
  ),
  steps: everywhere(() => name('updates')),

  dropout: everywhere((build, x, rate) =>
    build.prelude('dropout', x, rate, list(...build.stream())),
  ),
  normal: everywhere((build) => build.prelude('normal', name('w'), list(...build.stream()))),

  matmul: everywhere(tf('matMul')),
  transpose: everywhere(tf('transpose')),
  trace: everywhere(prelude('tensorTrace')),
  eye_inputs: everywhere((build) => callTf('eye', build.prelude('countInputs', name('w')))),
  eye_outputs: everywhere((build) => callTf('eye', build.prelude('countOutputs', name('w')))),
  inverse_root_within: everywhere((build, x, p) => build.prelude('tensorInverseRoot', x!, p!)),
  eigenvectors_within: everywhere((build, x) => build.prelude('tensorEigenvectors', x!)),
  orthonormal: everywhere(prelude('tensorOrthonormal')),
}

const table: ReadonlyMap<string, Spelling> = new Map(Object.entries(spellings))

/** Whether the operator is written as itself; one that is not stands for its definition. */
export function isSpelled({ name: called }: Pick<Operator, 'name'>): boolean {
  return table.has(called)
}

/** The spelling of an operator that has one. Throws a RangeError for any other. */
export function spellingOf({ name: called }: Pick<Operator, 'name'>): Spelling {
  const found = table.get(called)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${called}`)
  return found
}
