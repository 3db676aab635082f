import { polynomial, shaderFunction } from '../functions.ts'
import { isNotANumber, size, withSign } from './bits.ts'
import { quotient } from './division.ts'
import { exponential } from './exponential.ts'

/** erf(x) / x - 1 in x^2, up to x = 1. */
const NEAR = [
  -9.66704465e-6, 0.000112659589, -0.000848408032, 0.00522103161, -0.0268654302, 0.112837821,
  -0.376126379, 0.128379166,
] as const

/** (1 + 2x) exp(x^2) erfc(x) - 1.25 in (x - 3) / (x + 3), from x = 0.5 to 10.2. */
const FAR = [
  0.00225528935, 0.00206609978, -0.0240269639, 0.0684049577, -0.11922171, 0.129637286,
  -0.0475656055, -0.135620922, 0.00300809066,
] as const

const nearError = shaderFunction(`
fn near_erf(x: f32) -> f32 {
  // So small a product would be taken for 0.
  if ((bitcast<u32>(x) & 0x7fffffffu) < 0x20000000u) { return x * 1.1283792f; }
  let squared = x * x;
  return x + x * ${polynomial(NEAR, 'squared')};
}`)

/** The complement from 1/2 on. A part of x has so few digits that its square is exact. */
const farComplement = shaderFunction(
  `
fn far_erfc(x: f32) -> f32 {
  if (x > 10.2f) { return 0.0f; }
  let part = bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
  let decay = exp_of(-part * part) * exp_of((part - x) * (part + x));
  let t = quotient_of(x - 3.0f, x + 3.0f);
  return decay * quotient_of(1.25f + ${polynomial(FAR, 't')}, 1.0f + 2.0f * x);
}`,
  exponential,
  quotient,
)

/** The error function. */
export const errorFunction = shaderFunction(
  `
fn erf_of(x: f32) -> f32 {
  let a = size_of(x);
  if (is_nan(x)) { return x; }
  if (a < 1.0f) { return near_erf(x); }
  return with_sign(1.0f - far_erfc(a), x);
}`,
  size,
  isNotANumber,
  withSign,
  nearError,
  farComplement,
)

/** The complement of the error function, without losing digits where it is small. */
export const complementaryErrorFunction = shaderFunction(
  `
fn erfc_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  if (size_of(x) < 0.5f) { return 1.0f - near_erf(x); }
  let far = far_erfc(size_of(x));
  return select(far, 2.0f - far, bitcast<u32>(x) >= 0x80000000u);
}`,
  size,
  isNotANumber,
  nearError,
  farComplement,
)
