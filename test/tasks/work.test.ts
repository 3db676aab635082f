import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { findImageData, imageShape } from '../../src/tasks/image-data.ts'
import { buildNetwork, type NetworkEnds } from '../../src/tasks/networks/network.ts'
import { efficientNetV2S } from '../../src/tasks/networks/efficient-net.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import type { ImageTask } from '../../src/tasks/image-problem.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import { networkWork, perceptron, searchNetwork } from '../../src/tasks/networks/networks.ts'
import type { Task } from '../../src/tasks/open-task.ts'
import { findTask, TASKS } from '../../src/tasks/task.ts'
import { stepWork, surrogateWork } from '../../src/tasks/work.ts'
import { findTextSet, vocabularySize } from '../../src/tasks/text-sets.ts'
import type { TextTask } from '../../src/tasks/text-task.ts'
import { countProducts } from './count-products.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

/**
 * The same from what the layers do: each number that comes out of a convolution is as many products as one of its filters is long, and
 * products of matrices are counted where they are made.
 */
function countedWork(network: Network, ends: NetworkEnds): number {
  const model = buildNetwork(network, ends, OBJECTIVES.classification, rootKey(1))
  let convolved = 0
  const multiplied = countProducts(() =>
    tf.tidy(() => {
      let flow: tf.Tensor = tf.zeros(
        [1, ...ends.input],
        ends.input.length === 1 ? 'int32' : 'float32',
      )
      for (const layer of model.layers) {
        flow = layer.infer(flow)
        const filter = layer.parameters.find(({ rank }) => rank > 2)
        if (filter !== undefined) convolved += (flow.size * filter.size) / filter.shape.at(-1)!
      }
    }),
  )
  model.dispose()
  return convolved + multiplied
}

function endsOf({ data, ...task }: ImageTask | TextTask): NetworkEnds {
  if ('unit' in task)
    return {
      input: [task.reading.window],
      outputs: vocabularySize(findTextSet(data)!, task.unit)!,
    }
  const { shape, classes } = findImageData(data)!
  const { height, width, channels } = imageShape(shape, task.size)
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

  it("is torchvision's count of EfficientNetV2-S at 384 pixels, 8.366 thousand million", () => {
    const work = networkWork(efficientNetV2S({ size: 384 }), {
      input: [384, 384, 3],
      outputs: 1000,
    })
    expect(work / 1e9).toBeCloseTo(8.366, 3)
  })

  // Those whose sizes are known before they are read; of the others with layers in layers each layer's test counts.
  const networkTasks = TASKS.filter(
    (task: Task): task is ImageTask | TextTask =>
      'network' in task && ('unit' in task || !('objective' in task)),
  ).filter(({ network }) => !network.layers.some(({ kind }) => kind === 'sequence'))
  it.each(networkTasks)('is that of $name for each example of the batch', (task) => {
    const work = countedWork(task.network, endsOf(task))
    expect(stepWork(task)).toBe(task.defaults.batchSize * work)
    expect(stepWork(task, 3)).toBe(3 * work)
  })

  it('is that of the network which a surrogate trains', () => {
    const task = findTask('cifar10')!
    const { evolution } = findProtocol('published')!
    const image = endsOf(task as ImageTask)
    expect(surrogateWork(task, evolution)).toBe(128 * networkWork(searchNetwork(48), image))
  })

  it('of an autoencoder ends with its pixels', () => {
    const { defaults } = findTask('fashion14-autoencoder')!
    const work = 2 * (196 * 64 + 64 * 16)
    expect(stepWork(findTask('fashion14-autoencoder')!)).toBe(defaults.batchSize * work)
  })

  it('is nothing for functions', () => {
    expect(stepWork(findTask('rosenbrock')!)).toBe(0)
    expect(surrogateWork(findTask('rosenbrock')!, findProtocol('quick')!.evolution)).toBe(0)
  })
})
