import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { findDataSource } from '../../src/tasks/data-set.ts'
import { buildNetwork, type NetworkEnds } from '../../src/tasks/networks/network.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import type { ImageTask } from '../../src/tasks/image-task.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import { networkWork, perceptron, searchNetwork } from '../../src/tasks/networks/networks.ts'
import type { Task } from '../../src/tasks/open-task.ts'
import { findTask, TASKS } from '../../src/tasks/task.ts'
import { stepWork, surrogateWork } from '../../src/tasks/work.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

/** The same from the layers themselves: each number that comes out of a kernel is as many products as one of its columns is long. */
function countedWork(network: Network, ends: NetworkEnds): number {
  const model = buildNetwork(network, ends, OBJECTIVES.classification, rootKey(1))
  const count = tf.tidy(() => {
    let flow: tf.Tensor = tf.zeros([1, ...ends.input])
    let sum = 0
    for (const layer of model.layers) {
      flow = layer.infer(flow)
      const kernel = layer.parameters.find(({ rank }) => rank > 1)
      if (kernel !== undefined) sum += (flow.size * kernel.size) / kernel.shape.at(-1)!
    }
    return sum
  })
  model.dispose()
  return count
}

function endsOf(data: string): NetworkEnds {
  const { height, width, channels, classes } = findDataSource(data)!
  return { input: [height, width, channels], outputs: classes }
}

describe('the work of a step', () => {
  it.each([
    ['an odd image', searchNetwork(3), { input: [7, 10, 3], outputs: 4 }],
    ['one pixel', searchNetwork(2), { input: [1, 1, 1], outputs: 2 }],
    ['two hidden layers', perceptron([5, 3]), { input: [4, 3, 2], outputs: 6 }],
    ['no hidden layer', perceptron([]), { input: [4, 3, 1], outputs: 2 }],
  ] as const)('is what the layers multiply: %s', (_, network, image) => {
    expect(networkWork(network, image)).toBe(countedWork(network, image))
  })

  it.each(TASKS.filter((task: Task): task is ImageTask => 'network' in task))(
    'is that of $name for each image of the batch',
    (task) => {
      const work = countedWork(task.network, endsOf(task.data))
      expect(stepWork(task)).toBe(task.defaults.batchSize * work)
      expect(stepWork(task, 3)).toBe(3 * work)
    },
  )

  it('is that of the network which a surrogate trains', () => {
    const task = findTask('cifar10')!
    const { evolution } = findProtocol('published')!
    const image = endsOf('cifar10')
    expect(surrogateWork(task, evolution)).toBe(128 * networkWork(searchNetwork(48), image))
  })

  it('is nothing for functions', () => {
    expect(stepWork(findTask('rosenbrock')!)).toBe(0)
    expect(surrogateWork(findTask('rosenbrock')!, findProtocol('quick')!.evolution)).toBe(0)
  })
})
