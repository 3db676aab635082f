import { unitOf } from './symmetric-eigen.ts'

/**
 * Q of the QR decomposition of a matrix, row after row, whose R has no negative number on its diagonal: orthonormal columns, the
 * first of which span what the first of the matrix span. Columns that depend on those before them give any that are orthonormal;
 * of a matrix with more columns than rows the columns beyond are 0. All NaN where a number is not finite. By Householder's
 * reflections: what is missing to orthonormality is below 4 n 2^-52.
 */
export function orthonormalColumns(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns)
  const unit = unitOf(matrix)
  if (!Number.isFinite(unit)) return result.fill(NaN)
  const width = Math.min(rows, columns)
  const a = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++)
      a[column * rows + row] = matrix[row * columns + column]! / unit
  const signs = new Float64Array(width)
  for (let k = 0; k < width; k++) signs[k] = makeReflection(a, k, rows, width)
  for (let column = 0; column < width; column++) {
    const q = new Float64Array(rows)
    q[column] = signs[column]!
    // Reflections that begin below its only number do nothing to it.
    for (let k = column; k >= 0; k--) reflect(q, 0, a, k, rows)
    for (let row = 0; row < rows; row++) result[row * columns + column] = q[row]!
  }
  return result
}

/**
 * Makes column `k`, from its diagonal down, the unit vector of the reflection that leaves nothing below there, and reflects the
 * columns behind it. Gives the sign of what is left on the diagonal, 1 for nothing.
 */
export function makeReflection(a: Float64Array, k: number, rows: number, width: number): number {
  const start = k * rows
  let largest = 0
  for (let row = k; row < rows; row++) largest = Math.max(largest, Math.abs(a[start + row]!))
  let squares = 0
  if (largest > 0)
    for (let row = k; row < rows; row++) {
      a[start + row] = a[start + row]! / largest
      squares += a[start + row]! * a[start + row]!
    }
  const first = a[start + k]!
  const isReduced = squares === first * first
  const sign = first > 0 && !isReduced ? -1 : first < 0 && isReduced ? -1 : 1
  if (isReduced) {
    a.fill(0, start + k, start + rows)
    return sign
  }
  a[start + k] = first - sign * Math.sqrt(squares)
  let rest = 0
  for (let row = k; row < rows; row++) rest += a[start + row]! * a[start + row]!
  const length = Math.sqrt(rest)
  for (let row = k; row < rows; row++) a[start + row] = a[start + row]! / length
  for (let column = k + 1; column < width; column++) reflect(a, column * rows, a, k, rows)
  return sign
}

/** Reflects the column that begins at `start` by the unit vector in column `k` of `a`. */
export function reflect(
  column: Float64Array,
  start: number,
  a: Float64Array,
  k: number,
  rows: number,
): void {
  let product = 0
  for (let row = k; row < rows; row++) product += a[k * rows + row]! * column[start + row]!
  for (let row = k; row < rows; row++)
    column[start + row] = column[start + row]! - 2 * product * a[k * rows + row]!
}
