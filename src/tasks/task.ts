import { ROSENBROCK } from '../language/plot/surfaces.ts'
import { functionTask } from './function-problem.ts'
import { imageTask } from './image-task.ts'
import { perceptron, searchNetwork } from './networks/networks.ts'
import type { Task } from './open-task.ts'

/** Curvatures of the quadratic along its axes, from 1 to 100 in equal ratios. */
const CURVATURES = Array.from({ length: 10 }, (_, axis) => 100 ** (axis / 9))

const fashion14 = {
  data: 'fashion14',
  validationCount: 2000,
} as const
const mnist = {
  data: 'mnist',
  validationCount: 5000,
} as const
const fashionMnist = { ...mnist, data: 'fashion-mnist' } as const
const cifar10 = { ...mnist, data: 'cifar10' } as const

const hidden128 = perceptron([128])

/** Long enough to tell rules apart, and so short that three rules and three seeds take a minute or so on two cores. */
const NETWORK_STEPS = 600

/** Every task there is. */
export const TASKS: readonly Task[] = [
  functionTask({
    name: 'quadratic',
    summary: 'half the sum of c x^2 over 10 variables, curvatures c from 1 to 100',
    defaults: { steps: 200, batchSize: 1, evaluateEvery: 10 },
    start: CURVATURES.map(() => 1),
    value: (x) => x.reduce((sum, xi, axis) => sum + 0.5 * CURVATURES[axis]! * xi * xi, 0),
    gradient: (x) => x.map((xi, axis) => CURVATURES[axis]! * xi),
  }),
  functionTask({
    name: 'rosenbrock',
    summary: "Rosenbrock's curved valley, (1-x)^2 + 100 (y-x^2)^2 from (-1.2, 1)",
    defaults: { steps: 2000, batchSize: 1, evaluateEvery: 50 },
    start: ROSENBROCK.start,
    value: ([x = 0, y = 0]) => ROSENBROCK.value(x, y),
    gradient: ([x = 0, y = 0]) => ROSENBROCK.gradient(x, y),
  }),
  imageTask({
    ...fashion14,
    name: 'fashion14-mlp',
    summary: 'clothes at 14x14, one hidden layer of 128; carried with optc',
    defaults: { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 },
    network: hidden128,
  }),
  imageTask({
    ...fashion14,
    name: 'fashion14-cnn',
    summary: 'clothes at 14x14, the published convolutional network with base 8; carried with optc',
    defaults: { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 },
    network: searchNetwork(8),
  }),
  imageTask({
    ...fashionMnist,
    name: 'fashion-mnist',
    summary: 'Fashion-MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  }),
  imageTask({
    ...fashionMnist,
    name: 'fashion-mnist-mlp',
    summary: 'Fashion-MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: hidden128,
  }),
  imageTask({
    ...mnist,
    name: 'mnist',
    summary: 'MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  }),
  imageTask({
    ...mnist,
    name: 'mnist-mlp',
    summary: 'MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: hidden128,
  }),
  imageTask({
    ...cifar10,
    name: 'cifar10',
    summary: 'CIFAR-10 at 32x32 in colour, the published convolutional network with base 32',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(32),
  }),
]

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['mnist-cnn', 'mnist'],
  ['fashion-mnist-cnn', 'fashion-mnist'],
])

/** The task with that name; `mnist-cnn` and `fashion-mnist-cnn` are other names of `mnist` and `fashion-mnist`. */
export function findTask(name: string): Task | undefined {
  return TASKS.find((task) => task.name === (ALIASES.get(name) ?? name))
}
