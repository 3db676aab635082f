import * as tf from '@tensorflow/tfjs-core'
import type { Point } from '../../../draw/polyline.ts'
import type { DrawnSurface } from '../../../language/plot/paths.ts'
import { rootKey } from '../../../operators/random.ts'
import type { TensorTask } from '../../../tasks/open-task.ts'
import type { Problem } from '../../../tasks/problem.ts'
import { readScalar } from '../../../tasks/problem.ts'

/** Cells of the grid in each direction: what is between its points is interpolated. */
const CELLS = 60
const LEVELS = 8
/** What is drawn around the paths, of their extent. */
const MARGIN = 0.15

/** Where a run went in a plane. */
export interface PlanePath {
  readonly points: readonly Point[]
  /** The loss at each of them. */
  readonly values: readonly number[]
}

/** Whether a function is one of two numbers. */
export async function isPlane({ task, start }: TensorTask): Promise<boolean> {
  if (!task.isFunction) return false
  const problem = await start({ batchSize: 1, key: rootKey(0) })
  const count = problem.parameters.reduce((sum, { size }) => sum + size, 0)
  problem.dispose()
  return count === 2
}

/** The task, and the weights and losses of the run that begins next, in the order of its steps. */
export function recording(open: TensorTask): {
  readonly open: TensorTask
  readonly path: PlanePath
} {
  const points: Point[] = []
  const values: number[] = []
  const start: TensorTask['start'] = async (options) => {
    const problem = await open.start(options)
    const note = (): void => {
      const [x = NaN, y = NaN] = problem.parameters.flatMap((each) => [...each.dataSync()])
      points.push([x, y])
    }
    return {
      ...problem,
      step: async (step) => {
        note()
        const taken = await problem.step(step)
        values.push(await readScalar(taken.loss))
        return taken
      },
      dispose: () => {
        note()
        problem.dispose()
      },
    }
  }
  return { open: { ...open, start }, path: { points, values } }
}

/** The function of `open` around `paths`, measured on a grid; the lowest place that was found is its minimum. */
export async function surfaceAround(
  open: TensorTask,
  paths: readonly PlanePath[],
): Promise<DrawnSurface> {
  const shown = paths.flatMap(({ points, values }) =>
    // A path that leaves the valley would make it a dot.
    points.filter(([x, y], index) => {
      const value = values[index] ?? Infinity
      return Number.isFinite(x) && Number.isFinite(y) && (index === 0 || value <= values[0]!)
    }),
  )
  const [left, right] = extent(shown.map(([x]) => x))
  const [bottom, top] = extent(shown.map(([, y]) => y))
  const problem = await open.start({ batchSize: 1, key: rootKey(0) })
  try {
    // What is infinite at the start is the task's fault, elsewhere on the grid it is not.
    const first = await problem.step(0)
    tf.dispose([first.loss, first.gradients])
    const heights: number[] = []
    let lowest: { readonly at: Point; readonly height: number } | undefined
    for (let row = 0; row <= CELLS; row++)
      for (let column = 0; column <= CELLS; column++) {
        const at: Point = [
          left + ((right - left) * column) / CELLS,
          bottom + ((top - bottom) * row) / CELLS,
        ]
        const height = await heightAt(problem, at)
        heights.push(height)
        if (height < (lowest?.height ?? Infinity)) lowest = { at, height }
      }
    for (const { points, values } of paths)
      for (const [index, height] of values.entries())
        if (height < (lowest?.height ?? Infinity)) lowest = { at: points[index]!, height }
    const low = lowest?.height ?? 0
    const high = heights.reduce(
      (most, height) => (Number.isFinite(height) ? Math.max(most, height) : most),
      low,
    )
    return {
      name: open.task.name,
      title: open.task.summary,
      value: interpolated(
        heights.map((height) => (Number.isFinite(height) ? height : high)),
        [left, bottom],
        [right, top],
      ),
      ...(lowest && { minima: [lowest.at] }),
      ...{ low: [left, bottom], high: [right, top] },
      levels: Array.from(
        { length: LEVELS },
        (_, index) => low + (high - low) / 4 ** (LEVELS - index),
      ),
    }
  } finally {
    problem.dispose()
  }
}

/** The loss with the two numbers at a place. */
async function heightAt({ parameters, evaluate }: Problem, at: Point): Promise<number> {
  let next = 0
  for (const parameter of parameters) {
    const values = at.slice(next, next + parameter.size)
    next += parameter.size
    tf.tidy(() => parameter.assign(tf.tensor(values, parameter.shape)))
  }
  return (await evaluate('validation')).loss
}

/** From where to where values are, with the margin; never empty. */
function extent(values: readonly number[]): readonly [number, number] {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
  const margin = MARGIN * (high - low) || Math.max(1e-3, Math.abs(low) * MARGIN)
  return [low - margin, high + margin]
}

/** Heights of a grid as a function, linear in both directions between its points. */
function interpolated(
  heights: readonly number[],
  [left, bottom]: Point,
  [right, top]: Point,
): (x: number, y: number) => number {
  const cellOf = (share: number): readonly [number, number] => {
    const place = Math.min(CELLS, Math.max(0, share * CELLS))
    const cell = Math.min(CELLS - 1, Math.floor(place))
    return [cell, place - cell]
  }
  return (x, y) => {
    const [column, along] = cellOf((x - left) / (right - left))
    const [row, up] = cellOf((y - bottom) / (top - bottom))
    const at = (dx: number, dy: number): number => heights[(row + dy) * (CELLS + 1) + column + dx]!
    return (
      (at(0, 0) * (1 - along) + at(1, 0) * along) * (1 - up) +
      (at(0, 1) * (1 - along) + at(1, 1) * along) * up
    )
  }
}
