import type { MeanInterval } from '../tasks/mean-interval.ts'
import type { Metric } from '../tasks/metric.ts'
import type { Interval, RankCorrelation } from './statistics.ts'

/** `0.72 (0.51 to 0.86)`; a dash without a correlation. */
export function correlationText(correlation: RankCorrelation | undefined): string {
  if (correlation === undefined) return '–'
  const { value, interval } = correlation
  return interval === undefined
    ? value.toFixed(2)
    : `${value.toFixed(2)} (${intervalText(interval)})`
}

/** `0.51 to 0.86`. */
export function intervalText([low, high]: Interval): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`
}

/** A score in the metric of the task: `81.23 %`, or four digits. */
export function scoreText(score: number | undefined, metric: Metric | undefined): string {
  if (score === undefined) return '–'
  return isShare(metric) ? `${(100 * score).toFixed(2)} %` : String(Number(score.toPrecision(4)))
}

/** A mean of scores with half its interval: `81.23 ± 0.40 %`. */
export function meanText(value: MeanInterval | undefined, metric: Metric | undefined): string {
  if (value === undefined) return '–'
  const { mean, halfWidth } = value
  if (halfWidth === undefined) return scoreText(mean, metric)
  return isShare(metric)
    ? `${(100 * mean).toFixed(2)} ± ${(100 * halfWidth).toFixed(2)} %`
    : `${Number(mean.toPrecision(4))} ± ${Number(halfWidth.toPrecision(2))}`
}

/** A difference of scores, in points where they are shares: `+0.42 ± 0.31`. */
export function differenceText(
  value: MeanInterval | undefined,
  metric: Metric | undefined,
): string {
  if (value === undefined) return '–'
  const scale = isShare(metric) ? 100 : 1
  const text = (number: number): string =>
    isShare(metric) ? (scale * number).toFixed(2) : String(Number(number.toPrecision(3)))
  const mean = `${value.mean > 0 ? '+' : ''}${text(value.mean)}`
  return value.halfWidth === undefined ? mean : `${mean} ± ${text(value.halfWidth)}`
}

const isShare = (metric: Metric | undefined): boolean => metric?.unit === 'share'

/** `1 rule`, `2 rules`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}
