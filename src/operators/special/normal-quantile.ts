import { polynomial } from './polynomial.ts'

/** The quantile over p - 0.5, as a quotient in powers of 0.180625 - (p - 0.5)^2, for p from 0.075 to 0.925. */
export const CENTRE = [
  2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
  13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
] as const
export const CENTRE_DIVISOR = [
  5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
  5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
] as const

/** The size of the quantile, as a quotient in powers of sqrt(-log(p)) - 1.6, for p from 1.4e-11 to 0.075. */
export const TAIL = [
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
  1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
  1.42343711074968357734,
] as const
export const TAIL_DIVISOR = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
  0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
] as const

/**
 * The number that a standard normal one is below with probability (word + 0.5) / 2^32, for an unsigned 32-bit word: from
 * -6.34 to 6.34, and exactly the negative for the word with all bits turned over. Worked out in 64
 * bits with a relative error below 1e-15 and rounded to 32 (Wichura, 1988, Algorithm AS 241, PPND16). All of it is additions, products,
 * quotients and square roots, which IEEE 754 rounds in one way: the logarithm too, since those of libraries differ.
 */
export function normalQuantile(word: number): number {
  const q = (word + 0.5) * 2 ** -32 - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return Math.fround((q * polynomial(CENTRE, r)) / polynomial(CENTRE_DIVISOR, r))
  }
  const r = Math.sqrt(tailLogarithm(q < 0 ? word : 2 ** 32 - 1 - word)) - 1.6
  const size = Math.fround(polynomial(TAIL, r) / polynomial(TAIL_DIVISOR, r))
  return q < 0 ? -size : size
}

/** The last power in the series of the logarithm: the next would be below 2^-53 of the result. */
export const LAST_POWER = 19

/** -log((word + 0.5) / 2^32) for words below 2^31. */
function tailLogarithm(word: number): number {
  // An odd number of halves, made of a power of 2 and a factor between sqrt(1/2) and sqrt(2).
  const halves = 2 * word + 1
  let exponent = 32 - Math.clz32(halves)
  let factor = halves / 2 ** exponent
  if (factor < Math.SQRT1_2) {
    factor *= 2
    exponent -= 1
  }
  // log(factor) = 2 artanh(s), a series in the square of s.
  const s = (factor - 1) / (factor + 1)
  let sum = 0
  for (let power = LAST_POWER; power > 0; power -= 2) sum = sum * s * s + 1 / power
  return (33 - exponent) * Math.LN2 - 2 * s * sum
}
