/** Eigenvalues from the largest down, and their eigenvectors one after the other, each of as many numbers. */
export interface Eigenpairs {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row: of the mean of it and
 * its transpose. The residual |A v - lambda v| and what is missing to orthonormality are below 4 n 2^-52 of the largest
 * eigenvalue, and of 1. Undefined where a number is not finite. EISPACK's tred2 and tql2: Bowdler, Martin, Reinsch and Wilkinson,
 * 1968, and Martin, Reinsch and Wilkinson, 1968, in the Handbook for Automatic Computation II.
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigenpairs | undefined {
  const unit = unitOf(matrix)
  if (!Number.isFinite(unit)) return undefined
  const vectors = new Float64Array(n * n)
  for (let column = 0; column < n; column++)
    for (let row = 0; row < n; row++) {
      const half = matrix[row * n + column]! / unit / 2
      vectors[column * n + row] = half + matrix[column * n + row]! / unit / 2
    }
  const values = new Float64Array(n)
  const beside = new Float64Array(n)
  if (n > 0) {
    reduceToTridiagonal(vectors, values, beside, n)
    accumulateReflections(vectors, values, n)
    diagonalize(vectors, values, beside, n)
  }
  return sortedPairs(values, vectors, unit, n)
}

/** The largest size of a number as a power of two, by which dividing loses nothing; 1 for zeros, NaN or infinite as they are. */
export function unitOf(matrix: ArrayLike<number>): number {
  let largest = 0
  for (let index = 0; index < matrix.length; index++)
    largest = Math.max(largest, Math.abs(matrix[index]!))
  if (largest === 0 || !Number.isFinite(largest)) return largest === 0 ? 1 : largest
  return 2 ** Math.max(-1000, Math.floor(Math.log2(largest)))
}

/**
 * Householder's reduction, from the last row up. The lower triangle of `a` becomes reflections, `diagonal` their squared lengths,
 * `beside` the numbers beside the diagonal. Columns stand one after the other.
 */
export function reduceToTridiagonal(
  a: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
): void {
  for (let j = 0; j < n; j++) diagonal[j] = a[j * n + n - 1]!
  for (let i = n - 1; i > 0; i--) {
    let size = 0
    for (let k = 0; k < i; k++) size += Math.abs(diagonal[k]!)
    let squares = 0
    if (size === 0) {
      beside[i] = diagonal[i - 1]!
      for (let j = 0; j < i; j++) {
        diagonal[j] = a[j * n + i - 1]!
        a[j * n + i] = 0
        a[i * n + j] = 0
      }
    } else {
      for (let k = 0; k < i; k++) {
        diagonal[k] = diagonal[k]! / size
        squares += diagonal[k]! * diagonal[k]!
      }
      const last = diagonal[i - 1]!
      const root = last > 0 ? -Math.sqrt(squares) : Math.sqrt(squares)
      beside[i] = size * root
      squares -= last * root
      diagonal[i - 1] = last - root
      reflectBothSides(a, diagonal, beside, i, squares, n)
    }
    diagonal[i] = squares
  }
}

/** Applies the reflection in `diagonal` to the first `i` rows and columns, from both sides. */
export function reflectBothSides(
  a: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  i: number,
  squares: number,
  n: number,
): void {
  beside.fill(0, 0, i)
  for (let j = 0; j < i; j++) {
    const column = j * n
    const own = diagonal[j]!
    a[i * n + j] = own
    let sum = beside[j]! + a[column + j]! * own
    for (let k = j + 1; k < i; k++) {
      sum += a[column + k]! * diagonal[k]!
      beside[k] = beside[k]! + a[column + k]! * own
    }
    beside[j] = sum
  }
  let product = 0
  for (let j = 0; j < i; j++) {
    beside[j] = beside[j]! / squares
    product += beside[j]! * diagonal[j]!
  }
  const share = product / (2 * squares)
  for (let j = 0; j < i; j++) beside[j] = beside[j]! - share * diagonal[j]!
  for (let j = 0; j < i; j++) {
    const column = j * n
    const [own, other] = [diagonal[j]!, beside[j]!]
    for (let k = j; k < i; k++)
      a[column + k] = a[column + k]! - (own * beside[k]! + other * diagonal[k]!)
    diagonal[j] = a[column + i - 1]!
    a[column + i] = 0
  }
}

/** Puts the reflections of the reduction together: `a` becomes their product, `diagonal` the diagonal of what is reduced. */
export function accumulateReflections(a: Float64Array, diagonal: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n
    a[i * n + n - 1] = a[i * n + i]!
    a[i * n + i] = 1
    const squares = diagonal[i + 1]!
    if (squares !== 0) {
      for (let k = 0; k <= i; k++) diagonal[k] = a[next + k]! / squares
      for (let j = 0; j <= i; j++) {
        const column = j * n
        let sum = 0
        for (let k = 0; k <= i; k++) sum += a[next + k]! * a[column + k]!
        for (let k = 0; k <= i; k++) a[column + k] = a[column + k]! - sum * diagonal[k]!
      }
    }
    a.fill(0, next, next + i + 1)
  }
  for (let j = 0; j < n; j++) {
    diagonal[j] = a[j * n + n - 1]!
    a[j * n + n - 1] = 0
  }
  a[n * n - 1] = 1
}

/** The implicit QL method on a tridiagonal matrix. `diagonal` becomes eigenvalues, the columns of `vectors` turn with them. */
export function diagonalize(
  vectors: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
): void {
  beside.copyWithin(0, 1)
  beside[n - 1] = 0
  let shift = 0
  let largest = 0
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(diagonal[l]!) + Math.abs(beside[l]!))
    const small = 2 ** -52 * largest
    let m = l
    while (m < n - 1 && Math.abs(beside[m]!) > small) m++
    // A handful of rounds is usual; more than 60 have never been seen.
    for (let round = 0; m > l && Math.abs(beside[l]!) > small && round < 60; round++)
      shift += sweep(vectors, diagonal, beside, l, m, n)
    diagonal[l] = diagonal[l]! + shift
    beside[l] = 0
  }
}

/** One round of the QL method between rows `l` and `m`; gives by how much eigenvalues were shifted. */
export function sweep(
  vectors: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  l: number,
  m: number,
  n: number,
): number {
  const first = diagonal[l]!
  const ratio = (diagonal[l + 1]! - first) / (2 * beside[l]!)
  const root = ratio < 0 ? -Math.sqrt(ratio * ratio + 1) : Math.sqrt(ratio * ratio + 1)
  diagonal[l] = beside[l]! / (ratio + root)
  diagonal[l + 1] = beside[l]! * (ratio + root)
  const next = diagonal[l + 1]!
  const moved = first - diagonal[l]!
  for (let i = l + 2; i < n; i++) diagonal[i] = diagonal[i]! - moved
  let p = diagonal[m]!
  let [c, c2, c3] = [1, 1, 1]
  let [s, s2] = [0, 0]
  const second = beside[l + 1]!
  for (let i = m - 1; i >= l; i--) {
    c3 = c2
    c2 = c
    s2 = s
    const g = c * beside[i]!
    const h = c * p
    const r = Math.sqrt(p * p + beside[i]! * beside[i]!)
    beside[i + 1] = s * r
    s = beside[i]! / r
    c = p / r
    p = c * diagonal[i]! - s * g
    diagonal[i + 1] = h + s * (c * g + s * diagonal[i]!)
    turnColumns(vectors, i, c, s, n)
  }
  p = (-s * s2 * c3 * second * beside[l]!) / next
  beside[l] = s * p
  diagonal[l] = c * p
  return moved
}

/** Turns the columns `i` and `i + 1` by the angle with that cosine and sine. */
export function turnColumns(
  vectors: Float64Array,
  i: number,
  c: number,
  s: number,
  n: number,
): void {
  const [left, right] = [i * n, (i + 1) * n]
  for (let k = 0; k < n; k++) {
    const a = vectors[left + k]!
    const b = vectors[right + k]!
    vectors[right + k] = s * a + c * b
    vectors[left + k] = c * a - s * b
  }
}

/** The pairs from the largest eigenvalue down, of each vector the first of its largest numbers positive. */
export function sortedPairs(
  values: Float64Array,
  vectors: Float64Array,
  unit: number,
  n: number,
): Eigenpairs {
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)
  const sorted = new Float64Array(n * n)
  for (const [place, from] of order.entries()) {
    const vector = vectors.subarray(from * n, (from + 1) * n)
    const largest = vector.reduce((size, number) => Math.max(size, Math.abs(number)), 0)
    // Numbers that differ by rounding count as equal, so that rounding decides no sign.
    const leading = vector.find((number) => Math.abs(number) >= 0.999 * largest) ?? 1
    const sign = leading < 0 ? -1 : 1
    for (let k = 0; k < n; k++) sorted[place * n + k] = sign * vector[k]!
  }
  return { values: Float64Array.from(order, (from) => unit * values[from]!), vectors: sorted }
}
