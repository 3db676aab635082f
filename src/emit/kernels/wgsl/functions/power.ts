import { polynomial, shaderFunction } from '../functions.ts'
import { exponent, floatOf, isNotANumber, scaled, significand } from './bits.ts'
import { roughQuotient } from './division.ts'
import { exponentialRest } from './exponential.ts'

/** (1.5 log((1 + s) / (1 - s)) / s - 3 - s^2) / s^4 in s^2, up to s = 0.102. */
const REST = [0.33754909, 0.42855525, 0.600000024] as const

/** The highest 12 digits of a float, whose product with as many has no rounding. */
const head = shaderFunction(`
fn head_of(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}`)

/**
 * The logarithm to base 2 of the float with bits `n`, positive and finite, as two floats: the first has 12 digits. Around 1 or 1.5
 * it is 2 / (3 log(2)) s (3 + s^2 + ...) with s = (m - c) / (m + c), all of it in heads and what they leave over, after the power
 * function of Sun's fdlibm.
 */
const logarithmInParts = shaderFunction(
  `
fn log2_parts(n: u32) -> vec2f {
  let whole = bitcast<f32>(((significand_of(n) >> 8u) & 0x7fffffu) | 0x3f800000u);
  let is_large = whole > 1.7320508f;
  let is_middle = whole > 1.2247449f && !is_large;
  let m = select(whole, 0.5f * whole, is_large);
  let center = select(1.0f, 1.5f, is_middle);
  let above = m - center;
  let inverse = rough_quotient(1.0f, m + center);
  let s = above * inverse;
  let s_head = head_of(s);
  let sum_head = head_of(m + center);
  let sum_tail = m - (sum_head - center);
  let s_tail = inverse * ((above - s_head * sum_head) - s_head * sum_tail);
  let squared = s * s;
  let rest = squared * squared * ${polynomial(REST, 'squared')} + s_tail * (s_head + s);
  let head_square = s_head * s_head;
  let factor = head_of(3.0f + head_square + rest);
  let factor_tail = rest - ((factor - 3.0f) - head_square);
  let product = s_head * factor;
  let product_tail = s_tail * factor + factor_tail * s;
  let p = head_of(product + product_tail);
  let p_tail = product_tail - (p - product);
  let z = 0.96166992f * p;
  let z_tail = 1.2677205e-4f * p + p_tail * 0.9617967f + select(0.0f, 1.5632212e-6f, is_middle);
  let center_log = select(0.0f, 0.58496094f, is_middle);
  let k = f32(exponent_of(n) - select(127, 126, is_large));
  let high = head_of(((z + z_tail) + center_log) + k);
  return vec2f(high, z_tail - (((high - k) - center_log) - z));
}`,
  significand,
  exponent,
  head,
  roughQuotient,
)

/** A positive, finite base to a finite power. */
const positivePower = shaderFunction(
  `
fn positive_power(base: u32, power: f32) -> f32 {
  let log2 = log2_parts(base);
  let size = power * log2.x;
  if (size > 160.0f) { return float_of(0x7f800000u); }
  if (size < -160.0f) { return 0.0f; }
  let power_head = head_of(power);
  let high = power_head * log2.x;
  let low = (power - power_head) * log2.x + power * log2.y;
  let k = floor((high + low) + 0.5f);
  let high_rest = high - k;
  let t = head_of(low + high_rest);
  let t_tail = low - (t - high_rest);
  let u = t * 0.69311523f;
  let v = t_tail * 0.6931472f + t * 3.1946183e-5f;
  let z = head_of(u + v);
  let z_tail = v - (z - u);
  let rest = exp_rest(z);
  let tail = z_tail + z_tail * (z + (rest + 0.5f * z_tail));
  return scaled(1.0f + (z + (rest + tail)), i32(k));
}`,
  logarithmInParts,
  head,
  floatOf,
  exponentialRest,
  scaled,
)

/** 0 for a number that is not whole, 1 for an odd one, 2 for an even one; infinities are even. */
const parity = shaderFunction(`
fn parity_of(x: f32) -> i32 {
  let n = bitcast<u32>(x) & 0x7fffffffu;
  if (n < 0x3f800000u) { return select(0, 2, n == 0u); }
  if (n >= 0x4b800000u) { return 2; }
  let digits = 150u - (n >> 23u);
  let whole = ((n & 0x7fffffu) | 0x800000u);
  if ((whole & ((1u << digits) - 1u)) != 0u) { return 0; }
  return select(2, 1, ((whole >> digits) & 1u) == 1u);
}`)

/** The power of IEEE 754. */
export const power = shaderFunction(
  `
fn power_of(base: f32, power: f32) -> f32 {
  let n = bitcast<u32>(base) & 0x7fffffffu;
  let e = bitcast<u32>(power) & 0x7fffffffu;
  if (e == 0u || bitcast<u32>(base) == 0x3f800000u) { return 1.0f; }
  if (is_nan(base)) { return base; }
  if (is_nan(power)) { return power; }
  let is_negative = bitcast<u32>(base) >= 0x80000000u;
  let falls = bitcast<u32>(power) >= 0x80000000u;
  if (e == 0x7f800000u) {
    if (n == 0x3f800000u) { return 1.0f; }
    return float_of(select(0u, 0x7f800000u, (n > 0x3f800000u) != falls));
  }
  let parity = parity_of(power);
  let sign = select(0u, 0x80000000u, is_negative && parity == 1);
  if (n == 0u || n == 0x7f800000u) {
    return float_of(sign | select(0u, 0x7f800000u, (n != 0u) != falls));
  }
  if (is_negative && parity == 0) { return float_of(0x7fc00000u); }
  return float_of(sign | bitcast<u32>(positive_power(n, power)));
}`,
  isNotANumber,
  floatOf,
  parity,
  positivePower,
)
