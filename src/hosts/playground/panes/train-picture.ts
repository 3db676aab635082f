import { drawChart, type Chart } from '../../../draw/chart-svg.ts'
import type { Axis } from '../../../draw/figure.ts'
import type { CurvePoint } from '../../../tasks/train.ts'
import type { Training, TrainingRun } from '../answers/train.ts'
import { element } from '../page/element.ts'
import { drawingWidth, showDrawing } from './drawing.ts'
import { swatch } from './swatch.ts'

/** Learning curves that grow, and a table of what has come of them. */
export interface TrainPicture {
  readonly element: HTMLElement
  readonly show: (training: Training) => void
  readonly draw: () => void
  readonly isDrawn: () => boolean
}

const PADDING = 12
const HEIGHT = 170

/** The curves of a run: the axis, and what of a point is on it. */
const PANELS: readonly {
  readonly id: string
  readonly y: Axis
  readonly value: (point: CurvePoint) => number | undefined
}[] = [
  {
    id: 'train-accuracy',
    y: { label: 'validation accuracy', unit: 'percent', high: 1 },
    value: (point) => point.validationMetric,
  },
  {
    id: 'train-loss',
    y: { label: 'training loss, nats', scale: 'logarithmic' },
    value: (point) => point.trainLoss,
  },
]

export function createTrainPicture(): TrainPicture {
  let training: Training | undefined
  const hosts = PANELS.map(() => element('figure'))
  const table = element('div', {
    ...{ class: 'table-host', tabindex: 0, role: 'group', 'aria-label': 'Results' },
  })
  const hint = element(
    'p',
    { class: 'empty' },
    'Train a small network with the rule, beside Adam, here in the browser.',
  )
  const host = element('div', { class: 'race-picture' }, hint)
  const draw = (): void => {
    if (training === undefined) return
    const width = drawingWidth(host) - 2 * PADDING
    PANELS.forEach(({ id, y, value }, index) => {
      const description = `${y.label} over steps`
      const size = { width, height: HEIGHT, id, description, right: 16 }
      showDrawing(hosts[index]!, drawChart(chartOf(training!, y, value), size))
    })
    table.replaceChildren(tableOf(training))
  }
  return {
    element: host,
    show: (next) => {
      if (training === undefined) host.replaceChildren(...hosts, table)
      training = next
      draw()
    },
    draw,
    isDrawn: () => training !== undefined,
  }
}

function chartOf(
  { runs, steps }: Training,
  y: Axis,
  value: (point: CurvePoint) => number | undefined,
): Chart {
  return {
    x: { label: 'step', low: 0, high: steps },
    y,
    series: runs.map(({ name, curve }, color) => ({
      ...{ name, color },
      points: curve.map((point) => [point.step, value(point) ?? NaN] as const),
    })),
  }
}

function tableOf({ runs }: Training): HTMLElement {
  const head = ['rule', 'lr', 'validation', 'test', 'steps a second']
  return element(
    'table',
    { class: 'racers' },
    element('caption', {}, 'Accuracies so far, and how fast the steps are'),
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text))),
    ),
    element('tbody', {}, ...runs.map(rowOf)),
  )
}

function rowOf(run: TrainingRun, color: number): HTMLElement {
  const { name, learningRate, curve, stepsPerSecond, result, isTuned } = run
  const percent = (value: number | undefined): string =>
    value === undefined ? '–' : `${(100 * value).toFixed(1)} %`
  const given = learningRate === undefined ? '–' : String(learningRate)
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, swatch(color), name),
    element('td', {}, learningRate !== undefined && !isTuned ? `${given} (given)` : given),
    element('td', {}, percent(curve.at(-1)?.validationMetric)),
    element('td', {}, result?.diverged === undefined ? percent(result?.testMetric) : 'diverged'),
    element('td', {}, stepsPerSecond === undefined ? '–' : stepsPerSecond.toFixed(0)),
  )
}
