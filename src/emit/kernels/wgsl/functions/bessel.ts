import { polynomial, shaderFunction } from '../functions.ts'
import { isNotANumber, size, withSign } from './bits.ts'
import { quotient, root } from './division.ts'
import { exponential } from './exponential.ts'

/** I1(x) / x in x^2, up to x = 6. */
const NEAR = [
  8.14120476e-16, 1.29042339e-13, 3.44339834e-11, 5.63422642e-9, 6.78384993e-7, 5.42519447e-5,
  0.0026041721, 0.0624999925, 0.5,
] as const

/** sqrt(x) exp(-x) I1(x) in 1 / x, from x = 6 on. */
const FAR = [
  -1.75721085, 0.193370327, -0.080176264, -0.0402940325, -0.0467528999, -0.149603426, 0.398942292,
] as const

/** The modified Bessel function of order 1 times exp(-|x|). */
export const besselI1Scaled = shaderFunction(
  `
fn bessel_i1e_of(x: f32) -> f32 {
  if (is_nan(x)) { return x; }
  let a = size_of(x);
  if (a < 6.0f) {
    let squared = a * a;
    return x * (exp_of(-a) * ${polynomial(NEAR, 'squared')});
  }
  let inverse = quotient_of(1.0f, a);
  return with_sign(quotient_of(${polynomial(FAR, 'inverse')}, root_of(a)), x);
}`,
  isNotANumber,
  size,
  withSign,
  exponential,
  quotient,
  root,
)
