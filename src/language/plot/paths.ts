import { contours } from '../../draw/contours.ts'
import type { Figure, Panel } from '../../draw/figure.ts'
import type { Point } from '../../draw/polyline.ts'
import { instantiate } from '../../plan/run/evaluate.ts'
import type { Program } from '../../ir/graph.ts'
import { allowsLearningRate, declaredLearningRate, LEARNING_RATE } from '../learning-rate.ts'
import { gradientAt, type Surface } from './surfaces.ts'

/** Where an optimizer went on a surface. */
export interface Path {
  readonly name: string
  readonly surface: string
  readonly totalSteps: number
  /** Absent when the program has no `lr`. */
  readonly learningRate?: number
  /** The start, and the place after each step; ends early where a coordinate is no longer finite. */
  readonly points: readonly Point[]
  /** The surface's value at each point. */
  readonly values: readonly number[]
}

/** How paths are made. */
export interface PathOptions {
  readonly totalSteps: number
  readonly hyperparameters: Readonly<Record<string, number>>
  /** A number, the program's own default, or the best of a grid for each surface. */
  readonly learningRate: number | 'auto' | 'default'
  /** What the two coordinates are to the optimizer: a vector when absent, or a matrix of two inputs and one output. */
  readonly shape?: 'vector' | 'matrix'
}

const SHAPES = { vector: [2], matrix: [2, 1] } as const

/** 10, 5, 2, 1, 0.5, ... 1e-6. */
const GRID = Array.from({ length: 22 }, (_, index) => {
  return Number(`${[1, 0.5, 0.2][index % 3]!}e${1 - Math.floor(index / 3)}`)
})

/** The path of `program` on `surface`, both coordinates one parameter. */
export function pathOf(program: Program, surface: Surface, options: PathOptions): Path {
  const search = searchPath(program, surface, options)
  for (;;) {
    const { done, value } = search.next()
    if (done === true) return value
  }
}

/** The same, with a pause after each learning rate that is tried. */
export function* searchPath(
  program: Program,
  surface: Surface,
  options: PathOptions,
): Generator<undefined, Path, undefined> {
  const declared = declaredLearningRate(program)
  const { learningRate } = options
  const given = options.hyperparameters[LEARNING_RATE]
  if (declared === undefined || given !== undefined) return follow(program, surface, options, given)
  if (learningRate !== 'auto') {
    const rate = learningRate === 'default' ? declared.default : learningRate
    return follow(program, surface, options, rate)
  }
  let best: Path | undefined
  for (const candidate of GRID.filter((rate) => allowsLearningRate(program, rate))) {
    const path = follow(program, surface, options, candidate)
    if (best === undefined || merit(path, surface) < merit(best, surface)) best = path
    yield undefined
  }
  return best ?? follow(program, surface, options, declared.default)
}

/** Small for a path that comes down early and stays in the picture. Infinite when it leaves the numbers. */
function merit({ points, values, totalSteps }: Path, { low, high }: Surface): number {
  if (values.length <= totalSteps) return Infinity
  // The end alone would prefer the luckiest of many paths that have arrived.
  const mean = values.reduce((sum, value) => sum + Math.log(value + 1e-9), 0) / values.length
  const outside = points.filter(([x, y]) => x < low[0] || x > high[0] || y < low[1] || y > high[1])
  return Number.isFinite(mean) ? mean + outside.length : Infinity
}

function follow(
  program: Program,
  surface: Surface,
  options: PathOptions,
  learningRate: number | undefined,
): Path {
  const { totalSteps, shape = 'vector' } = options
  const hyperparameters = {
    ...options.hyperparameters,
    ...(learningRate !== undefined && { [LEARNING_RATE]: learningRate }),
  }
  const evaluation = instantiate(program, {
    ...{ shape: SHAPES[shape], totalSteps, hyperparameters },
  })
  let w: Point = surface.start
  let states = evaluation.initialize(w)
  const points: Point[] = [w]
  for (let t = 0; t < totalSteps; t++) {
    const result = evaluation.update(gradientAt(surface, w, t), states, w, t)
    states = result.states
    w = [Math.fround(w[0] - result.update[0]!), Math.fround(w[1] - result.update[1]!)]
    if (!Number.isFinite(w[0]) || !Number.isFinite(w[1])) break
    points.push(w)
  }
  return {
    name: program.name,
    surface: surface.name,
    totalSteps,
    ...(learningRate !== undefined && { learningRate }),
    points,
    values: points.map(([x, y]) => surface.value(x, y)),
  }
}

/** What is drawn of a surface; its minima where they are known. */
export type DrawnSurface = Omit<Surface, 'gradient' | 'noise' | 'start' | 'minima'> &
  Partial<Pick<Surface, 'minima'>>

/** Cells of the contours' grid in each direction. */
const GRID_CELLS = 240

/** A panel a surface, with the contours and every path on it. */
export function pathsFigure(surfaces: readonly DrawnSurface[], paths: readonly Path[]): Figure {
  const names = [...new Set(paths.map(({ name }) => name))]
  const [first] = paths
  const panels = surfaces.map((surface): Panel => {
    const own = paths.filter((path) => path.surface === surface.name)
    const rates = own.flatMap(({ name, learningRate }) =>
      learningRate === undefined ? [] : `${name} ${learningRate}`,
    )
    return {
      title: surface.title,
      ...(rates.length > 0 && { note: `lr ${rates.join(', ')}` }),
      x: { label: 'x', low: surface.low[0], high: surface.high[0] },
      y: { label: '', low: surface.low[1], high: surface.high[1], round: false },
      contours: contours(surface, surface.levels, GRID_CELLS, GRID_CELLS),
      ...(surface.minima && { marks: surface.minima.map((at) => ({ at, name: 'minimum' })) }),
      series: own.map(({ name, points }) => ({
        name,
        color: names.indexOf(name),
        ends: true,
        points,
      })),
    }
  })
  return {
    title: names.length === 1 ? `${names[0]} on test surfaces` : names.join(', '),
    subtitle: `${first?.totalSteps ?? 0} steps from the ring; + is the minimum`,
    panels,
  }
}
