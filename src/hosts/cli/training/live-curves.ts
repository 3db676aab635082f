import { stripVTControlCharacters } from 'node:util'
import type { Figure, Panel, Series } from '../../../draw/figure.ts'
import { drawTerminal } from '../../../draw/figure-terminal.ts'
import type { Point } from '../../../draw/polyline.ts'
import type { Metric } from '../../../tasks/metric.ts'
import type { TrainProgress } from '../../../tasks/train.ts'
import { createOutput } from '../output.ts'
import { describeProgress, progressBar, type Progress, type ProgressOptions } from '../progress.ts'
import { createRedrawnLines } from '../redrawn-lines.ts'
import type { World } from '../world.ts'
import type { RunName } from './contest.ts'
import { createGrowingCurve, type GrowingCurve } from './growing-curve.ts'

/** What the curves are of. */
export interface LiveCurvesOptions extends ProgressOptions {
  readonly task: string
  /** The contenders' labels, in the order of their colours. */
  readonly labels: readonly string[]
  /** Steps of a run. */
  readonly steps: number
  readonly metric: Metric | undefined
  /** Whether the loss is all there is to see. */
  readonly isFunction: boolean
}

/** Curves that grow in their place, above a bar. */
export interface LiveCurves extends Progress {
  /** A run goes on. */
  readonly moved: (run: RunName, progress: TrainProgress) => void
  /** Ends with the curves left where they are. */
  readonly leave: () => void
}

/** What is known of a run. */
interface RunCurves {
  readonly name: string
  readonly color: number
  readonly losses: GrowingCurve
  readonly scores: GrowingCurve
}

const REDRAW_MILLISECONDS = 200
const BAR_COLUMNS = 24
const USUAL_COLUMNS = 80
const USUAL_ROWS = 24
/** Wider figures are hard to follow. */
const WIDEST = 140
/** As of this width there is room for two panels side by side. */
const WIDE = 72
const TALLEST_PANEL = 14
const LOWEST_PANEL = 4
/** The colour of runs that a learning rate is chosen by. */
const TRIAL_COLOR = 7

/** Whether curves can be drawn in their place on standard error. */
export function canDrawInPlace({ stderr, env }: World): boolean {
  return stderr.isTerminal && env['TERM'] !== 'dumb'
}

/** Loss and metric of every run as they grow, on standard error, which must be a terminal. */
export function createLiveCurves(world: World, options: LiveCurvesOptions): LiveCurves {
  const { stderr } = world
  const { title, total, unit } = options
  const lines = createRedrawnLines(stderr)
  const { isColorSupported: color } = createOutput(world).notePaint
  const runs = new Map<string, RunCurves>()
  let trial: { readonly key: string; readonly curves: RunCurves; step: number } | undefined
  const start = world.now()
  let shownAt = -Infinity
  let state = { done: 0, remark: '' }

  const draw = (): void => {
    shownAt = world.now()
    // The last column stays empty: some terminals go on to the next line when it is filled.
    const columns = Math.max(1, (stderr.columns ?? USUAL_COLUMNS) - 1)
    const rows = Math.max(1, (stderr.rows ?? USUAL_ROWS) - 1)
    const seconds = (world.now() - start) / 1000
    const bar = progressBar(state.done, total, BAR_COLUMNS)
    const facts = describeProgress(state.done, total, unit, seconds)
    const tail = state.remark === '' ? '' : `  ${state.remark}`
    const status = `${title} ${bar} ${facts}${tail}`.slice(0, columns)
    const all = [...runs.values(), ...(trial ? [trial.curves] : [])]
    const figure = figureOf(all, options)
    lines.draw([...figureLines(figure, { columns, rows: rows - 2, color }), status])
  }
  return {
    moved: (run, progress) => {
      if (run.trying === undefined) {
        trial = undefined
        const key = JSON.stringify(run)
        const curves = runs.get(key) ?? newCurves(run, options)
        runs.set(key, curves)
        note(curves, progress)
        return
      }
      const key = JSON.stringify(run)
      if (trial?.key !== key || progress.step < trial.step)
        trial = { key, curves: newCurves(run, options), step: 0 }
      trial.step = progress.step
      note(trial.curves, progress)
    },
    update: (done, remark = '') => {
      state = { done, remark }
      if (world.now() - shownAt >= REDRAW_MILLISECONDS) draw()
    },
    log: (line) => {
      lines.log(line)
      draw()
    },
    end: lines.clear,
    leave: () => {
      draw()
      lines.leave()
    },
  }
}

function newCurves({ label, trying }: RunName, { labels }: LiveCurvesOptions): RunCurves {
  return {
    name: trying === undefined ? label : `${label}, trying lr ${trying}`,
    color: trying === undefined ? labels.indexOf(label) : TRIAL_COLOR,
    losses: createGrowingCurve(),
    scores: createGrowingCurve(),
  }
}

function note({ losses, scores }: RunCurves, { step, trainLoss, point }: TrainProgress): void {
  // With a point comes the mean since the last one, which lags behind what was reported between.
  if (point === undefined || losses.lastX() <= scores.lastX()) losses.add([step, trainLoss])
  if (point !== undefined) scores.add([step, point.validationMetric ?? point.validationLoss])
}

function figureOf(runs: readonly RunCurves[], options: LiveCurvesOptions): Figure {
  const { metric, isFunction, steps, task } = options
  const panel = (
    title: string,
    curveOf: (run: RunCurves) => GrowingCurve,
    y: Omit<Panel['y'], 'label'> = {},
  ): Panel => ({
    title,
    x: { label: 'step', low: 0, high: steps, round: false },
    y: { label: '', ...y },
    series: runs.flatMap((run): readonly Series[] => {
      const points = curveOf(run).points()
      return points.length === 0 ? [] : [{ name: run.name, color: run.color, points }]
    }),
  })
  const lossPanel = (title: string, curveOf: (run: RunCurves) => GrowingCurve): Panel =>
    panel(title, curveOf, {
      // A log-likelihood may be below 0.
      scale: runs.every((run) => isPositive(curveOf(run).points())) ? 'logarithmic' : 'linear',
    })
  const losses = lossPanel(isFunction ? 'Loss' : 'Training loss', ({ losses: curve }) => curve)
  const scores =
    metric === undefined
      ? lossPanel('Validation loss', ({ scores: curve }) => curve)
      : panel(
          `Validation ${metric.name}`,
          ({ scores: curve }) => curve,
          metric.unit === 'share' ? { unit: 'percent' } : {},
        )
  return { title: `training on ${task}`, panels: isFunction ? [losses] : [losses, scores] }
}

const isPositive = (points: readonly Point[]): boolean => points.every(([, y]) => y > 0)

/** The room that a figure has. */
interface Room {
  readonly columns: number
  readonly rows: number
  readonly color: boolean
}

/**
 * The figure in at most `rows` lines, with an empty one behind it: panels side by side where they fit, else below each other,
 * else one of them; nothing where there is no room for any, or nothing to see yet.
 */
function figureLines(figure: Figure, room: Room): readonly string[] {
  if (figure.panels.every(({ series }) => series.length === 0)) return []
  const { panels } = figure
  const seen = panels.filter(({ series }) => series.length > 0)
  const arrangements: readonly (readonly [Figure, boolean])[] =
    panels.length > 1 && room.columns >= WIDE
      ? [[figure, true]]
      : [
          [figure, false],
          [{ ...figure, panels: seen.slice(-1) }, false],
        ]
  for (const [shown, sideBySide] of arrangements) {
    const lines = fitted(shown, sideBySide, room)
    if (lines !== undefined) return [...lines, '']
  }
  return []
}

/** The figure with panels as high as there is room for; undefined where they would be too low, or too wide. */
function fitted(figure: Figure, sideBySide: boolean, room: Room): readonly string[] | undefined {
  const draw = (height: number): readonly string[] =>
    drawTerminal(figure, {
      ...{ width: Math.min(room.columns, WIDEST), color: room.color, height, sideBySide },
    })
      .trimEnd()
      .split('\n')
  const first = draw(TALLEST_PANEL)
  const over = Math.max(0, first.length - room.rows)
  const height = TALLEST_PANEL - Math.ceil(over / (sideBySide ? 1 : figure.panels.length))
  if (height < LOWEST_PANEL) return undefined
  const lines = height === TALLEST_PANEL ? first : draw(height)
  // Numbers at the axis may take more room than there is.
  const isTooWide = lines.some((line) => stripVTControlCharacters(line).length > room.columns)
  return isTooWide ? undefined : lines
}
