/** The error function, by its series: every term is positive, so no digits are lost. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** The complement of the error function, by its continued fraction where it is small. */
export function erfc(x: number): number {
  if (x < 2) return 1 - erf(x)
  let fraction = x
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}

/** The modified Bessel function of order 1 times exp(-|x|): its series, or far out its asymptotic one. */
export function besselI1e(x: number): number {
  const size = Math.abs(x)
  const far = size > 30
  let term = far ? 1 / Math.sqrt(2 * Math.PI * size) : (x / 2) * Math.exp(-size)
  let sum = term
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= far ? ((2 * n - 1) ** 2 - 4) / (8 * n * size) : x ** 2 / (4 * n * (n + 1))
    sum += term
  }
  return far ? Math.sign(x) * sum : sum
}

/** log(1 + exp(x)), without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/** log(1 + exp(x) + 1e-7), without overflow. */
export function logOnePlusExp(x: number): number {
  const above = Math.max(x, 0)
  return above + Math.log1p(Math.exp(-Math.abs(x)) + 1e-7 * Math.exp(-above))
}

/** x / (1 + |x|). */
export function softsign(x: number): number {
  return x / (1 + Math.abs(x))
}

/** The derivative of the logistic function. */
export function sigmoidDerivative(x: number): number {
  const e = Math.exp(-Math.abs(x))
  return e / (1 + e) ** 2
}

/** The remainder of a floored division: it has the sign of the divisor, also where it is 0. */
export function floorModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

/** x limited to [-|bound|, |bound|]. */
export function clip(x: number, bound: number): number {
  return Math.min(Math.max(x, -Math.abs(bound)), Math.abs(bound))
}
