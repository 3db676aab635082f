import type { Point } from '../../draw/polyline.ts'
import { childKey, createRandom, rootKey } from '../../operators/random.ts'

/** A function of two variables that optimizers are shown on. */
export interface Surface {
  readonly name: string
  readonly title: string
  readonly value: (x: number, y: number) => number
  readonly gradient: (x: number, y: number) => Point
  /** What the gradient is off by at step `t`, from 0: the same in every run. */
  readonly noise?: (t: number) => Point
  readonly start: Point
  /** Where the value is smallest; it is 0 there. */
  readonly minima: readonly Point[]
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
  minima: [[1, 1]],
  low: [-1.8, -0.8],
  high: [1.8, 2.4],
  levels: heights(0.5, 4, 7),
}

const BEALE_TERMS = [
  [1.5, 1],
  [2.25, 2],
  [2.625, 3],
] as const

/** Beale's function: steep walls around a flat valley. */
export const BEALE: Surface = {
  name: 'beale',
  title: 'Beale, (1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²',
  value: (x, y) =>
    BEALE_TERMS.reduce((sum, [constant, power]) => sum + (constant - x + x * y ** power) ** 2, 0),
  gradient: (x, y) => {
    let [dx, dy] = [0, 0]
    for (const [constant, power] of BEALE_TERMS) {
      const term = constant - x + x * y ** power
      dx += 2 * term * (y ** power - 1)
      dy += 2 * term * x * power * y ** (power - 1)
    }
    return [dx, dy]
  },
  start: [1, 1.5],
  minima: [[3, 0.5]],
  low: [-0.6, -1.2],
  high: [4.4, 1.9],
  levels: heights(0.05, 3.5, 7),
}

/** A saddle between two minima: along x it goes down to the middle, where the gradient is almost 0. */
export const SADDLE: Surface = {
  name: 'saddle',
  title: 'Saddle, (x² - y²) / 2 + (y⁴ + 1) / 4',
  value: (x, y) => (x * x - y * y) / 2 + (y ** 4 + 1) / 4,
  gradient: (x, y) => [x, y ** 3 - y],
  start: [-1.5, 0.01],
  minima: [
    [0, 1],
    [0, -1],
  ],
  low: [-1.8, -1.5],
  high: [1.2, 1.5],
  levels: heights(0.01, 2.2, 7),
}

/** A quadratic whose curvatures differ by a factor of 1000. */
export const ILL_CONDITIONED: Surface = {
  name: 'ill-conditioned',
  title: 'Ill-conditioned, (x² + 1000 y²) / 2',
  value: (x, y) => (x * x + 1000 * y * y) / 2,
  gradient: (x, y) => [x, 1000 * y],
  start: [-2, 0.06],
  minima: [[0, 0]],
  low: [-2.4, -0.1],
  high: [0.8, 0.1],
  levels: heights(0.02, 2.5, 7),
}

/** Standard deviation of the noise in each coordinate of a noisy gradient. */
const NOISE = 2
const NOISE_KEY = childKey(rootKey(0), 'surface')

/** A quadratic that gives its gradient with noise, as batches do. */
export const NOISY: Surface = {
  name: 'noisy',
  title: 'Noisy, (x² + 4 y²) / 2, gradients with noise',
  value: (x, y) => (x * x + 4 * y * y) / 2,
  gradient: (x, y) => [x, 4 * y],
  noise: (t) => {
    const random = createRandom(childKey(NOISE_KEY, t))
    return [NOISE * random.normal(), NOISE * random.normal()]
  },
  start: [-2, 1.5],
  minima: [[0, 0]],
  low: [-2.6, -1.4],
  high: [1.4, 1.9],
  levels: heights(0.05, 2.5, 7),
}

/** What an optimizer is given at step `t` where it is. */
export function gradientAt(
  { gradient, noise }: Pick<Surface, 'gradient' | 'noise'>,
  [x, y]: Point,
  t: number,
): Point {
  const slope = gradient(x, y)
  const off = noise?.(t)
  return off === undefined ? slope : [slope[0] + off[0], slope[1] + off[1]]
}

/** The surfaces there are. */
export const SURFACES: readonly Surface[] = [
  {
    name: 'quadratic',
    title: 'Quadratic, (x² + 20 y²) / 2',
    value: (x, y) => (x * x + 20 * y * y) / 2,
    gradient: (x, y) => [x, 20 * y],
    start: [-2, 0.8],
    minima: [[0, 0]],
    low: [-2.4, -1.2],
    high: [1.2, 1.2],
    levels: heights(0.05, 2.5, 7),
  },
  ROSENBROCK,
  BEALE,
  SADDLE,
  ILL_CONDITIONED,
  NOISY,
]

/** The names of those that are drawn where none is asked for. */
export const USUAL_SURFACES: readonly string[] = ['quadratic', 'rosenbrock']
