import type { BandPoint, Figure, Panel, Series } from '../../../draw/figure.ts'
import type { Point } from '../../../draw/polyline.ts'
import { meanInterval } from '../../../tasks/mean-interval.ts'
import type { CurvePoint } from '../../../tasks/train.ts'
import type { Entry } from './contest.ts'
import { circumstancesText, type Circumstances } from './summary.ts'

/** Mean learning curves with their intervals: accuracy and loss, or the loss alone where there is no accuracy. */
export function learningCurves(circumstances: Circumstances, entries: readonly Entry[]): Figure {
  const trained = entries.filter(({ runs }) => runs.some(({ result }) => result.curve.length > 0))
  const { kind, seeds, task } = circumstances
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
  const panels =
    kind === 'classification'
      ? [
          panel(
            'Validation accuracy',
            { label: '', unit: 'percent' },
            (point) => point.validationAccuracy,
          ),
          panel('Training loss', { label: '', scale: 'logarithmic' }, (point) => point.trainLoss),
        ]
      : [panel('Loss', { label: '', scale: 'logarithmic' }, (point) => point.validationLoss)]
  const interval = seeds.length > 1 && kind === 'classification' ? '; mean and 95 % interval' : ''
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
