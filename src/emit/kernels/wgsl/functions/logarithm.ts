import { polynomial, shaderFunction } from '../functions.ts'
import { exponent, floatOf, isNotANumber, significand, size, withSign } from './bits.ts'
import { quotient, root } from './division.ts'
import { exponential } from './exponential.ts'

/** (log(1 + f) - f + f^2 / 2) / f^3 for 1 + f between sqrt(1/2) and sqrt(2). */
const REST = [
  0.0697161183, -0.114797339, 0.116854198, -0.124256872, 0.142490581, -0.166678026, 0.200007156,
  -0.24999997, 0.333333313,
] as const

/** k * log(2) + log(1 + f). */
const splitLogarithm = shaderFunction(`
fn log_of_parts(k: f32, f: f32) -> f32 {
  let square = f * f;
  let rest = (f * square * ${polynomial(REST, 'f')} + k * -2.1219444e-4f) - 0.5f * square;
  return (f + rest) + k * 0.693359375f;
}`)

/** The natural logarithm. */
export const logarithm = shaderFunction(
  `
fn log_of(x: f32) -> f32 {
  let n = bitcast<u32>(x);
  if (n == 0x7f800000u || is_nan(x)) { return x; }
  if ((n & 0x7fffffffu) == 0u) { return float_of(0xff800000u); }
  if (n >= 0x80000000u) { return float_of(0x7fc00000u); }
  let m = bitcast<f32>(((significand_of(n) >> 8u) & 0x7fffffu) | 0x3f800000u);
  let is_large = m > 1.4142135f;
  let k = exponent_of(n) - select(127, 126, is_large);
  return log_of_parts(f32(k), select(m, 0.5f * m, is_large) - 1.0f);
}`,
  isNotANumber,
  floatOf,
  significand,
  exponent,
  splitLogarithm,
)

/** log(1 + x). What x is above 2^k - 1 has no digit that 1 + x would lose. */
export const logarithmOf1Plus = shaderFunction(
  `
fn log1p_of(x: f32) -> f32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) < 0x33000000u || is_nan(x)) { return x; }
  if (x > 1073741824.0f) { return log_of(x); }
  if (x == -1.0f) { return float_of(0xff800000u); }
  if (x < -1.0f) { return float_of(0x7fc00000u); }
  if (x > -0.29289323f && x < 0.41421357f) { return log_of_parts(0.0f, x); }
  let n = bitcast<u32>(1.0f + x);
  let k = i32((n + 0x4afb0du) >> 23u) - 127;
  let power = bitcast<f32>(u32(127 + k) << 23u);
  let inverse = bitcast<f32>(u32(127 - k) << 23u);
  return log_of_parts(f32(k), (x - (power - 1.0f)) * inverse);
}`,
  isNotANumber,
  floatOf,
  logarithm,
  splitLogarithm,
)

/** log(1 + exp(x)), without overflow. */
export const softPlus = shaderFunction(
  `
fn softplus_of(x: f32) -> f32 {
  return select(x, 0.0f, bitcast<u32>(x) >= 0x80000000u) + log1p_of(exp_of(with_sign(x, -1.0f)));
}`,
  withSign,
  exponential,
  logarithmOf1Plus,
)

/** The inverse of the hyperbolic sine. */
export const inverseHyperbolicSine = shaderFunction(
  `
fn asinh_of(x: f32) -> f32 {
  let a = size_of(x);
  if (a < 2.4414062e-4f || is_nan(x)) { return x; }
  if (a > 268435456.0f) { return with_sign(log_of(a) + 0.6931472f, x); }
  let square = a * a;
  return with_sign(log1p_of(a + quotient_of(square, 1.0f + root_of(1.0f + square))), x);
}`,
  size,
  isNotANumber,
  withSign,
  logarithm,
  logarithmOf1Plus,
  quotient,
  root,
)
