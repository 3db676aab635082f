import type { BandPoint, Figure, Panel, Series } from '../../../draw/figure.ts'
import type { Point } from '../../../draw/polyline.ts'
import { meanInterval } from '../../../tasks/mean-interval.ts'
import type { CurvePoint } from '../../../tasks/train.ts'
import type { Entry } from './contest.ts'
import { circumstancesText, type Circumstances } from './summary.ts'

/** Mean learning curves with their intervals: the metric, or the validation loss where there is none, and the training loss. */
export function learningCurves(circumstances: Circumstances, entries: readonly Entry[]): Figure {
  const trained = entries.filter(({ runs }) => runs.some(({ result }) => result.curve.length > 0))
  const { metric, isFunction, seeds, task } = circumstances
  const step = { label: 'step', low: 0 }
  const panel = (
    title: string,
    y: Panel['y'],
    value: (point: CurvePoint) => number | undefined,
  ): Panel => ({
    title,
    x: step,
    y,
    series: trained.map((entry) =>
      meanCurve(entry, entries.indexOf(entry), y.scale === 'logarithmic', value),
    ),
  })
  const lossPanel = (title: string, value: (point: CurvePoint) => number): Panel => {
    const points = trained.flatMap(({ runs }) => runs.flatMap(({ result }) => result.curve))
    // A log-likelihood may be below 0.
    const scale = points.some((point) => value(point) < 0) ? {} : { scale: 'logarithmic' as const }
    return panel(title, { label: '', ...scale }, value)
  }
  const validation =
    metric === undefined
      ? lossPanel(isFunction ? 'Loss' : 'Validation loss', (point) => point.validationLoss)
      : panel(
          `Validation ${metric.name}`,
          { label: '', ...(metric.unit === 'share' && { unit: 'percent' }) },
          (point) => point.validationMetric,
        )
  const panels = isFunction
    ? [validation]
    : [validation, lossPanel('Training loss', (point) => point.trainLoss)]
  const interval = seeds.length > 1 && !isFunction ? '; mean and 95 % interval' : ''
  return {
    title: `${trained.map(({ contender }) => contender.label).join(', ')} on ${task}`,
    subtitle: `${circumstancesText(circumstances)}${interval}`,
    panels,
  }
}

function meanCurve(
  { contender, runs }: Entry,
  color: number,
  positive: boolean,
  value: (point: CurvePoint) => number | undefined,
): Series {
  const byStep = new Map<number, number[]>()
  for (const { result } of runs) {
    for (const point of result.curve) {
      const measured = value(point)
      if (measured !== undefined)
        byStep.set(point.step, [...(byStep.get(point.step) ?? []), measured])
    }
  }
  const points: Point[] = []
  const band: BandPoint[] = []
  for (const [x, values] of [...byStep].sort(([a], [b]) => a - b)) {
    // The mean of those that have not diverged yet would be that of other runs.
    if (values.length < runs.length) break
    const { mean, halfWidth } = meanInterval(values)!
    points.push([x, mean])
    if (halfWidth === undefined) continue
    // On a logarithmic axis an interval that reaches 0 would have no end.
    const low = positive ? Math.max(mean - halfWidth, mean / 10) : mean - halfWidth
    band.push({ x, low, high: mean + halfWidth })
  }
  return { name: contender.label, color, points, band }
}
