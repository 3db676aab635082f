import { BEALE, ILL_CONDITIONED, NOISY, ROSENBROCK, SADDLE } from '../language/plot/surfaces.ts'
import { functionTask, surfaceTask } from './function-problem.ts'
import { imageTask } from './image-task.ts'
import { perceptron, searchNetwork } from './networks/networks.ts'
import { rowReader } from './networks/text-networks.ts'
import type { Task, TensorTask } from './open-task.ts'
import { FASHION14_CNN, FASHION14_MLP, NETWORK_STEPS } from './task-tables/fashion14.ts'
import { IMAGE_TASKS } from './task-tables/image-tasks.ts'
import { EFFICIENT_NET_TASKS } from './task-tables/efficient-net-tasks.ts'
import { SMALL_TASKS } from './task-tables/small-tasks.ts'
import { TABLE_TASKS } from './task-tables/table-tasks.ts'
import { TEXT_TASKS } from './task-tables/text-tasks.ts'

/** Curvatures of the quadratic along its axes, from 1 to 100 in equal ratios. */
const CURVATURES = Array.from({ length: 10 }, (_, axis) => 100 ** (axis / 9))

const hidden128 = perceptron([128])

/** Every task there is. */
export const TASKS: readonly Task<TensorTask>[] = [
  functionTask({
    name: 'quadratic',
    summary: 'half the sum of c x^2 over 10 variables, curvatures c from 1 to 100',
    defaults: { steps: 200, batchSize: 1, evaluateEvery: 10 },
    start: CURVATURES.map(() => 1),
    value: (x) => x.reduce((sum, xi, axis) => sum + 0.5 * CURVATURES[axis]! * xi * xi, 0),
    gradient: (x) => x.map((xi, axis) => CURVATURES[axis]! * xi),
  }),
  surfaceTask(
    ROSENBROCK,
    2000,
    "Rosenbrock's curved valley, (1-x)^2 + 100 (y-x^2)^2 from (-1.2, 1)",
  ),
  surfaceTask(BEALE, 1000, "Beale's flat valley between steep walls, from (1, 1.5) to (3, 0.5)"),
  surfaceTask(SADDLE, 400, 'from beside a saddle, (x^2 - y^2)/2 + (y^4 + 1)/4 from (-1.5, 0.01)'),
  surfaceTask(ILL_CONDITIONED, 1000, 'curvatures 1 and 1000, (x^2 + 1000 y^2)/2 from (-2, 0.06)'),
  surfaceTask(
    NOISY,
    400,
    '(x^2 + 4 y^2)/2 from (-2, 1.5), gradients with noise that every run has the same',
  ),
  imageTask(FASHION14_MLP),
  imageTask(FASHION14_CNN),
  imageTask({
    data: 'fashion14',
    name: 'fashion14-lstm',
    summary: 'clothes at 14x14, read row after row by an LSTM of 64; carried with optc',
    defaults: { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 },
    network: rowReader(64),
  }),
  imageTask({
    data: 'fashion-mnist',
    name: 'fashion-mnist',
    summary: 'Fashion-MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  }),
  imageTask({
    data: 'fashion-mnist',
    name: 'fashion-mnist-mlp',
    summary: 'Fashion-MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: hidden128,
  }),
  imageTask({
    data: 'mnist',
    name: 'mnist',
    summary: 'MNIST at 28x28, the published convolutional network with base 16',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(16),
  }),
  imageTask({
    data: 'mnist',
    name: 'mnist-mlp',
    summary: 'MNIST at 28x28, one hidden layer of 128',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: hidden128,
  }),
  imageTask({
    data: 'cifar10',
    name: 'cifar10',
    summary: 'CIFAR-10 at 32x32 in colour, the published convolutional network with base 32',
    defaults: { steps: NETWORK_STEPS, batchSize: 128, evaluateEvery: 200 },
    network: searchNetwork(32),
  }),
  ...SMALL_TASKS,
  ...TABLE_TASKS,
  ...IMAGE_TASKS,
  ...EFFICIENT_NET_TASKS,
  ...TEXT_TASKS,
]

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['mnist-cnn', 'mnist'],
  ['fashion-mnist-cnn', 'fashion-mnist'],
])

/** The task with that name; `mnist-cnn` and `fashion-mnist-cnn` are other names of `mnist` and `fashion-mnist`. */
export function findTask(name: string): Task<TensorTask> | undefined {
  return TASKS.find((task) => task.name === (ALIASES.get(name) ?? name))
}
