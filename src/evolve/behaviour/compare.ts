import type { Behaviour } from './behaviour.ts'

/** How far updates may lie apart that count as the same. */
export interface Tolerance {
  /** Relative to the update, or to the mean size of the updates of its series where that is larger. */
  readonly relative: number
  /** Added to that as it is. */
  readonly absolute: number
}

/**
 * For updates in 64-bit arithmetic. Two rules that agree with a third within it take a weight on ways that differ by less
 * than 1e-5 of their length; equal functions written differently lie some 1e-12 apart.
 */
export const exactTolerance: Tolerance = { relative: 2e-6, absolute: 0 }

/** For updates in 32-bit arithmetic, rounding included. No weight changes by 1e-30. */
export const roundedTolerance: Tolerance = { relative: 2e-5, absolute: 1e-30 }

/**
 * Whether the updates `b` are `factor` times the updates `a`, everywhere; where one is not finite, the other must be the
 * same infinity, or NaN as well.
 */
export function areMultiples(
  a: Behaviour,
  b: Behaviour,
  factor: number,
  { relative, absolute }: Tolerance,
): boolean {
  return a.every((series, index) => {
    const others = b[index]!
    const mean = Math.abs(factor) * meanSize(series)
    for (let t = 0; t < series.length; t++) {
      const wanted = factor * series[t]!
      const distance = Math.abs(others[t]! - wanted)
      if (!Number.isFinite(distance)) {
        if (!Object.is(others[t], wanted)) return false
      } else if (distance > relative * Math.max(Math.abs(wanted), mean) + absolute) return false
    }
    return true
  })
}

/** The number that `a` must be multiplied by to be most like `b`; undefined where no update but 0 is there to tell. */
export function factorBetween(a: Behaviour, b: Behaviour): number | undefined {
  const factors = a.flatMap((series, index) => {
    const others = b[index]!
    const size = largest(series)
    let product = 0
    let square = 0
    for (let t = 0; t < series.length; t++) {
      if (!Number.isFinite(series[t]!) || !Number.isFinite(others[t]!)) continue
      const scaled = series[t]! / size
      product += scaled * (others[t]! / size)
      square += scaled * scaled
    }
    const factor = product / square
    return Number.isFinite(factor) && factor !== 0 ? [factor] : []
  })
  // The one in the middle: some series may be spoilt by rounding.
  return factors.sort((x, y) => x - y)[Math.floor(factors.length / 2)]
}

/**
 * A number for looking up: behaviours that are multiples of each other within the exact tolerance give numbers that lie less
 * than `projectionError` apart, others mostly further.
 */
export function projection(updates: Behaviour): number {
  let count = 0
  let sum = 0
  let weighted = 0
  let weights = 0
  for (const [index, series] of updates.entries()) {
    const size = largest(series)
    if (size === 0) continue
    const logarithm = Math.log(size)
    // Multiples of the golden ratio modulo 1 are spread evenly and never fall together.
    const weight = (index * GOLDEN_RATIO) % 1
    count++
    sum += logarithm
    weights += weight
    weighted += weight * logarithm
  }
  return count === 0 ? 0 : (weighted - (weights * sum) / count) / count
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2

/** See `projection`: a factor moves all logarithms alike, and the tolerance moves each by less than this. */
export const projectionError = 1e-5

/** The size of the largest finite update; 0 when there is none. */
function largest(series: Float64Array): number {
  let result = 0
  for (let t = 0; t < series.length; t++) {
    const size = Math.abs(series[t]!)
    if (size > result && size < Infinity) result = size
  }
  return result
}

/** The mean size of the finite updates; 0 when there is none. */
function meanSize(series: Float64Array): number {
  let sum = 0
  let count = 0
  for (let t = 0; t < series.length; t++) {
    const size = Math.abs(series[t]!)
    if (!Number.isFinite(size)) continue
    sum += size
    count++
  }
  return count === 0 ? 0 : sum / count
}
