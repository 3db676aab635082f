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

/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which JavaScript's `**` does not promise. */
export function power(base: number, exponent: number): number {
  const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity)
  return isOne ? 1 : base ** exponent
}
