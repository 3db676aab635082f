import type { Operator } from '../../../operators/operator.ts'
import type { DefinedName, NameOfKind, PrimitiveName } from '../../../operators/table.ts'
import type { Builder, ShaderFunction } from './functions.ts'
import { difference, product, sum } from './functions/arithmetic.ts'
import { besselI1Scaled } from './functions/bessel.ts'
import {
  floored,
  isAtMost,
  isEqual,
  isLess,
  larger,
  negated,
  sign,
  size,
  smaller,
} from './functions/bits.ts'
import { flooredRemainder, quotient, root } from './functions/division.ts'
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
  softPlus,
} from './functions/logarithm.ts'
import { power } from './functions/power.ts'
import { dropped, normal } from './functions/random.ts'
import { arcTangent, cosine, sine } from './functions/trigonometric.ts'

/**
 * An operator applied to expressions of WGSL: `f32`, conditions `bool`. Each argument stands in the result once, and the result in
 * brackets or as a call, so that it can be an argument.
 */
export type Form = (build: Builder, ...arguments_: string[]) => string

/** The operators that work element by element. */
type ElementName = NameOfKind<'elementwise' | 'random'>

const infix =
  (operator: string): Form =>
  (_, a, b) =>
    `(${a} ${operator} ${b})`

const calling =
  (called: ShaderFunction): Form =>
  (build, ...arguments_) =>
    build.call(called, ...arguments_)

/** A call that is told the 0 which compilers do not know. */
const holding =
  (called: ShaderFunction): Form =>
  (build, a, b) =>
    build.call(called, a!, b!, build.zero())

/** A call with the arguments the other way round. */
const turned =
  (called: ShaderFunction): Form =>
  (build, a, b) =>
    build.call(called, b!, a!)

const not: Form = (_, condition) => `!(${condition})`

/**
 * How each primitive that works element by element is written in WGSL, and what has a definition but is shorter or more exact
 * otherwise. Sums, differences and products are WGSL's own, which rounds each of them but may take a subnormal number for 0. Quotients,
 * roots, remainders and comparisons are those of IEEE 754 on every implementation.
 */
export const spellings: Readonly<
  Record<PrimitiveName & ElementName, Form> & Partial<Record<DefinedName & ElementName, Form>>
> = {
  add: holding(sum),
  subtract: holding(difference),
  multiply: holding(product),
  divide: calling(quotient),
  neg: calling(negated),
  power: calling(power),
  abs: calling(size),
  sign: calling(sign),
  min: calling(smaller),
  max: calling(larger),
  floor: calling(floored),
  mod: calling(flooredRemainder),

  less: calling(isLess),
  less_equal: calling(isAtMost),
  greater: turned(isLess),
  greater_equal: turned(isAtMost),
  equal: calling(isEqual),
  not_equal: (build, ...arguments_) => not(build, build.call(isEqual, ...arguments_)),
  // Both sides are worked out: neither writes anything.
  and: infix('&'),
  or: infix('|'),
  not,
  where: (_, condition, then, otherwise) => `select(${otherwise}, ${then}, ${condition})`,

  sqrt: calling(root),
  exp: calling(exponential),
  log: calling(logarithm),
  log1p: calling(logarithmOf1Plus),
  expm1: calling(exponentialLess1),
  sigmoid: calling(logistic),
  softplus: calling(softPlus),
  tanh: calling(hyperbolicTangent),
  atan: calling(arcTangent),
  asinh: calling(inverseHyperbolicSine),
  erf: calling(errorFunction),
  erfc: calling(complementaryErrorFunction),
  bessel_i1e: calling(besselI1Scaled),
  sin: calling(sine),
  cos: calling(cosine),

  tanh_derivative: calling(tangentDerivative),
  sigmoid_derivative: calling(logisticDerivative),

  dropout: (build, x, rate) => build.call(dropped, build.word(), x!, rate!),
  normal: (build) => build.call(normal, build.word()),
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
