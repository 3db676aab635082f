import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row, as the columns of such a matrix: that of the largest
 * eigenvalue first. All NaN where a number of the matrix is not finite.
 */
export function eigenvectorMatrix(matrix: ArrayLike<number>, n: number): Float64Array {
  const pairs = symmetricEigen(matrix, n)
  const result = new Float64Array(n * n)
  if (pairs === undefined) return result.fill(NaN)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      result[row * n + column] = pairs.vectors[column * n + row]!
  return result
}

/**
 * A symmetric, positive semidefinite matrix to the power -1/p. An eigenvalue that may be 0, as it is above it by less than what is
 * known of it (n 2^-52 of the largest) or below it by no more than what rounding numbers to 32 bits makes of one (n 2^-23), counts
 * for nothing, as in a pseudoinverse; all numbers are NaN where one is further below, or where a number of the matrix is not finite.
 */
export function inverseRootMatrix(matrix: ArrayLike<number>, n: number, p: number): Float64Array {
  const pairs = symmetricEigen(matrix, n)
  const result = new Float64Array(n * n)
  if (pairs === undefined) return result.fill(NaN)
  const { values, vectors } = pairs
  const size = n * (values[0] ?? 0)
  if (values.some((value) => value < -(2 ** -23) * size)) return result.fill(NaN)
  const factors = values.map((value) => (value > 2 ** -52 * size ? value ** (-1 / p) : 0))
  for (let k = 0; k < n; k++) {
    const vector = vectors.subarray(k * n, (k + 1) * n)
    if (factors[k] === 0) continue
    for (let row = 0; row < n; row++) {
      const scaled = factors[k]! * vector[row]!
      for (let column = row; column < n; column++) {
        const place = row * n + column
        result[place] = result[place]! + scaled * vector[column]!
      }
    }
  }
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++)
      result[row * n + column] = result[column * n + row]!
  return result
}
