import { polynomial, shaderFunction } from '../functions.ts'
import { floatOf, isNotANumber, scaled, size, withSign } from './bits.ts'
import { quotient } from './division.ts'

/** (exp(r) - 1 - r) / r^2 up to log(2) / 2. */
const REST = [0.000198919806, 0.00139345415, 0.00833331048, 0.0416664556, 0.166666672, 0.5] as const

/** exp(r) - 1 - r for |r| up to log(2) / 2. */
export const exponentialRest = shaderFunction(`
fn exp_rest(r: f32) -> f32 {
  return r * r * ${polynomial(REST, 'r')};
}`)

/**
 * x as k * log(2) + r: r as the difference of two floats, of which the first is exact, since k has at most 8 digits and the first
 * part of the logarithm 10.
 */
const reduced = `
  let k = floor(x * 1.442695f + 0.5f);
  let high = x - k * 0.693359375f;
  let low = k * -2.1219444e-4f;
  let rest = exp_rest(high - low) - low;`

/** The exponential. */
export const exponential = shaderFunction(
  `
fn exp_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (x > 88.72284f) { return float_of(0x7f800000u); }
  if (x < -104.0f) { return 0.0f; }${reduced}
  return scaled(1.0f + (high + rest), i32(k));
}`,
  isNotANumber,
  floatOf,
  exponentialRest,
  scaled,
)

/** The exponential less 1. The 1 is taken off before the power of 2 is multiplied in: high + 1 - 2^-k is exact or far from 0. */
export const exponentialLess1 = shaderFunction(
  `
fn expm1_of(x: f32) -> f32 {
  if ((bitcast<u32>(x) & 0x7fffffffu) < 0x33000000u || is_nan(x)) { return x; }
  if (x > 88.72284f) { return float_of(0x7f800000u); }
  if (x < -17.5f) { return -1.0f; }${reduced}
  if (k == 0.0f) { return x + exp_rest(x); }
  let less = select(0.0f, bitcast<f32>(u32(127 - i32(k)) << 23u), k < 64.0f);
  return scaled((high + (1.0f - less)) + rest, i32(k));
}`,
  isNotANumber,
  floatOf,
  exponentialRest,
  scaled,
)

/** The logistic function. */
export const logistic = shaderFunction(
  `
fn sigmoid_of(x: f32) -> f32 {
  let e = exp_of(with_sign(x, -1.0f));
  return quotient_of(select(1.0f, e, bitcast<u32>(x) >= 0x80000000u), 1.0f + e);
}`,
  exponential,
  withSign,
  quotient,
)

/** The hyperbolic tangent. */
export const hyperbolicTangent = shaderFunction(
  `
fn tanh_of(x: f32) -> f32 {
  let n = bitcast<u32>(x) & 0x7fffffffu;
  if (n < 0x39800000u || is_nan(x)) { return x; }
  if (n > 0x41110000u) { return with_sign(1.0f, x); }
  let e = expm1_of(-2.0f * size_of(x));
  return with_sign(quotient_of(e, 2.0f + e), x);
}`,
  isNotANumber,
  withSign,
  size,
  exponentialLess1,
  quotient,
)

/** The derivative of the hyperbolic tangent: where it is small it is the square of 2 exp(-|x|), no part of which is smaller. */
export const tangentDerivative = shaderFunction(
  `
fn tanh_derivative_of(x: f32) -> f32 {
  let a = with_sign(x, -1.0f);
  if (a < -20.0f) {
    let root = 2.0f * exp_of(a);
    return root * root;
  }
  let e = exp_of(2.0f * a);
  return quotient_of(4.0f * e, (1.0f + e) * (1.0f + e));
}`,
  withSign,
  exponential,
  quotient,
)

/** The derivative of the logistic function. */
export const logisticDerivative = shaderFunction(
  `
fn sigmoid_derivative_of(x: f32) -> f32 {
  let e = exp_of(with_sign(x, -1.0f));
  return quotient_of(e, (1.0f + e) * (1.0f + e));
}`,
  withSign,
  exponential,
  quotient,
)
