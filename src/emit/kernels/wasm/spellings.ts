import type { Operator } from '../../../operators/operator.ts'
import type { DefinedName, NameOfKind, PrimitiveName } from '../../../operators/table.ts'
import { f32x4, v128 } from '../../../wasm/operations.ts'
import type { Vector } from '../../../wasm/tree.ts'
import { besselI1Scaled } from './functions/bessel.ts'
import { choose, larger, signOf, smaller } from './functions/floats.ts'
import { complementaryErrorFunction, errorFunction } from './functions/error.ts'
import {
  exponential,
  exponentialLess1,
  hyperbolicTangent,
  logistic,
  logisticDerivative,
  tangentDerivative,
} from './functions/exponential.ts'
import {
  inverseHyperbolicSine,
  logarithm,
  logarithmOf1Plus,
  logarithmOfSize,
  softPlus,
  softPlusGuarded,
} from './functions/logarithm.ts'
import { power } from './functions/power.ts'
import { normalOfWords, uniformOfWords } from './functions/random.ts'
import {
  euclideanNorm,
  largestSize,
  mean,
  scalarProduct,
  sum,
  type Reducer,
} from './functions/reduction.ts'
import { flooredRemainder } from './functions/remainder.ts'
import { arcTangent, cosine, sine } from './functions/trigonometric.ts'

/** What a spelling can ask for beside its arguments. */
export interface Builder {
  /** The random words that are drawn for the four elements. */
  words(): Vector
}

/** An operator applied to vectors of 32-bit floats; conditions are vectors of masks, all ones where they hold. */
export type Form = (build: Builder, ...arguments_: Vector[]) => Vector

/** The operators that work element by element. */
type ElementName = NameOfKind<'elementwise' | 'random'>

const unary =
  (instruction: (x: Vector) => Vector): Form =>
  (_, x) =>
    instruction(x!)

const binary =
  (instruction: (a: Vector, b: Vector) => Vector): Form =>
  (_, a, b) =>
    instruction(a!, b!)

const zero = f32x4.constant(0)
const one = f32x4.constant(1)

/**
 * How each primitive that works element by element is written in WebAssembly, and what has a definition but is faster or more
 * exact otherwise. Spellings are written out where
 * they stand: a function that a loop calls would build its constants anew for every vector, and take up to half as long again.
 */
export const spellings: Readonly<
  Record<PrimitiveName & ElementName, Form> & Partial<Record<DefinedName & ElementName, Form>>
> = {
  add: binary(f32x4.add),
  subtract: binary(f32x4.sub),
  multiply: binary(f32x4.mul),
  divide: binary(f32x4.div),
  neg: unary(f32x4.neg),
  power: binary(power),
  abs: unary(f32x4.abs),
  // A zero and NaN are not above 0 in size, and stay.
  sign: unary((x) => choose(f32x4.gt(f32x4.abs(x), zero), v128.or(signOf(x), one), x)),
  min: binary(smaller),
  max: binary(larger),
  floor: unary(f32x4.floor),
  mod: binary(flooredRemainder),

  less: binary(f32x4.lt),
  less_equal: binary(f32x4.le),
  greater: binary(f32x4.gt),
  greater_equal: binary(f32x4.ge),
  equal: binary(f32x4.eq),
  not_equal: binary(f32x4.ne),
  and: binary(v128.and),
  or: binary(v128.or),
  not: unary(v128.not),
  where: (_, condition, then, otherwise) => choose(condition!, then!, otherwise!),

  sqrt: unary(f32x4.sqrt),
  exp: unary(exponential),
  log: unary(logarithm),
  log1p: unary(logarithmOf1Plus),
  expm1: unary(exponentialLess1),
  sigmoid: unary(logistic),
  softplus: unary(softPlus),
  tanh: unary(hyperbolicTangent),
  atan: unary(arcTangent),
  asinh: unary(inverseHyperbolicSine),
  erf: unary(errorFunction),
  erfc: unary(complementaryErrorFunction),
  bessel_i1e: unary(besselI1Scaled),
  sin: unary(sine),
  cos: unary(cosine),

  log_abs: unary(logarithmOfSize),
  log_one_plus_exp: unary(softPlusGuarded),
  tanh_derivative: unary(tangentDerivative),
  sigmoid_derivative: unary(logisticDerivative),

  // Where the element is dropped all bits are cleared.
  dropout: (build, x, rate) =>
    v128.and(f32x4.div(x!, f32x4.sub(one, rate!)), f32x4.ge(uniformOfWords(build.words()), rate!)),
  normal: (build) => normalOfWords(build.words()),
}

/** The operators that make one number of many. */
type ReductionName = NameOfKind<'reduction'>

/** How reductions are accumulated, whichever axis they go along; those with a definition too, which sums in 64 bits are better than. */
export const reducers: Readonly<
  Record<PrimitiveName & ReductionName, Reducer> & Partial<Record<ReductionName, Reducer>>
> = {
  sum,
  mean,
  norm: euclideanNorm,
  max_abs: largestSize,
  dot: scalarProduct,
  sum_over_inputs: sum,
  sum_over_outputs: sum,
  mean_over_inputs: mean,
  mean_over_outputs: mean,
  norm_over_inputs: euclideanNorm,
  norm_over_outputs: euclideanNorm,
  max_abs_over_inputs: largestSize,
  max_abs_over_outputs: largestSize,
  dot_over_inputs: scalarProduct,
  dot_over_outputs: scalarProduct,
}

const table: ReadonlyMap<string, Form> = new Map(Object.entries(spellings))

/** Whether the operator is written as itself; one that is not stands for its definition. */
export function isSpelled({ name }: Pick<Operator, 'name'>): boolean {
  return table.has(name)
}

/** The spelling of an operator that has one. Throws a RangeError for any other. */
export function spellingOf({ name }: Pick<Operator, 'name'>): Form {
  const found = table.get(name)
  if (found === undefined) throw new RangeError(`no spelling of the operator ${name}`)
  return found
}

const reducerTable: ReadonlyMap<string, Reducer> = new Map(Object.entries(reducers))

/** How a reduction is accumulated. Throws a RangeError for what is none. */
export function reducerOf({ name }: Pick<Operator, 'name'>): Reducer {
  const found = reducerTable.get(name)
  if (found === undefined) throw new RangeError(`no reducer for the operator ${name}`)
  return found
}
