import { polynomial } from './polynomial.ts'

/** The error function, 2 / sqrt(pi) times the integral of exp(-u^2) from 0 to `x`; within 2 units in the last place. */
export function erf(x: number): number {
  // erf(x) / x - 1 in powers of x^2, for |x| <= 0.75.
  const near = [
    -8.727804892971983e-10, 1.4147272175166887e-8, -1.6293444273884912e-7, 1.6457013907764837e-6,
    -1.4925411533551613e-5, 0.00012055325494924972, -0.0008548326868599297, 0.00522397762340871,
    -0.026866170644973524, 0.11283791670954493, -0.3761263890318374, 0.1283791670955126,
  ]
  if (Math.abs(x) <= 0.75) return x + x * polynomial(near, x * x)
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1
}

/** 1 - erf(x) without cancellation; within 2 units in the last place, also where the result is tiny. */
export function erfc(x: number): number {
  if (x < 0.5) return x < -0.75 ? 2 - erfc(-x) : 1 - erf(x)
  if (x > 28) return 0
  // The square of `near` is exact, so exp(-x^2) loses nothing to the rounding of x^2.
  const near = Math.fround(x)
  const inSquare = Math.expm1((near - x) * (near + x))
  const inDivisor = (2 * (near - x)) / (1 + 2 * x)
  const correction = inSquare + inDivisor + inSquare * inDivisor
  // (1 + 2x) exp(x^2) erfc(x) - 1.25 in powers of (x - 3) / (x + 3), for 0.5 <= x <= 28 (after Shepherd and Laframboise, 1981).
  const scaled = [
    -4.325370719107278e-9, -1.0659628807393203e-8, 3.42329907978226e-8, 9.877438074940672e-8,
    -1.3432312409451292e-7, -6.146346341425417e-7, 3.52693258412998e-7, 3.471616676593574e-6,
    -7.300550882569987e-7, -2.0100376113106087e-5, 4.9491714476033325e-6, 0.00012509932758636072,
    -0.00010515976008945177, -0.0007798322714918795, 0.0018886903564002055, 0.002529391816335117,
    -0.02377051491853638, 0.06830802734394434, -0.11927366341531179, 0.12964515870276203,
    -0.0475622943534507, -0.1356211061245812, 0.003008058269729652,
  ]
  const rest = polynomial(scaled, (x - 3) / (x + 3))
  // (1.25 + rest) / divisor as head + tail, and the exponential as high + low: their larger parts have products without rounding.
  const divisor = 1 + 2 * near
  const head = Math.fround(1.25 / divisor)
  const tail = (1.25 - head * divisor + (rest + (1.25 + rest) * correction)) / divisor
  const exponential = Math.exp(-near * near)
  const shifted = exponential * (2 ** 27 + 1)
  const high = shifted - (shifted - exponential)
  return high * head + ((exponential - high) * head + exponential * tail)
}
