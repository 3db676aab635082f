import { ROSENBROCK } from '../language/plot/surfaces.ts'

/** The layers of a network for images, as numbers only. */
export type Network =
  | {
      readonly kind: 'mlp'
      /** Width of each hidden layer; rectified linear units. */
      readonly hidden: readonly number[]
    }
  | {
      readonly kind: 'cnn'
      /** Output channels of the three 3x3 convolutions, the second and third with stride 2. */
      readonly widths: readonly [number, number, number]
      /** Rate of the dropout before the last layer. */
      readonly dropout: number
    }

interface TaskBase {
  readonly name: string
  readonly summary: string
  readonly defaults: {
    readonly steps: number
    readonly batchSize: number
    readonly evaluateEvery: number
  }
}

/** Minimise a function of a few variables; its value is the loss. */
export interface FunctionTask extends TaskBase {
  readonly kind: 'function'
  readonly start: readonly number[]
  readonly value: (x: readonly number[]) => number
  readonly gradient: (x: readonly number[]) => readonly number[]
}

/** Classify images. */
export interface ClassificationTask extends TaskBase {
  readonly kind: 'classification'
  /** Name of the data set, a row of the data sources. */
  readonly data: string
  readonly network: Network
  /** How many of the training file's images, its last ones, are the validation set. */
  readonly validationCount: number
  /** The accuracy of guessing. */
  readonly chanceAccuracy: number
}

/** Something to train on: one row of {@link TASKS}. */
export type Task = FunctionTask | ClassificationTask

/** The convolutional network of the published search with `base` channels (arXiv 2404.06679). */
export function searchNetwork(base: number): Network {
  return { kind: 'cnn', widths: [base, 2 * base, 4 * base], dropout: 0.2 }
}

/** Curvatures of the quadratic along its axes, from 1 to 100 in equal ratios. */
const CURVATURES = Array.from({ length: 10 }, (_, axis) => 100 ** (axis / 9))

const fashion14 = {
  kind: 'classification',
  data: 'fashion14',
  validationCount: 2000,
  chanceAccuracy: 0.1,
} as const
const mnist = {
  kind: 'classification',
  data: 'mnist',
  validationCount: 5000,
  chanceAccuracy: 0.1,
} as const
const fashionMnist = { ...mnist, data: 'fashion-mnist' } as const
const cifar10 = { ...mnist, data: 'cifar10' } as const

const perceptron: Network = { kind: 'mlp', hidden: [128] }

/** Long enough to tell rules apart, and so short that three rules and three seeds take a minute or so on two cores. */
const NETWORK_STEPS = 600

/** Every task there is. */
export const TASKS: readonly Task[] = [
  {
    name: 'quadratic',
    summary: 'half the sum of c x^2 over 10 variables, curvatures c from 1 to 100',
    kind: 'function',
    defaults: { steps: 200, batchSize: 1, evaluateEvery: 10 },
    start: CURVATURES.map(() => 1),
    value: (x) => x.reduce((sum, xi, axis) => sum + 0.5 * CURVATURES[axis]! * xi * xi, 0),
    gradient: (x) => x.map((xi, axis) => CURVATURES[axis]! * xi),
  },
  {
    name: 'rosenbrock',
    summary: "Rosenbrock's curved valley, (1-x)^2 + 100 (y-x^2)^2 from (-1.2, 1)",
    kind: 'function',
    defaults: { steps: 2000, batchSize: 1, evaluateEvery: 50 },
    start: ROSENBROCK.start,
    value: ([x = 0, y = 0]) => ROSENBROCK.value(x, y),
    gradient: ([x = 0, y = 0]) => ROSENBROCK.gradient(x, y),
  },
  {
    ...fashion14,
    name: 'fashion14-mlp',
    summary: 'clothes at 14x14, one hidden layer of 128; carried with optc',
    defaults: { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 },
    network: perceptron,
  },
  {
    ...fashion14,
    name: 'fashion14-cnn',
    summary: 'clothes at 14x14, the published convolutional network with base 8; carried with optc',
    defaults: { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 },
    network: searchNetwork(8),
  },
  {
    ...fashionMnist,
    name: 'fashion-mnist',
    summary: 'Fashion-MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  },
  {
    ...fashionMnist,
    name: 'fashion-mnist-mlp',
    summary: 'Fashion-MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: perceptron,
  },
  {
    ...mnist,
    name: 'mnist',
    summary: 'MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  },
  {
    ...mnist,
    name: 'mnist-mlp',
    summary: 'MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: perceptron,
  },
  {
    ...cifar10,
    name: 'cifar10',
    summary: 'CIFAR-10 at 32x32 in colour, the published convolutional network with base 32',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(32),
  },
]

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['mnist-cnn', 'mnist'],
  ['fashion-mnist-cnn', 'fashion-mnist'],
])

/** The task with that name; `mnist-cnn` and `fashion-mnist-cnn` are other names of `mnist` and `fashion-mnist`. */
export function findTask(name: string): Task | undefined {
  return TASKS.find((task) => task.name === (ALIASES.get(name) ?? name))
}
