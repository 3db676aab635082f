import type { Point } from '../../../draw/polyline.ts'

/** A curve of a run that goes on, in bounded memory. */
export interface GrowingCurve {
  readonly add: (point: Point) => void
  /** What is kept: every point, of long curves means of so many each; the last one as it is. */
  readonly points: () => readonly Point[]
  /** Where the last point is; -Infinity when there is none. */
  readonly lastX: () => number
}

/** More points than this are more than a terminal's dots. */
const MOST_POINTS = 400

/** A curve without points. */
export function createGrowingCurve(): GrowingCurve {
  let kept: Point[] = []
  /** How many points one that is kept stands for. */
  let share = 1
  let waiting: Point[] = []
  let last: Point | undefined
  return {
    add: (point) => {
      last = point
      waiting.push(point)
      if (waiting.length < share) return
      kept.push(meanOf(waiting))
      waiting = []
      if (kept.length < MOST_POINTS) return
      kept = Array.from({ length: kept.length / 2 }, (_, index) =>
        meanOf(kept.slice(2 * index, 2 * index + 2)),
      )
      share *= 2
    },
    points: () => (last === undefined || last === kept.at(-1) ? kept : [...kept, last]),
    lastX: () => last?.[0] ?? -Infinity,
  }
}

function meanOf(points: readonly Point[]): Point {
  const mean = (part: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[part], 0) / points.length
  return points.length === 1 ? points[0]! : [mean(0), mean(1)]
}
