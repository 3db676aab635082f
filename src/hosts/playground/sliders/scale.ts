import { contains, type Interval } from '../../../operators/interval.ts'

/**
 * How the places of a slider stand for the values of a parameter. `logarithmic`: equal ways are equal factors of what is above the
 * lower end of its interval; the lowest place is that end where `hasEnd`. `complement`: the same for 1 minus the value, as averages
 * have it.
 */
export interface SliderScale {
  readonly kind: 'linear' | 'logarithmic' | 'complement'
  /** Of values, of what is above the end, or of 1 minus the value. */
  readonly low: number
  readonly high: number
  readonly hasEnd: boolean
  /** The interval that values stay in. */
  readonly interval: Interval
}

/** Places of a slider: from 0 to this. */
export const SLIDER_PLACES = 200

/** Decades below and above the default of what may be large. */
const DECADES = 3
/** The least distance from an end, where the default is no nearer. */
const NEAREST = 1e-4
/** A default below this counts as 0, so that decades below it are numbers. */
const SMALLEST = 1e-100

/** The scale for a parameter with that interval and default. */
export function sliderScale(interval: Interval, initial: number): SliderScale {
  const { low, high } = interval
  const hasEnd = contains(interval, low)
  const above = initial - low
  const isShare = low === 0 && high === 1
  if (isShare && initial > 0.5 && initial < 1) {
    const nearest = Math.min(NEAREST, (1 - initial) / 10)
    return { kind: 'complement', low: nearest, high: 1, hasEnd, interval }
  }
  const isWide = low >= 0 && high - low > 10 * Math.max(1, above)
  if (isWide || (isShare && initial < 0.1)) {
    const isApart = above > (low === 0 ? SMALLEST : NEAREST * low)
    const from = isApart ? above / 10 ** DECADES : NEAREST / 10
    const to = Math.min(isApart ? above * 10 ** DECADES : 1, high - low)
    return { kind: 'logarithmic', low: from, high: to, hasEnd, interval }
  }
  const reach = Math.max(1, 2 * Math.abs(initial))
  return {
    kind: 'linear',
    low: Number.isFinite(low) ? low : Math.min(initial, high) - reach,
    high: Number.isFinite(high) ? high : Math.max(initial, low) + reach,
    hasEnd,
    interval,
  }
}

/** The value at a place: rounded to what can be read, and in the interval. */
export function valueAtPlace(scale: SliderScale, place: number): number {
  const { kind, low, high, hasEnd, interval } = scale
  const share = Math.min(1, Math.max(0, place / SLIDER_PLACES))
  if (kind === 'linear') return inside(scale, rounded(low + (high - low) * share))
  if (kind === 'complement') return inside(scale, sum(1, -rounded(high * (low / high) ** share)))
  if (hasEnd && share === 0) return interval.low
  return inside(scale, sum(interval.low, rounded(low * (high / low) ** share)))
}

/** The place that is nearest to a value. */
export function placeOfValue(scale: SliderScale, value: number): number {
  const { kind, low, high, hasEnd, interval } = scale
  const above = value - interval.low
  const share =
    kind === 'linear'
      ? (value - low) / (high - low)
      : kind === 'complement'
        ? Math.log((1 - value) / high) / Math.log(low / high)
        : above <= 0
          ? 0
          : Math.log(above / low) / Math.log(high / low)
  const place = Math.round(share * SLIDER_PLACES)
  if (Number.isNaN(place)) return 0
  // Only the end itself stands at its place.
  const least = kind === 'logarithmic' && hasEnd && above > 0 ? 1 : 0
  return Math.min(SLIDER_PLACES, Math.max(least, place))
}

const rounded = (value: number): number => Number(value.toPrecision(3))

/** Without what adding numbers of few digits leaves behind. */
const sum = (a: number, b: number): number => Number((a + b).toPrecision(8))

/** The value itself, or one in the interval beside the end that it has reached. */
function inside({ interval, low, high }: SliderScale, value: number): number {
  if (contains(interval, value)) return value
  const margin = (high - low) * 1e-3
  return value <= interval.low
    ? Number((interval.low + margin).toPrecision(6))
    : Number((interval.high - margin).toPrecision(6))
}
