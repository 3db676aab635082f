/** A figure of `optc bench`: what was measured, its median and its extremes. */
export interface Figure {
  readonly name: string
  readonly median: number
  readonly least: number
  readonly most: number
  readonly unit: string
  /** What it is a figure of, for programs that read it. */
  readonly labels?: Readonly<Record<string, string | number>>
  /** Where bytes are moved: how fast, going by the median. */
  readonly gigabytesPerSecond?: number
}

/** The figure of several measurements of one thing. */
export function figure(name: string, unit: string, values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { name, unit, median, least: sorted[0]!, most: sorted.at(-1)! }
}
