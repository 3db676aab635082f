import type { Operator } from '../../operators/operator.ts'
import type { DefinedName, PrimitiveName } from '../../operators/table.ts'
import { binary, call, item, keyword, member, name, number, unary, type Code } from '../code.ts'
import type { Builder } from '../python/builder.ts'
import type { PreludeName as SharedName } from '../python/prelude-sources.ts'
import type { PreludeName as OwnName } from './prelude-sources.ts'

export type PreludeName = SharedName | OwnName

/** What a spelling can ask for beside its arguments. */
export interface TorchBuilder extends Builder {
  /** A name of PyTorch. */
  torch(member: string): Code
  /** The key of the draws of the operator with that name here. */
  drawKey(operator: string): Code
  /** The builder for an operator at that place of the program. */
  at(site: number): TorchBuilder
}

/** An argument of an operator on tensors. */
export interface TensorArgument {
  readonly code: Code
  /** Whether it is a tensor and no number of Python. */
  readonly isTensor: boolean
  /** Whether it is a tensor as large as the result that nothing else reads: the result may be put there. */
  readonly isSpent: boolean
  /** Its value, where that is known. */
  readonly constant: number | undefined
}

/** An operator applied to its arguments. Each stands in the result once; only facts may repeat `w`. */
export type TensorForm = (build: TorchBuilder, ...arguments_: TensorArgument[]) => Code

/** How PyTorch writes one operator. */
export interface Spelling {
  readonly form: TensorForm
  /** Whether the form means the same, to the bit, of many tensors at once. */
  readonly takesLists?: true
  /** Whether the result shares its numbers with the argument. */
  readonly isView?: true
}

const method = (object: Code, called: string, ...arguments_: readonly Code[]): Code =>
  call(member(object, called), ...arguments_)

const prelude = (build: Builder, called: PreludeName, ...arguments_: readonly Code[]): Code =>
  build.prelude(called, ...arguments_)

/** A method of a tensor, in its place where it is spent. */
const of =
  (called: string): TensorForm =>
  (_, x) =>
    method(x!.code, x!.isSpent ? `${called}_` : called)

const listed = (called: string): Spelling => ({ form: of(called), takesLists: true })

const own =
  (called: PreludeName): TensorForm =>
  (build, ...arguments_) =>
    prelude(build, called, ...arguments_.map(({ code }) => code))

/** A function of PyTorch whose 32 bits are not close enough. */
const exactly =
  (called: string, module = 'torch'): TensorForm =>
  (build, x) =>
    prelude(
      build,
      'exactly',
      module === 'torch' ? build.torch(called) : member(build.torch(module), called),
      x!.code,
    )

const infix =
  (operator: string): TensorForm =>
  (_, left, right) =>
    binary(operator, left!.code, right!.code)

/** An operator that may be worked out in the place of its first argument, or if the order does not matter of its second. */
const inPlace =
  (operator: string, called: string, commutes: boolean): TensorForm =>
  (_, left, right) => {
    if (left!.isSpent) return method(left!.code, called, right!.code)
    if (commutes && right!.isSpent) return method(right!.code, called, left!.code)
    return binary(operator, left!.code, right!.code)
  }

/** The smaller or larger of two, by PyTorch's own where no sign of zero can be lost. */
const extreme =
  (called: PreludeName, side: 'min' | 'max'): TensorForm =>
  (build, a, b) =>
    a!.isTensor && b!.constant !== undefined && Math.abs(b!.constant) > 0
      ? method(a!.code, a!.isSpent ? 'clamp_' : 'clamp', keyword(side, b!.code))
      : prelude(build, called, a!.code, b!.code)

const along =
  (called: PreludeName, axes: PreludeName): TensorForm =>
  (build, x) =>
    prelude(build, called, prelude(build, axes, name('w')), x!.code)

const dotAlong =
  (axes: PreludeName): TensorForm =>
  (build, a, b) =>
    prelude(build, 'sum_over', prelude(build, axes, name('w')), binary('*', a!.code, b!.code))

const member_ =
  (path: string): TensorForm =>
  (_, w) =>
    member(w!.code, path)

const draws =
  (called: PreludeName & ('dropout' | 'normal')): TensorForm =>
  (build, ...arguments_) =>
    prelude(
      build,
      called,
      ...arguments_.map(({ code }) => code),
      name('w'),
      build.drawKey(called),
      name('t'),
    )

const EPSILON = number(1e-7)

/** How each primitive is written for PyTorch, and what PyTorch has a better way for than its definition. */
export const spellings: Readonly<
  Record<PrimitiveName, Spelling> & Partial<Record<DefinedName, Spelling>>
> = {
  add: { form: inPlace('+', 'add_', true), takesLists: true },
  subtract: { form: inPlace('-', 'sub_', false), takesLists: true },
  multiply: { form: inPlace('*', 'mul_', true), takesLists: true },
  divide: { form: inPlace('/', 'div_', false), takesLists: true },
  neg: {
    form: (_, x) => (x!.isSpent ? method(x!.code, 'neg_') : unary('-', x!.code)),
    takesLists: true,
  },
  power: { form: own('tensor_power') },
  abs: listed('abs'),
  sign: { form: own('tensor_sign') },
  min: { form: extreme('tensor_minimum', 'max') },
  max: { form: extreme('tensor_maximum', 'min') },
  square: listed('square'),
  reciprocal: listed('reciprocal'),
  floor: { form: of('floor') },
  mod: { form: own('tensor_modulo') },

  less: { form: infix('<') },
  less_equal: { form: infix('<=') },
  greater: { form: infix('>') },
  greater_equal: { form: infix('>=') },
  equal: { form: infix('==') },
  not_equal: { form: infix('!=') },
  and: { form: infix('&') },
  or: { form: infix('|') },
  not: { form: (_, condition) => unary('~', condition!.code) },
  where: {
    form: (build, condition, then, otherwise) =>
      call(build.torch('where'), condition!.code, then!.code, otherwise!.code),
  },

  sqrt: listed('sqrt'),
  exp: { form: of('exp') },
  log: { form: of('log') },
  log1p: { form: of('log1p') },
  expm1: { form: of('expm1') },
  sigmoid: { form: own('tensor_sigmoid') },
  softplus: { form: own('tensor_softplus') },
  softsign: { form: own('tensor_softsign') },
  tanh: { form: of('tanh') },
  atan: { form: of('atan') },
  asinh: { form: exactly('asinh') },
  erf: { form: exactly('erf') },
  erfc: { form: exactly('erfc') },
  bessel_i1e: { form: exactly('i1e', 'special') },
  sin: { form: of('sin') },
  cos: { form: of('cos') },
  relu: { form: own('tensor_relu') },

  log_abs: { form: own('tensor_log_abs') },
  sqrt_abs: {
    form: (_, x) => method(method(x!.code, x!.isSpent ? 'abs_' : 'abs'), 'sqrt_'),
    takesLists: true,
  },
  log_one_plus_exp: { form: own('tensor_log_one_plus_exp') },
  inverse_one_plus_abs: {
    form: (_, x) =>
      method(
        method(method(x!.code, x!.isSpent ? 'abs_' : 'abs'), 'add_', number(1)),
        'reciprocal_',
      ),
    takesLists: true,
  },
  safe_reciprocal: {
    form: (build, x) => method(prelude(build, 'tensor_add_epsilon', x!.code), 'reciprocal_'),
  },
  negative_part: { form: own('tensor_negative_part') },
  tanh_derivative: { form: own('tensor_tanh_derivative') },
  sigmoid_derivative: { form: own('tensor_sigmoid_derivative') },
  safe_divide: {
    form: (build, a, b) =>
      binary(
        '/',
        a!.code,
        b!.isTensor ? prelude(build, 'tensor_add_epsilon', b!.code) : binary('+', b!.code, EPSILON),
      ),
  },
  damp: { form: own('tensor_damp') },
  blend: {
    form: (_, a, b) =>
      binary('+', binary('*', number(0.95), a!.code), binary('*', number(0.05), b!.code)),
    takesLists: true,
  },
  abs_power: {
    form: (build, a, b) => prelude(build, 'tensor_power', call(name('abs'), a!.code), b!.code),
  },
  clip: { form: own('tensor_clip') },
  clip_between: {
    form: (build, x, low, high) => {
      const inner = {
        code: extreme('tensor_maximum', 'min')(build, x!, low!),
        isTensor: true,
        isSpent: x!.isTensor,
        constant: undefined,
      }
      return extreme('tensor_minimum', 'max')(build, inner, high!)
    },
  },

  sum: { form: (_, x) => method(x!.code, 'sum') },
  mean: { form: (_, x) => method(x!.code, 'mean') },
  norm: { form: own('norm') },
  max_abs: { form: (_, x) => method(method(x!.code, 'abs'), 'amax') },
  dot: { form: (_, a, b) => method(binary('*', a!.code, b!.code), 'sum') },
  sum_over_inputs: { form: along('sum_over', 'input_axes') },
  sum_over_outputs: { form: along('sum_over', 'output_axes') },
  mean_over_inputs: { form: along('mean_over', 'input_axes') },
  mean_over_outputs: { form: along('mean_over', 'output_axes') },
  norm_over_inputs: { form: along('norm_over', 'input_axes') },
  norm_over_outputs: { form: along('norm_over', 'output_axes') },
  max_abs_over_inputs: { form: along('max_abs_over', 'input_axes') },
  max_abs_over_outputs: { form: along('max_abs_over', 'output_axes') },
  dot_over_inputs: { form: dotAlong('input_axes') },
  dot_over_outputs: { form: dotAlong('output_axes') },

  rank: { form: member_('ndim'), takesLists: true },
  size: { form: (_, w) => method(w!.code, 'numel'), takesLists: true },
  fan_in: { form: own('fan_in') },
  fan_out: { form: own('fan_out') },
  input_count: { form: own('count_inputs') },
  output_count: { form: own('count_outputs') },
  is_hidden: {
    form: (_, w) =>
      binary(
        'and',
        member(name('slot'), 'is_hidden'),
        binary('>=', member(w!.code, 'ndim'), number(2)),
      ),
  },
  steps: { form: () => member(name('slot'), 'updates') },

  dropout: { form: draws('dropout') },
  normal: { form: draws('normal') },

  matmul: { form: infix('@') },
  transpose: { form: (_, x) => member(x!.code, 'mT'), isView: true },
  trace: { form: (_, x) => method(x!.code, 'trace') },
  eye_inputs: {
    form: (build) =>
      prelude(build, 'identity', prelude(build, 'count_inputs', name('w')), name('w')),
  },
  eye_outputs: {
    form: (build) =>
      prelude(build, 'identity', prelude(build, 'count_outputs', name('w')), name('w')),
  },
  inverse_root_within: { form: (build, x, p) => prelude(build, 'inverse_root', x!.code, p!.code) },
  eigenvectors_within: { form: (build, x) => prelude(build, 'eigenvectors', x!.code) },
  orthonormal: { form: own('orthonormal') },
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

/** The value under a key of what a step is told of a parameter. */
export function stateItem(key: string): Code {
  return item(member(name('slot'), 'state'), { kind: 'name', name: JSON.stringify(key) })
}
