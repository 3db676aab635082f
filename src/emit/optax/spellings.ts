import type { Operator } from '../../operators/operator.ts'
import type { DefinedName, PrimitiveName } from '../../operators/table.ts'
import { binary, call, member, name, number, unary, type Code } from '../code.ts'
import type { Builder } from '../python/builder.ts'
import type { PreludeName as SharedName } from '../python/prelude-sources.ts'
import type { PreludeName as OwnName } from './prelude-sources.ts'

export type PreludeName = SharedName | OwnName

/** What a spelling can ask for beside its arguments. */
export interface JaxBuilder extends Builder {
  /** A name of jax.numpy. */
  jnp(member: string): Code
  /** A name of JAX. */
  jax(...path: readonly string[]): Code
  /** A constant or function of the prelude. */
  piece(called: PreludeName): Code
  /** The key of the draws of the operator with that name here. */
  drawKey(operator: string): Code
  /** The builder for an operator at that place of the program. */
  at(site: number): JaxBuilder
}

/** An argument of an operator. */
export interface JaxArgument {
  readonly code: Code
  /** Whether it may be a number of Python, which raises where arrays have what IEEE 754 says. */
  readonly isNumber: boolean
  /** Its value, where that is known. */
  readonly constant: number | undefined
}

/** An operator applied to its arguments, numbers or arrays. Each stands in the result once; only facts may repeat `w`. */
export type Form = (build: JaxBuilder, ...arguments_: JaxArgument[]) => Code

const codes = (arguments_: readonly JaxArgument[]): readonly Code[] =>
  arguments_.map(({ code }) => code)

/** A function of jax.numpy. */
const jnp =
  (called: string): Form =>
  (build, ...arguments_) =>
    call(build.jnp(called), ...codes(arguments_))

/** A function elsewhere in JAX. */
const jax =
  (...path: readonly string[]): Form =>
  (build, ...arguments_) =>
    call(build.jax(...path), ...codes(arguments_))

const prelude = (build: Builder, called: PreludeName, ...arguments_: readonly Code[]): Code =>
  build.prelude(called, ...arguments_)

const own =
  (called: PreludeName): Form =>
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
      ? call(build.jnp(called), left!.code, right!.code)
      : binary(operator, left!.code, right!.code)

/** Whether Python divides by it. */
const isUsable = ({ constant }: JaxArgument): boolean => constant !== undefined && constant !== 0

/** The smaller or larger of two, by JAX's own where no sign of zero can be lost. */
const extreme =
  (called: PreludeName & ('smaller' | 'larger'), ofJax: 'minimum' | 'maximum'): Form =>
  (build, a, b) =>
    [a!, b!].some(isUsable)
      ? call(build.jnp(ofJax), a!.code, b!.code)
      : prelude(build, called, a!.code, b!.code)

const smaller = extreme('smaller', 'minimum')
const larger = extreme('larger', 'maximum')

const along =
  (called: PreludeName, axes: PreludeName): Form =>
  (build, x) =>
    prelude(build, called, prelude(build, axes, name('w')), x!.code)

const dotAlong =
  (axes: PreludeName): Form =>
  (build, a, b) =>
    prelude(build, 'sum_over', prelude(build, axes, name('w')), binary('*', a!.code, b!.code))

const member_ =
  (path: string): Form =>
  (_, w) =>
    member(w!.code, path)

const draws =
  (called: PreludeName & ('dropout' | 'normal')): Form =>
  (build, ...arguments_) =>
    prelude(
      build,
      called,
      ...codes(arguments_),
      name('w'),
      build.drawKey(called),
      name('state', 'count'),
    )

const identity =
  (axis: PreludeName): Form =>
  (build) =>
    call(build.jnp('eye'), prelude(build, axis, name('w')), {
      kind: 'keyword',
      name: 'dtype',
      value: name('w', 'dtype'),
    })

const EPSILON = number(1e-7)
const ONE: JaxArgument = { code: number(1), isNumber: true, constant: 1 }

/** How each primitive is written for JAX, and what JAX has a better way for than its definition. */
export const spellings: Readonly<Record<PrimitiveName, Form> & Partial<Record<DefinedName, Form>>> =
  {
    add: infix('+'),
    subtract: infix('-'),
    multiply: infix('*'),
    divide: guarded('/', 'divide'),
    neg: (_, x) => unary('-', x!.code),
    power: (build, base, exponent) =>
      base!.isNumber && exponent!.isNumber
        ? call(build.jnp('power'), base!.code, exponent!.code)
        : binary('**', base!.code, exponent!.code),
    abs: jnp('abs'),
    sign: jnp('sign'),
    min: smaller,
    max: larger,
    square: jnp('square'),
    reciprocal: (build, x) => guarded('/', 'divide')(build, ONE, x!),
    floor: jnp('floor'),
    mod: own('remainder'),

    less: infix('<'),
    less_equal: infix('<='),
    greater: infix('>'),
    greater_equal: infix('>='),
    equal: infix('=='),
    not_equal: infix('!='),
    and: infix('&'),
    or: infix('|'),
    not: jnp('logical_not'),
    where: jnp('where'),

    sqrt: jnp('sqrt'),
    exp: jnp('exp'),
    log: jnp('log'),
    log1p: jnp('log1p'),
    expm1: jnp('expm1'),
    sigmoid: own('logistic'),
    softplus: own('soft_plus'),
    softsign: jax('nn', 'soft_sign'),
    tanh: jnp('tanh'),
    atan: jnp('arctan'),
    asinh: jnp('arcsinh'),
    erf: jax('scipy', 'special', 'erf'),
    erfc: jax('scipy', 'special', 'erfc'),
    bessel_i1e: jax('scipy', 'special', 'i1e'),
    sin: jnp('sin'),
    cos: jnp('cos'),
    relu: own('positive_part'),

    log_abs: (build, x) =>
      call(build.jnp('log'), binary('+', call(build.jnp('abs'), x!.code), EPSILON)),
    sqrt_abs: (build, x) => call(build.jnp('sqrt'), call(build.jnp('abs'), x!.code)),
    log_one_plus_exp: own('log_one_plus_exponential'),
    inverse_one_plus_abs: (build, x) =>
      binary('/', number(1), binary('+', number(1), call(build.jnp('abs'), x!.code))),
    safe_reciprocal: (build, x) =>
      guarded('/', 'divide')(build, ONE, { ...x!, code: binary('+', x!.code, EPSILON) }),
    negative_part: own('negative_part'),
    tanh_derivative: own('tanh_slope'),
    sigmoid_derivative: own('logistic_slope'),
    safe_divide: (build, a, b) =>
      guarded('/', 'divide')(build, a!, { ...b!, code: binary('+', b!.code, EPSILON) }),
    damp: (build, a, b) =>
      binary('/', a!.code, call(build.jnp('hypot'), number(1, '1.0'), b!.code)),
    blend: (_, a, b) =>
      binary('+', binary('*', number(0.95), a!.code), binary('*', number(0.05), b!.code)),
    abs_power: (build, a, b) => call(build.jnp('power'), call(build.jnp('abs'), a!.code), b!.code),
    clip: own('limited'),
    clip_between: (build, x, low, high) => {
      const inner = { code: larger(build, x!, low!), isNumber: false, constant: undefined }
      return smaller(build, inner, high!)
    },

    sum: jnp('sum'),
    mean: jnp('mean'),
    norm: own('norm'),
    max_abs: own('max_abs'),
    dot: (build, a, b) => call(build.jnp('sum'), binary('*', a!.code, b!.code)),
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

    rank: member_('ndim'),
    size: member_('size'),
    fan_in: own('fan_in'),
    fan_out: own('fan_out'),
    input_count: own('count_inputs'),
    output_count: own('count_outputs'),
    is_hidden: (_, w) =>
      binary('and', name('of_hidden'), binary('>=', member(w!.code, 'ndim'), number(2))),
    // Every array of a tree is updated on every step.
    steps: () => name('t'),

    dropout: draws('dropout'),
    normal: draws('normal'),

    matmul: own('product'),
    transpose: member_('T'),
    trace: jnp('trace'),
    eye_inputs: identity('count_inputs'),
    eye_outputs: identity('count_outputs'),
    inverse_root_within: (build, x, p) => prelude(build, 'inverse_root', x!.code, p!.code),
    eigenvectors_within: (build, x) => prelude(build, 'eigenvectors', x!.code),
    orthonormal: own('orthonormal'),
  }

/** What there is where a condition holds, else something else. */
export const chosen = (build: JaxBuilder, condition: Code, then: Code, otherwise: Code): Code =>
  call(build.jnp('where'), condition, then, otherwise)

const table: ReadonlyMap<string, Form> = new Map(Object.entries(spellings))

/** Whether the operator is written as itself; one that is not stands for its definition. */
export function isSpelled({ name: called }: Pick<Operator, 'name'>): boolean {
  return table.has(called)
}

/** The spelling of an operator that has one. Throws a RangeError for any other. */
export function spellingOf({ name: called }: Pick<Operator, 'name'>): Form {
  const found = table.get(called)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${called}`)
  return found
}
