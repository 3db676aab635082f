/** What numbers are moved and divided by, column by column. */
export interface Scaling {
  readonly means: Float64Array
  /** Standard deviations; 1 where all numbers of a column are equal. */
  readonly deviations: Float64Array
}

/** Mean and deviation of each of the `width` columns of `values`, row after row; NaNs are left out. 0 and 1 for a column of NaNs alone. */
export function scalingOf(values: ArrayLike<number>, width: number): Scaling {
  const counts = new Float64Array(width)
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  // Welford's way: sums of squares would lose the deviation of numbers that are far from 0.
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (Number.isNaN(value)) continue
    const column = index % width
    counts[column]! += 1
    const before = value - means[column]!
    means[column]! += before / counts[column]!
    squares[column]! += before * (value - means[column]!)
  }
  const deviations = squares.map(
    (sum, column) => Math.sqrt(sum / Math.max(1, counts[column]!)) || 1,
  )
  return { means, deviations }
}

/** `values`, row after row, with mean 0 and deviation 1 in each column; NaNs become 0, the mean. */
export function standardized(
  values: ArrayLike<number>,
  { means, deviations }: Scaling,
): Float32Array<ArrayBuffer> {
  const width = means.length
  return Float32Array.from(values, (value, index) => {
    const column = index % width
    return Number.isNaN(value) ? 0 : (value - means[column]!) / deviations[column]!
  })
}
