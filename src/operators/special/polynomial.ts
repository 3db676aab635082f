/** The value at `x` of the polynomial with these coefficients, the highest power first (Horner). */
export function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let index = 0; index < coefficients.length; index++) sum = sum * x + coefficients[index]!
  return sum
}
