import type { Matrix } from './operator.ts'

/** The product of two matrices. Where the columns of the first are not the rows of the second, of as many as both have. */
export function productOf(a: Matrix, b: Matrix): Matrix {
  const { rows } = a
  const { columns } = b
  const length = Math.min(a.columns, b.rows)
  const values = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < length; k++) {
      const factor = a.values[row * a.columns + k]!
      for (let column = 0; column < columns; column++) {
        const place = row * columns + column
        values[place] = values[place]! + factor * b.values[k * columns + column]!
      }
    }
  return { rows, columns, values }
}

/** The matrix with rows for columns. */
export function transposeOf({ rows, columns, values }: Matrix): Matrix {
  const turned = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column]!
  return { rows: columns, columns: rows, values: turned }
}

/** The numbers on the diagonal. */
export function diagonalOf({ rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from(
    { length: Math.min(rows, columns) },
    (_, place) => values[place * columns + place]!,
  )
}

/** 1 on the diagonal, else 0. */
export function identityOf(length: number): Matrix {
  const values = new Float64Array(length * length)
  for (let place = 0; place < length; place++) values[place * length + place] = 1
  return { rows: length, columns: length, values }
}

/** The sizes of the numbers of a matrix. */
export function sizesOf({ rows, columns, values }: Matrix): Matrix {
  return { rows, columns, values: Float64Array.from(values, Math.abs) }
}
