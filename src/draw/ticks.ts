import type { Axis, ScaleKind } from './figure.ts'

/** An axis with its ends and ticks worked out; `low < high`, and both positive on a logarithmic one. */
export interface Ruler {
  readonly scale: ScaleKind
  readonly low: number
  readonly high: number
  /** Values with a label, rising, all within the ends. */
  readonly ticks: readonly number[]
  /** Where `value` stands between the ends: 0 at `low`, 1 at `high`; NaN where a logarithm has no value. */
  readonly position: (value: number) => number
}

/** Magnitudes beyond these cannot be told apart, or overflow, in the arithmetic of rulers. */
const SMALLEST = 1e-150
const LARGEST = 1e150

/** The ruler of `axis` for the values shown, with about `count` ticks. Values that the scale cannot place do not count. */
export function createRuler(axis: Axis, values: Iterable<number>, count: number): Ruler {
  const scale = axis.scale ?? 'linear'
  const usable = (value: number): boolean =>
    Math.abs(value) <= LARGEST && (scale === 'linear' || value >= SMALLEST)
  let low = axis.low ?? Infinity
  let high = axis.high ?? -Infinity
  for (const value of values) {
    if (!usable(value)) continue
    if (axis.low === undefined && value < low) low = value
    if (axis.high === undefined && value > high) high = value
  }
  if (low > high) [low, high] = scale === 'logarithmic' ? [1, 10] : [0, 1]
  ;[low, high] = separate(low, high, scale)
  return scale === 'logarithmic'
    ? logRuler(low, high, count, axis)
    : linearRuler(low, high, count, axis)
}

/** Ends that differ by enough to tell numbers between them apart. */
function separate(low: number, high: number, scale: ScaleKind): readonly [number, number] {
  if (scale === 'logarithmic') return high / low > 1 + 1e-9 ? [low, high] : [low / 2, high * 2]
  const size = Math.max(Math.abs(low), Math.abs(high))
  if (high - low > size * 1e-9 && high - low > SMALLEST) return [low, high]
  const margin = size < SMALLEST ? 1 : size / 10
  return [low - margin, high + margin]
}

function linearRuler(low: number, high: number, count: number, axis: Axis): Ruler {
  const rough = (high - low) / Math.max(1, count)
  const step = axis.whole === true ? Math.ceil(niceStep(Math.max(1, rough))) : niceStep(rough)
  // Slightly inside, so that 0.30000000000000004 does not ask for a tick beyond 0.3.
  const slack = step * 1e-6
  let first = Math.ceil((low - slack) / step)
  let last = Math.floor((high + slack) / step)
  if (axis.round !== false) {
    first = Math.floor((low + slack) / step)
    last = Math.ceil((high - slack) / step)
  }
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  const clean = ticks.map((tick) => Number(tick.toPrecision(12)))
  const from = axis.round === false ? low : clean[0]!
  const to = axis.round === false ? high : clean.at(-1)!
  return {
    scale: 'linear',
    low: from,
    high: to,
    ticks: clean.filter((tick) => tick >= from && tick <= to),
    position: (value) => (value - from) / (to - from),
  }
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor =
    [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10
  return factor * power
}

function logRuler(low: number, high: number, count: number, axis: Axis): Ruler {
  const decades = Math.log10(high / low)
  const factors = logFactors(decades, count)
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)))
  const all: number[] = []
  const labelled: number[] = []
  for (
    let power = Math.floor(Math.log10(low)) - 1;
    power <= Math.ceil(Math.log10(high)) + 1;
    power++
  ) {
    const ticks = factors.map((factor) => Number(`${factor}e${power}`))
    all.push(...ticks)
    if (power % every === 0) labelled.push(...ticks)
  }
  let [from, to] = [low, high]
  if (axis.round !== false) {
    from = all.findLast((tick) => tick <= low * (1 + 1e-9)) ?? low
    to = all.find((tick) => tick >= high * (1 - 1e-9)) ?? high
  }
  const span = Math.log(to / from)
  return {
    scale: 'logarithmic',
    low: from,
    high: to,
    ticks: labelled.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)),
    position: (value) => (value > 0 ? Math.log(value / from) / span : NaN),
  }
}

/** The digits that labels of a logarithmic axis start with: the more, the fewer decades it has. */
function logFactors(decades: number, count: number): readonly number[] {
  if (decades < 0.8) return [1, 1.5, 2, 3, 4, 5, 6, 8]
  if (decades < 1.5) return [1, 2, 3, 5, 7]
  return decades < 3 && count >= 4 ? [1, 3] : [1]
}
