import { describe, expect, it } from 'vitest'
import type { ImageSplits } from '../../src/tasks/image-splits.ts'
import { openedWith, type ImageTask } from '../../src/tasks/image-problem.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import {
  convolutionalNetwork,
  perceptron,
  searchNetwork,
} from '../../src/tasks/networks/networks.ts'
import type { NetworkWidth } from '../../src/tasks/protocol.ts'
import { findTask } from '../../src/tasks/task.ts'
import { opened } from './opened.ts'

const none = {
  count: 0,
  height: 1,
  width: 1,
  channels: 1,
  pixels: new Uint8Array(),
  labels: new Uint8Array(),
}
const images: ImageSplits = {
  train: none,
  validation: none,
  test: none,
  classes: 10,
  means: [0],
  deviations: [1],
}

function networkOf(name: string, width: NetworkWidth): Network {
  return (openedWith(findTask(name) as ImageTask, images).widened(width).task as ImageTask).network
}

describe('a width', () => {
  it('multiplies the channels of a convolutional network', () => {
    expect(networkOf('fashion14-cnn', { times: 1 })).toEqual(searchNetwork(8))
    expect(networkOf('fashion14-cnn', { times: 1.5 })).toEqual(searchNetwork(12))
    expect(networkOf('fashion14-cnn', { times: 0.3 })).toMatchObject(
      convolutionalNetwork([2, 5, 10], 0.2),
    )
    expect(networkOf('fashion14-cnn', { times: 0.01 })).toMatchObject(
      convolutionalNetwork([1, 1, 1], 0.2),
    )
  })

  it('gives it the channels of the published one', () => {
    expect(networkOf('fashion14-cnn', { base: 48 })).toEqual(searchNetwork(48))
    expect(networkOf('mnist', { base: 48 })).toEqual(searchNetwork(48))
  })

  it('multiplies the units of a perceptron, relative to base 32', () => {
    expect(networkOf('fashion14-mlp', { times: 1.5 })).toEqual(perceptron([192]))
    expect(networkOf('fashion14-mlp', { base: 32 })).toEqual(perceptron([128]))
    expect(networkOf('fashion14-mlp', { base: 48 })).toEqual(perceptron([192]))
  })

  it('leaves functions and data alone', async () => {
    const quadratic = await opened('quadratic')
    expect(quadratic.widened({ times: 2 })).toBe(quadratic)
    const open = openedWith(findTask('mnist') as ImageTask, images)
    expect(open.widened({ times: 2 }).task).toMatchObject({ name: 'mnist', data: 'mnist' })
    expect(open.task).toBe(findTask('mnist'))
  })
})
