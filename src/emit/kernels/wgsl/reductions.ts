import type { Operator } from '../../../operators/operator.ts'
import type { NameOfKind, PrimitiveName } from '../../../operators/table.ts'
import { literal, shaderFunction, type ShaderFunction } from './functions.ts'
import { difference, sum as heldSum } from './functions/arithmetic.ts'
import { floatOf } from './functions/bits.ts'
import { quotient, root } from './functions/division.ts'

/** How elements are accumulated to one number. */
export interface Reduction {
  /** The type of WGSL of what is accumulated. */
  readonly type: string
  /** An expression: no elements. */
  readonly empty: string
  /** Takes the accumulated, an element of each argument, and a u32 that is 0 without the compiler's knowing. */
  readonly add: ShaderFunction
  /** Makes one of two, and takes that 0 too. */
  readonly merge: ShaderFunction
  /** The 32-bit float of the accumulated and the number of elements, a u32. */
  readonly finish: ShaderFunction
}

/** The sum of two floats (x), and what it is rounded by (y); NaN where the sum is not finite. */
const twoSum = shaderFunction(
  `
fn two_sum(a: f32, b: f32, zero: u32) -> vec2f {
  let sum = sum_of(a, b, zero);
  let above = difference_of(sum, a, zero);
  return vec2f(sum, (a - difference_of(sum, above, zero)) + (b - above));
}`,
  heldSum,
  difference,
)

const isFinite = shaderFunction(`
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}`)

const addToSum = shaderFunction(
  `
fn add_to_sum(sum: vec2f, x: f32, zero: u32) -> vec2f {
  let next = two_sum(sum.x, x, zero);
  return vec2f(next.x, sum.y + next.y);
}`,
  twoSum,
)

const mergeSums = shaderFunction(
  `
fn merge_sums(a: vec2f, b: vec2f, zero: u32) -> vec2f {
  let next = two_sum(a.x, b.x, zero);
  return vec2f(next.x, (a.y + b.y) + next.y);
}`,
  twoSum,
)

/** The float of a sum and what it was rounded by, which does not count where the sum is not finite. */
const sumOfParts = shaderFunction(
  `
fn sum_of_parts(sum: f32, rest: f32) -> f32 {
  return select(sum, sum + rest, is_finite(sum));
}`,
  isFinite,
)

/** A sum and what all roundings have taken from it. */
const compensated = {
  type: 'vec2f',
  empty: 'vec2f()',
  add: addToSum,
  merge: mergeSums,
} as const

/** The sum of x. */
export const sum: Reduction = {
  ...compensated,
  finish: shaderFunction(
    `
fn finish_sum(sum: vec2f, count: u32) -> f32 {
  return sum_of_parts(sum.x, sum.y);
}`,
    sumOfParts,
  ),
}

/** The mean of x. */
export const mean: Reduction = {
  ...compensated,
  finish: shaderFunction(
    `
fn finish_mean(sum: vec2f, count: u32) -> f32 {
  return quotient_of(sum_of_parts(sum.x, sum.y), f32(count));
}`,
    sumOfParts,
    quotient,
  ),
}

/** The sum of the products of a and b. */
export const scalarProduct: Reduction = {
  ...sum,
  add: shaderFunction(
    `
fn add_product(sum: vec2f, a: f32, b: f32, zero: u32) -> vec2f {
  return add_to_sum(sum, a * b, zero);
}`,
    addToSum,
  ),
}

/** The least unit of squares, 2^-102, as a float and its bits. */
const LEAST_UNIT = 2 ** -102

/** The accumulated squares in another unit, at least as large as theirs. */
const squaresIn = shaderFunction(`
fn squares_in(squares: vec3f, unit: f32) -> vec3f {
  let ratio = squares.x * bitcast<f32>(0x7f000000u - bitcast<u32>(unit));
  return vec3f(unit, squares.y * ratio * ratio, squares.z * ratio * ratio);
}`)

/** The root of the sum of the squares of x: of the squares over that of a power of 2 (x), near the largest size of an element. */
export const euclideanNorm: Reduction = {
  type: 'vec3f',
  empty: `vec3f(${literal(LEAST_UNIT)}, 0.0f, 0.0f)`,
  add: shaderFunction(
    `
fn add_square(squares: vec3f, x: f32, zero: u32) -> vec3f {
  let power = clamp(bitcast<u32>(x) & 0x7f800000u, bitcast<u32>(squares.x), 0x7e000000u);
  let own = squares_in(squares, bitcast<f32>(power));
  let part = x * bitcast<f32>(0x7f000000u - power);
  let next = two_sum(own.y, part * part, zero);
  return vec3f(own.x, next.x, own.z + next.y);
}`,
    squaresIn,
    twoSum,
  ),
  merge: shaderFunction(
    `
fn merge_squares(a: vec3f, b: vec3f, zero: u32) -> vec3f {
  let unit = max(a.x, b.x);
  let first = squares_in(a, unit);
  let second = squares_in(b, unit);
  return vec3f(unit, merge_sums(first.yz, second.yz, zero));
}`,
    squaresIn,
    mergeSums,
  ),
  finish: shaderFunction(
    `
fn finish_norm(squares: vec3f, count: u32) -> f32 {
  return squares.x * root_of(sum_of_parts(squares.y, squares.z));
}`,
    sumOfParts,
    root,
  ),
}

/** The largest size. Sizes of floats have the order of their bits, with NaN above all numbers. */
export const largestSize: Reduction = {
  type: 'u32',
  empty: '0u',
  add: shaderFunction(`
fn add_size(largest: u32, x: f32, zero: u32) -> u32 {
  return max(largest, bitcast<u32>(x) & 0x7fffffffu);
}`),
  merge: shaderFunction(`
fn merge_sizes(a: u32, b: u32, zero: u32) -> u32 {
  return max(a, b);
}`),
  finish: shaderFunction(
    `
fn finish_size(largest: u32, count: u32) -> f32 {
  return float_of(largest);
}`,
    floatOf,
  ),
}

/** The operators that make one number of many. */
type ReductionName = NameOfKind<'reduction'>

/** How reductions are accumulated, whichever axis they go along; those with a definition too, whose parts could overflow. */
export const reductions: Readonly<
  Record<PrimitiveName & ReductionName, Reduction> & Partial<Record<ReductionName, Reduction>>
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

const table: ReadonlyMap<string, Reduction> = new Map(Object.entries(reductions))

/** How a reduction is accumulated. Throws a RangeError for what is none. */
export function reductionOf({ name }: Pick<Operator, 'name'>): Reduction {
  const found = table.get(name)
  if (found === undefined) throw new RangeError(`no reduction for the operator ${name}`)
  return found
}

/**
 * The declaration of `NAME_partial`: what all invocations of a workgroup of `size`, a power of 2, have accumulated, in each of them.
 * Takes what the invocation has accumulated, its index in the workgroup, and the 0; all invocations have to call it. Always merged
 * in one order, so that equal runs give equal numbers.
 */
export function partial(name: string, { type, merge }: Reduction, size: number): ShaderFunction {
  if (!Number.isInteger(Math.log2(size))) throw new RangeError(`a workgroup of ${size}`)
  return {
    name: `${name}_partial`,
    text: `var<workgroup> ${name}_lanes: array<${type}, ${size}>;

fn ${name}_partial(own: ${type}, lane: u32, zero: u32) -> ${type} {
  ${name}_lanes[lane] = own;
  for (var width = ${size / 2}u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      ${name}_lanes[lane] = ${merge.name}(${name}_lanes[lane], ${name}_lanes[lane + width], zero);
    }
  }
  return workgroupUniformLoad(&${name}_lanes[0]);
}`,
    needs: [merge],
  }
}

/**
 * The declaration of `NAME_finish`: the number of all elements, from what the workgroups of a pass have left in the array
 * `partials` of the shader. Takes how many they are, the number of elements, the invocation's index in its workgroup, and the
 * 0; one workgroup has to call it, of `size` as in {@link partial}.
 */
export function finish(
  name: string,
  reduction: Reduction,
  size: number,
  partials: string,
): ShaderFunction {
  const { type, empty, merge, finish: last } = reduction
  const all = partial(name, reduction, size)
  return {
    name: `${name}_finish`,
    text: `fn ${name}_finish(partial_count: u32, count: u32, lane: u32, zero: u32) -> f32 {
  var own: ${type} = ${empty};
  for (var at = lane; at < partial_count; at += ${size}u) {
    own = ${merge.name}(own, ${partials}[at], zero);
  }
  return ${last.name}(${all.name}(own, lane, zero), count);
}`,
    needs: [all, merge, last],
  }
}
