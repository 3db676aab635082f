import type { Point } from '../../draw/polyline.ts'

/** A function of two variables that optimizers are shown on. */
export interface Surface {
  readonly name: string
  readonly title: string
  readonly value: (x: number, y: number) => number
  readonly gradient: (x: number, y: number) => Point
  readonly start: Point
  readonly minimum: Point
  /** The part that is drawn. */
  readonly low: Point
  readonly high: Point
  /** Heights of the contours, rising. */
  readonly levels: readonly number[]
}

/** `count` heights from `lowest` on, each `ratio` times the one before. */
const heights = (lowest: number, ratio: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => lowest * ratio ** index)

/** Rosenbrock's curved valley. */
export const ROSENBROCK: Surface = {
  name: 'rosenbrock',
  title: 'Rosenbrock, (1 - x)² + 100 (y - x²)²',
  value: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  start: [-1.2, 1],
  minimum: [1, 1],
  low: [-1.8, -0.8],
  high: [1.8, 2.4],
  levels: heights(0.5, 4, 7),
}

/** The surfaces there are. */
export const SURFACES: readonly Surface[] = [
  {
    name: 'quadratic',
    title: 'Quadratic, (x² + 20 y²) / 2',
    value: (x, y) => (x * x + 20 * y * y) / 2,
    gradient: (x, y) => [x, 20 * y],
    start: [-2, 0.8],
    minimum: [0, 0],
    low: [-2.4, -1.2],
    high: [1.2, 1.2],
    levels: heights(0.05, 2.5, 7),
  },
  ROSENBROCK,
]
