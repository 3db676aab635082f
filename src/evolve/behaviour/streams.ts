import { childKey, createRandom, rootKey, type Random } from '../../operators/random.ts'

/**
 * A run to observe an update on. Neither gradients nor weights depend on the updates, so that a rule that makes twice the
 * updates of another makes exactly twice the updates on every step.
 */
export interface Stream {
  readonly shape: readonly number[]
  readonly totalSteps: number
  readonly hyperparameters: {
    readonly lr: number
    readonly warmup: number
    readonly hold: number
  }
  /** Of each step from 0 on, row-major. */
  readonly gradients: readonly Float64Array[]
  /** The weights before each step, row-major. */
  readonly weights: readonly Float64Array[]
}

/** One element of a parameter: the gradient it gets on step `t` of `steps`, and how large its weight is. */
interface Element {
  readonly weight: number
  readonly gradient: (random: Random, t: number, steps: number) => number
}

const normal =
  (scale: number): Element['gradient'] =>
  (random) =>
    scale * random.normal()
const oneSided =
  (scale: number): Element['gradient'] =>
  (random) =>
    scale * Math.abs(random.normal())
const sparse =
  (scale: number): Element['gradient'] =>
  (random) =>
    random.chance(0.3) ? scale * random.normal() : 0
/** Every size from `low` to `high` on any step: what happens only within a narrow range is met too. */
const anySize =
  (low: number, high: number): Element['gradient'] =>
  (random) =>
    (random.chance(0.5) ? 1 : -1) * low * (high / low) ** random.uniform()
/** From one size to another, evenly: averages are then far above or below the gradient. */
const changing =
  (first: number, last: number): Element['gradient'] =>
  (random, t, steps) =>
    first * (last / first) ** (t / steps) * random.normal()
const dropping =
  (first: number, last: number): Element['gradient'] =>
  (random, t, steps) =>
    (t < steps / 4 ? first : last) * random.normal()

const GRADIENT_SIZES = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000]
/** Between those above, where most functions of the language bend. */
const MIDDLE_SIZES = [0.03, 0.3, 2, 3, 5, 30]
const WEIGHT_SIZES = [0.1, 1, 3]

const evenElements = (count: number, size: number, weight: number): readonly Element[] =>
  Array.from({ length: count }, () => ({ weight, gradient: normal(size) }))

/** One element of each size. */
const EVERY_SIZE: readonly Element[] = GRADIENT_SIZES.map((size, index) => ({
  weight: WEIGHT_SIZES[index % WEIGHT_SIZES.length]!,
  gradient: normal(size),
}))

/** The gradients of training that are not the same all the time. */
const UNEVEN: readonly Element[] = [
  ...[1e-3, 1, -1, -30].map(oneSided),
  ...[1e-3, 1, 100].map(sparse),
  ...[anySize(1e-6, 1e3), anySize(1e-3, 1e3), anySize(0.1, 10), anySize(0.5, 5)],
  ...[changing(1e-3, 10), changing(10, 1e-3), changing(100, 0.1), changing(3, 0.3)],
  ...[dropping(30, 0.3), dropping(3, 0.1), dropping(100, 1), dropping(0.01, 1)],
  () => 1,
].map((gradient) => ({ weight: 1, gradient }))

/** Every size of gradient with every size of weight, and the gradients that training also meets. */
const EVERY_KIND: readonly Element[] = [
  ...GRADIENT_SIZES.flatMap((size) =>
    WEIGHT_SIZES.flatMap((weight) => evenElements(1, size, weight)),
  ),
  ...MIDDLE_SIZES.flatMap((size) => evenElements(1, size, 1)),
  ...UNEVEN,
  ...evenElements(1, 1, 0),
]

interface Plan {
  readonly shape: readonly number[]
  readonly elements: readonly Element[]
  readonly totalSteps: number
  readonly hyperparameters: Stream['hyperparameters']
}

/** The learning rates at which the same run is repeated. They are powers of ten, as in a learning-rate probe. */
const REPEATED_RATES = [0.01, 10, 1e-5]

/** Runs of one parameter with every size of gradient that differ in nothing but their learning rate. */
export const repeatedStreams: readonly Stream[] = REPEATED_RATES.map((lr) =>
  makeStream('repeated', {
    shape: [EVERY_SIZE.length],
    elements: EVERY_SIZE,
    totalSteps: 11,
    hyperparameters: { lr, warmup: 3, hold: 0 },
  }),
)

/** A run in which every kind of element is met, through warm-up, hold and decay: gradients from 1e-6 to 1e3. */
export const wholeStream: Stream = makeStream('whole', {
  shape: [EVERY_KIND.length],
  elements: EVERY_KIND,
  totalSteps: 32,
  hyperparameters: { lr: 0.01, warmup: 6, hold: 4 },
})

/** A run with the gradients and weights that a network in training mostly has: what matters elsewhere only is not seen in it. */
export const trainingStream: Stream = makeStream('training', {
  shape: [16],
  elements: [1e-3, 0.01, 0.1, 1].flatMap((size) => evenElements(4, size, 0.1)),
  totalSteps: 60,
  hyperparameters: { lr: 0.01, warmup: 6, hold: 4 },
})

const OUTPUT_SIZES = [1e-3, 0.03, 1, 1, 30]
const INPUT_SIZES = [0.01, 0.3, 1, 10]
const MATRIX_SHAPE = [INPUT_SIZES.length, OUTPUT_SIZES.length]

/**
 * A run of a matrix whose outputs and inputs get gradients of sizes of their own, which is what rules that tell outputs from
 * inputs need: where all are alike, a limit on each output binds where one on all elements does.
 */
export const matrixStream: Stream = makeStream('matrix', {
  shape: MATRIX_SHAPE,
  elements: INPUT_SIZES.flatMap((input) =>
    OUTPUT_SIZES.map((output, index) => ({
      weight: WEIGHT_SIZES[index % WEIGHT_SIZES.length]!,
      gradient: normal(input * output),
    })),
  ),
  totalSteps: 32,
  hyperparameters: { lr: 0.01, warmup: 6, hold: 4 },
})

/** A run of a matrix with the gradients that a network in training mostly has, outputs and inputs of sizes of their own. */
export const trainingMatrixStream: Stream = makeStream('training matrix', {
  shape: MATRIX_SHAPE,
  elements: [0.1, 0.3, 1, 3].flatMap((input) =>
    [0.01, 0.03, 0.1, 0.1, 0.3].map((output) => ({
      weight: 0.1,
      gradient: normal(input * output),
    })),
  ),
  totalSteps: 60,
  hyperparameters: { lr: 0.01, warmup: 6, hold: 4 },
})

const EVEN_SHAPES = [[1], [2, 1], [5], [2, 2, 2, 4]]
const EVEN_RUNS = 24

/**
 * Runs of parameters whose elements have one size each, from 1e-4 to 100, which is what reductions need: clipping a mixture
 * would always be about its largest element. Of several shapes, lengths, learning rates and schedules.
 */
export const evenStreams: readonly Stream[] = Array.from({ length: EVEN_RUNS }, (_, index) => {
  const shape = EVEN_SHAPES[index % EVEN_SHAPES.length]!
  const size = 10 ** ((6 * index) / (EVEN_RUNS - 1) - 4)
  const weight = WEIGHT_SIZES[index % WEIGHT_SIZES.length]!
  return makeStream(`even ${index}`, {
    shape,
    elements: Array.from(
      { length: shape.reduce((product, length) => product * length, 1) },
      () => ({
        weight,
        gradient: normal(size),
      }),
    ),
    totalSteps: 6 + (index % 7),
    hyperparameters: { lr: 10 ** -(index % 5), warmup: index % 4, hold: index % 3 },
  })
})

/** A run that is long enough for slow averages to matter, and the beginning of one in which nothing has decayed yet. */
export const longStreams: readonly Stream[] = [
  makeStream('long', {
    shape: [UNEVEN.length + MIDDLE_SIZES.length],
    elements: [...UNEVEN, ...MIDDLE_SIZES.flatMap((size) => evenElements(1, size, 1))],
    totalSteps: 250,
    hyperparameters: { lr: 0.1, warmup: 30, hold: 20 },
  }),
  makeStream(
    'beginning',
    {
      shape: [EVERY_SIZE.length],
      elements: EVERY_SIZE,
      totalSteps: 4000,
      hyperparameters: { lr: 0.1, warmup: 5, hold: 1000 },
    },
    8,
  ),
]

/** The first `steps` steps of a run that is a little longer. */
export function distantStream(steps: number): Stream {
  return makeStream(
    'distant',
    {
      shape: [2],
      elements: [...evenElements(1, 1, 1), ...evenElements(1, 0.01, 0.1)],
      totalSteps: Math.ceil(1.1 * steps),
      hyperparameters: { lr: 0.1, warmup: 5, hold: 0 },
    },
    steps,
  )
}

function makeStream(name: string, plan: Plan, steps = plan.totalSteps): Stream {
  const { elements, shape, totalSteps, hyperparameters } = plan
  const random = createRandom(childKey(rootKey(1), 'behaviour', name))
  const gradients: Float64Array[] = []
  const weights: Float64Array[] = []
  let w = Float64Array.from(elements, ({ weight }) => weight * random.normal())
  for (let t = 0; t < steps; t++) {
    gradients.push(Float64Array.from(elements, ({ gradient }) => gradient(random, t, totalSteps)))
    weights.push(w)
    w = w.map((value, index) => value + 0.1 * elements[index]!.weight * random.normal())
  }
  return { shape, totalSteps, hyperparameters, gradients, weights }
}
