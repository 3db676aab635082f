import { drawChart, type Chart, type Dot, type Level, type Thread } from '../../draw/chart-svg.ts'
import type { Point } from '../../draw/polyline.ts'
import { evaluationsOf } from '../../evolve/journal.ts'
import { meanScore } from '../../evolve/scored.ts'
import { meanInterval } from '../../tasks/mean-interval.ts'
import type { Context } from '../context.ts'
import { figure, paragraph, tag, type Section } from '../html.ts'
import { seeded, valueText } from '../../study/measure.ts'
import { configured, childPositionOf, resultOf, searchScores, type Run } from '../run.ts'
import { drawStandings } from './final-table.ts'

/** What one particle was after one time step; an interval where several seeds were run. */
interface Stand {
  readonly timestep: number
  readonly slot: string
  readonly score: number
  readonly halfWidth: number | undefined
}

interface Trajectory {
  readonly particle: number
  readonly stands: readonly Stand[]
  /** Scores of all children, whatever became of them. */
  readonly children: readonly Point[]
}

/** With more particles than these their charts are drawn smaller. */
const MANY = 16

const CHILD_COLOR = 7
const PATH_COLOR = 0
const WINNER_COLOR = 1
const BASELINE_COLOR = 6

/** What the charts of this section have in common. */
interface Progress {
  readonly context: Context
  readonly trajectories: readonly Trajectory[]
  /** The particle that the best rule came from. */
  readonly winner: number | undefined
  readonly levels: readonly Level[]
  readonly axes: Pick<Chart, 'x' | 'y' | 'series'>
}

/** Scores over time: all particles in one chart, then each in its own. */
export function progressSection(context: Context): Section | undefined {
  const { run } = context
  const trajectories = trajectoriesOf(context)
  if (trajectories.length === 0) return undefined
  const progress = readProgress(context, trajectories)
  const raced = run.selections.some(({ race }) => race !== undefined)
  const isMany = trajectories.length > MANY
  return {
    id: 'progress',
    title: 'Fitness over time',
    body: [
      paragraph(
        `What each particle was after each time step; step 0 is the rule it began with.${raced ? ' Where children raced against their parent on fresh seeds, the bar is the 95 % interval of the mean over those seeds.' : ' Every selection rests on one seed: the score of a chosen rule is the best of several and flatters it.'}`,
      ),
      isFinalElsewhere(run)
        ? figure(
            panel('The search', drawOverview(progress, 560)) +
              panel('The final evaluation, on fresh seeds', drawStandings(context, 400)),
            captionOf(progress),
            'side-by-side',
          )
        : figure(drawOverview(progress, 960), captionOf(progress), 'wide'),
      tag(
        'div',
        { class: isMany ? 'multiples many' : 'multiples' },
        ...trajectories.map((each) => drawParticle(progress, each)),
      ),
    ].join('\n'),
  }
}

function readProgress(context: Context, trajectories: readonly Trajectory[]): Progress {
  const { run, best, score } = context
  const levels = baselineLevels(context)
  const [low, high] = range(trajectories, levels)
  const steps = Math.max(1, configured(run, 'timesteps'))
  return {
    context,
    trajectories,
    winner: best[0] === undefined ? undefined : winningParticle(run, best[0].slot),
    levels,
    axes: {
      x: { label: 'time step', low: 0, high: steps, round: false, whole: true },
      y: { label: score.name, low, high, round: false, unit: score.isShare ? 'percent' : 'number' },
      series: [],
    },
  }
}

function drawOverview(progress: Progress, width: number): string {
  const { context, trajectories, winner, levels, axes } = progress
  const chart: Chart = {
    ...axes,
    levels,
    threads: [...trajectories]
      .sort((a, b) => Number(a.particle === winner) - Number(b.particle === winner))
      .map((each) => pathOf(each, each.particle === winner)),
    dots: trajectories.flatMap((each) => [
      ...childDots(each, shiftOf(each)),
      ...(each.particle === winner ? standDots(each, WINNER_COLOR, context) : []),
    ]),
  }
  return drawChart(chart, {
    width,
    height: 360,
    id: 'progress-chart',
    description: `${context.score.name} of all particles over time`,
  })
}

function drawParticle(progress: Progress, trajectory: Trajectory): string {
  const { context, trajectories, winner, axes } = progress
  const { particle } = trajectory
  const color = particle === winner ? WINNER_COLOR : PATH_COLOR
  const chart: Chart = {
    ...axes,
    title: `particle ${particle}`,
    x: { ...axes.x, label: '' },
    y: { ...axes.y, label: '' },
    threads: [{ ...pathOf(trajectory, true), color }],
    dots: [...childDots(trajectory), ...standDots(trajectory, color, context)],
  }
  return drawChart(chart, {
    ...(trajectories.length > MANY ? { width: 170, height: 62 } : { width: 250, height: 100 }),
    id: `particle-${particle}`,
    description: `${context.score.name} of particle ${particle} over time`,
    right: 8,
  })
}

function captionOf({ context, trajectories, winner, levels, axes }: Progress): string {
  const below = trajectories
    .flatMap(({ children }) => children)
    .filter(([, value]) => value < axes.y.low!).length
  return [
    ...(winner === undefined
      ? []
      : [`The strong line is particle ${winner}, which the best rule came from.`]),
    `Pale dots are children${below === 0 ? '' : `; ${below} ${below === 1 ? 'lies' : 'lie'} below the frame`}.`,
    ...(levels.length > 0
      ? [
          'Dashed lines are the baselines, tuned, on the fresh seeds of the final evaluation and the same surrogate.',
        ]
      : []),
    ...(isFinalElsewhere(context.run)
      ? [
          'The finalists and the baselines were trained on another surrogate, so that their axis is another one: compare them with each other.',
        ]
      : []),
  ].join(' ')
}

function trajectoriesOf({ run, score }: Context): readonly Trajectory[] {
  const scores = searchScores(run)
  const particles = new Map<number, { start: string | undefined; children: Point[] }>()
  for (const work of run.works) {
    const place = childPositionOf(work.slot)
    if (place === undefined) continue
    const known = particles.get(place.particle) ?? { start: undefined, children: [] }
    if (place.timestep === 1) known.start ??= work.parent
    const value = resultOf(work)?.score
    if (value !== undefined) known.children.push([place.timestep, value])
    particles.set(place.particle, known)
  }
  return [...particles]
    .sort(([a], [b]) => a - b)
    .map(([particle, { start, children }]): Trajectory => {
      const first = start === undefined ? undefined : scores.get(start)?.score
      const stands = run.selections
        .filter((selection) => selection.particle === particle)
        .map(({ timestep, slot, score: chosen, race }): Stand => {
          const runs = race?.contenders.find((contender) => contender.slot === slot)?.runs ?? []
          const mean = meanInterval(seeded(runs, score).map(({ value }) => value))
          return {
            timestep,
            slot,
            score: mean?.mean ?? chosen,
            halfWidth: mean?.halfWidth,
          }
        })
      const begin: Stand[] =
        start === undefined || first === undefined
          ? []
          : [{ timestep: 0, slot: start, score: first, halfWidth: undefined }]
      return { particle, stands: [...begin, ...stands], children }
    })
}

/** The particle whose descent ends in a slot: its own, or the one that began with it. */
function winningParticle(run: Run, slot: string): number | undefined {
  const own = childPositionOf(slot)?.particle
  if (own !== undefined) return own
  const child = run.works.find(({ parent }) => parent === slot)
  return child && childPositionOf(child.slot)?.particle
}

function panel(title: string, drawing: string): string {
  return tag('div', { class: 'panel' }, tag('h3', {}, title), drawing)
}

function evolutionSurrogates(run: Run): ReadonlySet<string> {
  return new Set(
    run.works.flatMap(({ slot, attempts }) =>
      childPositionOf(slot) === undefined ? [] : attempts.map(({ fitness }) => fitness.surrogate),
    ),
  )
}

/** Whether the final evaluation has another surrogate than the evolution, so that their scores do not compare. */
function isFinalElsewhere(run: Run): boolean {
  const surrogates = evolutionSurrogates(run)
  return run.finals.flatMap(evaluationsOf).some(({ surrogate }) => !surrogates.has(surrogate))
}

/** The baselines' scores, where they were judged by the surrogate of the evolution. */
function baselineLevels({ run }: Context): readonly Level[] {
  const surrogates = evolutionSurrogates(run)
  return run.finals.flatMap((final) => {
    const value = meanScore(final.runs)
    return final.of === undefined &&
      value > -Infinity &&
      final.runs.every(({ surrogate }) => surrogates.has(surrogate))
      ? [{ name: final.name, value, color: BASELINE_COLOR }]
      : []
  })
}

/** What particles became and baselines reached, and a stretch below: most children are worse. */
function range(
  trajectories: readonly Trajectory[],
  levels: readonly Level[],
): readonly [number, number] {
  const values = [
    ...trajectories.flatMap(({ stands }) => stands.map((stand) => stand.score)),
    ...levels.map(({ value }) => value),
  ]
  const children = trajectories.flatMap((each) => each.children.map(([, value]) => value))
  const all = values.length > 0 ? values : children
  const [low, high] = [Math.min(...all), Math.max(...all, ...children)]
  const height = high - low || Math.abs(high) || 1
  const ends = trajectories.flatMap(({ stands }) =>
    stands.map(({ score, halfWidth = 0 }) => score + halfWidth),
  )
  return [
    Math.max(Math.min(low, ...children), low - 0.25 * height) - 0.04 * height,
    Math.min(Math.max(high, ...ends), high + 0.2 * height) + 0.04 * height,
  ]
}

function pathOf({ stands }: Trajectory, isStrong: boolean): Thread {
  return {
    points: stands.map(({ timestep, score }): Point => [timestep, score]),
    color: isStrong ? WINNER_COLOR : PATH_COLOR,
    faint: !isStrong,
  }
}

function childDots({ children }: Trajectory, shift = 0): readonly Dot[] {
  return children.map(([timestep, value]) => ({
    at: [timestep + shift, value],
    color: CHILD_COLOR,
    size: 2,
    faint: true,
  }))
}

/** Children of different particles side by side, within a fifth of a time step. */
function shiftOf({ particle }: Trajectory): number {
  return (((particle * 7) % 13) - 6) / 65
}

function standDots({ stands }: Trajectory, color: number, { score }: Context): readonly Dot[] {
  return stands.map(({ timestep, slot, score: value, halfWidth }) => ({
    at: [timestep, value],
    color,
    size: 3.4,
    title: `${slot}: ${valueText(value, score)}`,
    ...(halfWidth !== undefined && { low: value - halfWidth, high: value + halfWidth }),
  }))
}
