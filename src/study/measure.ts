import type { JournalFitness, Work } from '../evolve/journal.ts'
import type { MeanInterval } from '../tasks/mean-interval.ts'
import { ACCURACY, metricSchema, worth, type Metric } from '../tasks/metric.ts'
import type { Seeded } from './statistics.ts'

/** What rules are compared by; more is better. */
export interface Measure {
  readonly name: string
  readonly isShare: boolean
  readonly of: (fitness: JournalFitness) => number | undefined
}

const loss: Measure = {
  name: 'minus the test loss',
  isShare: false,
  of: ({ testLoss }) => (testLoss === undefined ? undefined : -testLoss),
}
const score: Measure = { name: 'score', isShare: false, of: (fitness) => fitness.score }

/** The metric of the task that a run's configuration tells of: accuracy in journals that say nothing. */
export function metricOf(configuration: Readonly<Record<string, unknown>>): Metric {
  const { data } = metricSchema.safeParse(configuration['metric'])
  return data ?? ACCURACY
}

const named = ({ name, better }: Metric, part: string): string =>
  better === 'larger' ? `${part} ${name}` : `minus the ${part} ${name}`

/**
 * How rules are compared on data that the search has not seen: by the task's metric where it has one. Runs that were ended
 * early are tested too and count; diverged ones have nothing to test.
 */
export function testMeasure(
  finals: readonly { readonly runs: readonly JournalFitness[] }[],
  metric: Metric,
): Measure {
  const runs = finals.flatMap((each) => each.runs)
  if (runs.some(({ testMetric }) => testMetric !== undefined))
    return {
      name: named(metric, 'test'),
      isShare: metric.unit === 'share',
      of: ({ testMetric }) => (testMetric === undefined ? undefined : worth(metric, testMetric)),
    }
  return runs.some(({ testLoss }) => testLoss !== undefined) ? loss : score
}

/** Scores: the metric or its negative, or minus a loss. */
export function scoreMeasure(works: readonly Work[], metric: Metric): Measure {
  return validationMeasure(
    works.flatMap(({ attempts }) => attempts.map(({ fitness }) => fitness)),
    metric,
  )
}

/** The same of whole runs. */
export function validationMeasure(all: readonly JournalFitness[], metric: Metric): Measure {
  return all.some(({ testMetric }) => testMetric !== undefined)
    ? { ...score, name: named(metric, 'validation'), isShare: metric.unit === 'share' }
    : score
}

/** The measurements of the runs that have one. */
export function seeded(runs: readonly JournalFitness[], measure: Measure): readonly Seeded[] {
  return runs.flatMap((fitness) => {
    const value = measure.of(fitness)
    return value === undefined ? [] : [{ seed: fitness.seed, value }]
  })
}

/** A value as it stands in tables of text and in comments: `0.8721`. */
export function plainValue(value: number, { isShare }: Measure): string {
  const size = Math.abs(value)
  const isOrdinary = isShare || size === 0 || (size >= 0.001 && size < 1000)
  return isOrdinary ? value.toFixed(4) : value.toExponential(2)
}

/** A mean in the same way: `0.8721 ± 0.0040`; `plus` stands before what is above 0. */
export function plainInterval(
  { mean, halfWidth }: MeanInterval,
  measure: Measure,
  plus: '' | '+' = '',
): string {
  const half = halfWidth === undefined ? '' : ` ± ${plainValue(halfWidth, measure)}`
  return `${mean > 0 ? plus : ''}${plainValue(mean, measure)}${half}`
}

/** With blanks at which no line is broken. */
const PERCENT = '\u00a0%'
const PLUS_MINUS = '\u00a0±\u00a0'

/** A value with its unit: `87.21 %`, `−0.0123`. */
export function valueText(value: number | undefined, { isShare }: Measure): string {
  if (value === undefined) return '–'
  return isShare ? `${fixed(100 * value, 2)}${PERCENT}` : significant(value)
}

/** A mean with half its interval: `87.21 ± 0.40 %`. */
export function intervalText(value: MeanInterval | undefined, measure: Measure): string {
  if (value === undefined) return '–'
  const { mean, halfWidth } = value
  if (halfWidth === undefined) return valueText(mean, measure)
  return measure.isShare
    ? `${fixed(100 * mean, 2)}${PLUS_MINUS}${fixed(100 * halfWidth, 2)}${PERCENT}`
    : `${significant(mean)}${PLUS_MINUS}${significant(halfWidth)}`
}

/** A difference: `+0.42 ± 0.31` in points, where the measure is a share. */
export function differenceText(value: MeanInterval | undefined, { isShare }: Measure): string {
  if (value === undefined) return '–'
  const scale = isShare ? 100 : 1
  const text = (number: number): string => (isShare ? fixed(number, 2) : significant(number))
  const mean = `${value.mean > 0 ? '+' : ''}${text(scale * value.mean)}`
  return value.halfWidth === undefined
    ? mean
    : `${mean}${PLUS_MINUS}${text(scale * value.halfWidth)}`
}

function fixed(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', '−')
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−')
}

/** A whole number with its thousands apart. */
export function countText(value: number): string {
  return value.toLocaleString('en-US')
}

/** A learning rate or another number of a journal. */
export function numberText(value: number | undefined): string {
  return value === undefined ? '–' : significant(value)
}

/** A part of a whole in percent. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? '–' : `${fixed((100 * part) / whole, 1)}${PERCENT}`
}
