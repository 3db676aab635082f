import { literal, shaderFunction } from '../functions.ts'
import { exponent, floatOf, isNotANumber, rounded, significand } from './bits.ts'

/** A quotient that may be some units off, as WGSL's is: 2.5 where the divisor is no extreme number. */
export const roughQuotient = shaderFunction(`
fn rough_quotient(a: f32, b: f32) -> f32 {
  return a / b;
}`)

/** A square root that may be some units off. */
export const roughRoot = shaderFunction(`
fn rough_root(x: f32) -> f32 {
  return sqrt(x);
}`)

/**
 * The quotient as IEEE 754 rounds it, subnormal ones too. What a rough quotient of the significands leaves over is small, so
 * that 32 bits hold it, whatever the product of quotient and divisor overflows by.
 */
export const quotient = shaderFunction(
  `
fn quotient_of(a: f32, b: f32) -> f32 {
  let sign = bitcast<u32>(a) ^ bitcast<u32>(b);
  let n = bitcast<u32>(a) & 0x7fffffffu;
  let d = bitcast<u32>(b) & 0x7fffffffu;
  if (max(n, d) >= 0x7f800000u || min(n, d) == 0u) {
    if (is_nan(a)) { return a; }
    if (is_nan(b)) { return b; }
    if (n == d) { return float_of(0x7fc00000u); }
    return float_of((sign & 0x80000000u) | select(0u, 0x7f800000u, n > d));
  }
  let divisor = significand_of(d) >> 8u;
  let whole = significand_of(n) >> 8u;
  let is_below = whole < divisor;
  let dividend = select(whole, whole << 1u, is_below);
  var q = u32(rough_quotient(f32(dividend), f32(divisor)) * ${literal(2 ** 24)});
  var rest = bitcast<i32>((dividend << 24u) - q * divisor);
  let step = i32(floor(rough_quotient(f32(rest), f32(divisor))));
  q += bitcast<u32>(step);
  rest -= step * bitcast<i32>(divisor);
  if (rest < 0) {
    q -= 1u;
    rest += bitcast<i32>(divisor);
  } else if (rest >= bitcast<i32>(divisor)) {
    q += 1u;
    rest -= bitcast<i32>(divisor);
  }
  let power = exponent_of(n) - exponent_of(d) + select(127, 126, is_below);
  return rounded(sign, q << 7u, rest != 0, power);
}`,
  isNotANumber,
  floatOf,
  significand,
  exponent,
  roughQuotient,
  rounded,
)

/** The square root as IEEE 754 rounds it, by the same way. */
export const root = shaderFunction(
  `
fn root_of(x: f32) -> f32 {
  let n = bitcast<u32>(x);
  if ((n & 0x7fffffffu) == 0u || n == 0x7f800000u || is_nan(x)) { return x; }
  if (n >= 0x80000000u) { return float_of(0x7fc00000u); }
  let power = exponent_of(n) - 127;
  let radicand = (significand_of(n) >> 8u) << u32(power & 1);
  var q = u32(rough_root(f32(radicand) * ${literal(2 ** -23)}) * ${literal(2 ** 24)});
  var rest = bitcast<i32>((radicand << 25u) - q * q);
  let step = i32(floor(rough_quotient(f32(rest), f32(2u * q))));
  rest -= step * (2 * bitcast<i32>(q) + step);
  q += bitcast<u32>(step);
  if (rest < 0) {
    q -= 1u;
    rest += 2 * bitcast<i32>(q) + 1;
  } else if (rest > 2 * bitcast<i32>(q)) {
    rest -= 2 * bitcast<i32>(q) + 1;
    q += 1u;
  }
  return rounded(0u, q << 7u, rest != 0, 127 + (power >> 1u));
}`,
  isNotANumber,
  floatOf,
  significand,
  exponent,
  roughQuotient,
  roughRoot,
  rounded,
)

/**
 * The remainder of a floored division, rounded once: of up to 277 bits of the quotient eight are taken off at a time, and a smaller
 * dividend of the other sign is taken from the divisor.
 */
export const flooredRemainder = shaderFunction(
  `
fn remainder_of(a: f32, b: f32) -> f32 {
  if (is_nan(a)) { return a; }
  if (is_nan(b)) { return b; }
  let n = bitcast<u32>(a) & 0x7fffffffu;
  let d = bitcast<u32>(b) & 0x7fffffffu;
  let sign = bitcast<u32>(b) & 0x80000000u;
  if (n == 0x7f800000u || d == 0u) { return float_of(0x7fc00000u); }
  if (n == 0u) { return float_of(sign); }
  let differ = (bitcast<u32>(a) & 0x80000000u) != sign;
  if (n < d && !differ) { return a; }
  if (d == 0x7f800000u) { return b; }
  if (n < d) {
    let shift = u32(exponent_of(d) - exponent_of(n));
    let taken = select(significand_of(n) >> (shift & 31u), 0u, shift > 31u);
    let more = shift > 31u || (taken << (shift & 31u)) != significand_of(n);
    let left = significand_of(d) - taken - select(0u, 1u, more);
    let zeros = countLeadingZeros(left);
    return rounded(sign, left << zeros, more, exponent_of(d) - i32(zeros));
  }
  let divisor = significand_of(d) >> 8u;
  var rest = (significand_of(n) >> 8u) % divisor;
  var left = exponent_of(n) - exponent_of(d);
  while (left > 0 && rest != 0u) {
    rest = (rest << u32(min(left, 8))) % divisor;
    left -= 8;
  }
  if (rest == 0u) { return float_of(sign); }
  let floored = select(rest, divisor - rest, differ);
  let zeros = countLeadingZeros(floored);
  return rounded(sign, floored << zeros, false, exponent_of(d) + 8 - i32(zeros));
}`,
  isNotANumber,
  floatOf,
  significand,
  exponent,
  rounded,
)
