import { childKey, createRandom, rootKey } from '../../operators/random.ts'
import { scheduled } from '../descent.ts'
import type { FilterSubject } from './subject.ts'
import { SIZE, UNIT } from './landscapes.ts'

const DURATION = { steps: 40, warmup: 4 } as const

/** Gradients one after the other. */
type Stream = readonly Float64Array[]

function drawStream(name: string, mean: (index: number) => number): Stream {
  const random = createRandom(childKey(rootKey(0), 'filters', name))
  return Array.from({ length: DURATION.steps }, () =>
    Float64Array.from({ length: SIZE }, (_, index) => UNIT * (mean(index) + random.normal())),
  )
}

/** Normal noise. */
const NOISE = drawStream('noise', () => 0)
const OTHER_NOISE = drawStream('other noise', () => 0)
/** Normal noise about a mean of its own size that stays, half of its elements negative. */
const TREND = drawStream('trend', (index) => (index % 2 === 0 ? 1 : -1))
const WEIGHTS = Float64Array.from({ length: SIZE }, (_, index) => UNIT * Math.cos(index))

/** What the rule would subtract in each step from weights that stay. */
function updatesOn(stream: Stream, { program, flipped, learningRate }: FilterSubject): Stream {
  const evaluation = scheduled(program, SIZE, learningRate, DURATION)
  let states = evaluation.initialize(WEIGHTS)
  return stream.map((gradient, t) => {
    const step = evaluation.update(gradient, states, WEIGHTS, t)
    states = step.states
    return flipped ? step.update.map((value) => -value) : step.update
  })
}

/** The share of the rarer sign among the elements of the updates on normal noise that are not 0; NaN when all are. */
export function rarerSign(subject: FilterSubject): number {
  let positive = 0
  let negative = 0
  for (const update of updatesOn(NOISE, subject)) {
    for (const value of update) {
      if (value > 0) positive += 1
      if (value < 0) negative += 1
    }
  }
  return Math.min(positive, negative) / (positive + negative)
}

/**
 * How much the updates on two streams of normal noise differ: the norm of their difference over the root of the sum of
 * their squared norms. 0 when the gradient makes no difference, near 1 for a rule without bias; NaN when all are 0.
 */
export function dependence(subject: FilterSubject): number {
  const other = updatesOn(OTHER_NOISE, subject)
  let difference = 0
  let total = 0
  updatesOn(NOISE, subject).forEach((update, t) => {
    update.forEach((value, index) => {
      const beside = other[t]![index]!
      difference += (value - beside) ** 2
      total += value * value + beside * beside
    })
  })
  return Math.sqrt(difference / total)
}

/** The mean cosine between update and gradient where the gradients have a trend; steps without an update count as 0. */
export function meanCosine(subject: FilterSubject): number {
  const cosines = updatesOn(TREND, subject).map((update, t) => cosine(update, TREND[t]!))
  return cosines.reduce((sum, value) => sum + value, 0) / cosines.length
}

function cosine(a: Float64Array, b: Float64Array): number {
  let product = 0
  let squareA = 0
  let squareB = 0
  for (let index = 0; index < a.length; index++) {
    product += a[index]! * b[index]!
    squareA += a[index]! ** 2
    squareB += b[index]! ** 2
  }
  return squareA === 0 ? 0 : product / Math.sqrt(squareA * squareB)
}
