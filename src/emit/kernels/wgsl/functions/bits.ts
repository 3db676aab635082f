import { shaderFunction } from '../functions.ts'

/**
 * What WGSL may assume never to happen, NaN and infinities, is told by bits: an implementation may take a comparison of floats
 * for decided. Literals cannot be infinite or NaN either.
 */
export const isNotANumber = shaderFunction(`
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`)

/** The float of these bits, also where they are not finite: what a function returns is no constant that has to be. */
export const floatOf = shaderFunction(`
fn float_of(bits: u32) -> f32 {
  return bitcast<f32>(bits);
}`)

export const size = shaderFunction(`
fn size_of(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) & 0x7fffffffu);
}`)

export const negated = shaderFunction(`
fn negated(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) ^ 0x80000000u);
}`)

/** `x` with the sign of `sign`. */
export const withSign = shaderFunction(`
fn with_sign(x: f32, sign: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}`)

/** A whole number that grows with the float; the same for both zeros. */
const rank = shaderFunction(`
fn rank_of(x: f32) -> i32 {
  let size = bitcast<i32>(bitcast<u32>(x) & 0x7fffffffu);
  return select(size, -size, bitcast<u32>(x) >= 0x80000000u);
}`)

/** A whole number that grows with the float, less for -0 than for 0. */
const order = shaderFunction(`
fn order_of(x: f32) -> i32 {
  let bits = bitcast<i32>(x);
  return bits ^ ((bits >> 31u) & 0x7fffffff);
}`)

export const isLess = shaderFunction(
  `
fn is_less(a: f32, b: f32) -> bool {
  return rank_of(a) < rank_of(b) && !is_nan(a) && !is_nan(b);
}`,
  rank,
  isNotANumber,
)

export const isAtMost = shaderFunction(
  `
fn is_at_most(a: f32, b: f32) -> bool {
  return rank_of(a) <= rank_of(b) && !is_nan(a) && !is_nan(b);
}`,
  rank,
  isNotANumber,
)

export const isEqual = shaderFunction(
  `
fn is_equal(a: f32, b: f32) -> bool {
  return rank_of(a) == rank_of(b) && !is_nan(a);
}`,
  rank,
  isNotANumber,
)

export const smaller = shaderFunction(
  `
fn smaller_of(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  return select(b, a, order_of(a) < order_of(b) && !is_nan(b));
}`,
  order,
  isNotANumber,
)

export const larger = shaderFunction(
  `
fn larger_of(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  return select(b, a, order_of(a) > order_of(b) && !is_nan(b));
}`,
  order,
  isNotANumber,
)

/** A zero and NaN are not above 0 in size, and stay. */
export const sign = shaderFunction(
  `
fn sign_of(x: f32) -> f32 {
  return select(with_sign(1.0f, x), x, is_nan(x) || (bitcast<u32>(x) & 0x7fffffffu) == 0u);
}`,
  isNotANumber,
  withSign,
)

/** Floats below 1 in size by their signs, which counts for subnormal ones; those from 2^23 on are whole, or not finite. */
export const floored = shaderFunction(`
fn floor_of(x: f32) -> f32 {
  let size = bitcast<u32>(x) & 0x7fffffffu;
  if (size >= 0x4b000000u || size == 0u) { return x; }
  if (size < 0x3f800000u) { return select(0.0f, -1.0f, bitcast<u32>(x) >= 0x80000000u); }
  return floor(x);
}`)

/** The significand of the bits of a positive float, from 2^31 to 2^32: it is `significand_of(n) * 2^(exponent_of(n) - 158)`. */
export const significand = shaderFunction(`
fn significand_of(n: u32) -> u32 {
  return select(n << countLeadingZeros(n), (n << 8u) | 0x80000000u, n >= 0x800000u);
}`)

export const exponent = shaderFunction(`
fn exponent_of(n: u32) -> i32 {
  return select(9 - i32(countLeadingZeros(n)), i32(n >> 23u), n >= 0x800000u);
}`)

/**
 * The float next to `significand * 2^(exponent - 158)`, whose significand is at least 2^31, with the sign bit of `sign`; even
 * where two are as near. `more`: digits follow those of the significand.
 */
export const rounded = shaderFunction(
  `
fn rounded(sign: u32, significand: u32, more: bool, exponent: i32) -> f32 {
  let negative = sign & 0x80000000u;
  if (exponent > 254) { return float_of(negative | 0x7f800000u); }
  if (exponent < -23) { return float_of(negative); }
  let digits = significand >> 1u;
  let shift = u32(8 - min(exponent, 1));
  let kept = digits >> shift;
  let rest = digits & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  let is_above = rest > half || (rest == half && (more || ((significand | kept) & 1u) == 1u));
  let size = (u32(max(exponent, 1) - 1) << 23u) + kept + select(0u, 1u, is_above);
  return float_of(negative | size);
}`,
  floatOf,
)

/** `x * 2^k` for a float that is neither 0 nor subnormal, rounded once. */
export const scaled = shaderFunction(
  `
fn scaled(x: f32, k: i32) -> f32 {
  let bits = bitcast<u32>(x);
  let significand = (bits << 8u) | 0x80000000u;
  return rounded(bits, significand, false, i32((bits >> 23u) & 0xffu) + k);
}`,
  rounded,
)
