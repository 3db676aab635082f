import type { Network } from './network-shape.ts'
import type { ImageClasses } from './network.ts'
import type { Task } from './open-task.ts'
import type { NetworkWidth, Surrogate } from './protocol.ts'

/** Multiplications that `network` takes to score one image of that shape: of dense layers and convolutions alone. */
export function networkWork(
  network: Network,
  { height, width, channels, classes }: ImageClasses,
): number {
  if (network.kind === 'mlp') {
    const widths = [height * width * channels, ...network.hidden, classes]
    return products(widths)
  }
  const [first, second, third] = network.widths
  // Each of the strides halves the image, rounded up.
  const places = [1, 2, 4].map((stride) => Math.ceil(height / stride) * Math.ceil(width / stride))
  const filters = [channels * first, first * second, second * third].map((pairs) => 9 * pairs)
  return filters.reduce((sum, size, index) => sum + size * places[index]!, third * classes)
}

/** The sum of the products of neighbours. */
function products(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, width, index) => sum + width * widths[index]!, 0)
}

/**
 * Multiplications of the forward pass of a training step with `batchSize` examples, of a model as wide as asked; undefined where
 * nobody knows.
 */
export function stepWork(
  { work, defaults }: Task,
  batchSize = defaults.batchSize,
  width?: NetworkWidth,
): number | undefined {
  return work === undefined ? undefined : batchSize * work(width)
}

/** The same for `task` as a surrogate trains it. */
export function surrogateWork(
  task: Task,
  { width, batchSize }: Pick<Surrogate, 'width' | 'batchSize'>,
): number | undefined {
  return stepWork(task, batchSize, width)
}
