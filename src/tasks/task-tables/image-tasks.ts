import { autoencoderTask } from '../autoencoder-task.ts'
import { imageTask } from '../image-task.ts'
import { autoencoder, searchNetwork } from '../networks/networks.ts'
import type { Task, TensorTask } from '../open-task.ts'

const defaults = { steps: 600, batchSize: 128, evaluateEvery: 200 } as const

/** An autoencoder, and the published search's network on data sets that are to be fetched first. */
export const IMAGE_TASKS: readonly Task<TensorTask>[] = [
  autoencoderTask({
    name: 'fashion14-autoencoder',
    summary: 'clothes at 14x14 told by themselves through 16 numbers; carried with optc',
    data: 'fashion14',
    defaults: { steps: 600, batchSize: 64, evaluateEvery: 100 },
    network: autoencoder([64, 16, 64]),
  }),
  imageTask({
    name: 'cifar100',
    summary: 'CIFAR-100 at 32x32 in colour, the published convolutional network with base 32',
    data: 'cifar100',
    defaults,
    network: searchNetwork(32),
  }),
  imageTask({
    name: 'tiny-imagenet',
    summary: 'TinyImageNet-200 at 64x64, the published convolutional network with base 32',
    data: 'tiny-imagenet-200',
    defaults,
    network: searchNetwork(32),
  }),
  imageTask({
    name: 'tiny-imagenet-32',
    summary: 'the same scaled to 32x32, a quarter of the work',
    data: 'tiny-imagenet-200',
    defaults,
    network: searchNetwork(32),
    size: 32,
  }),
  imageTask({
    name: 'eurosat',
    summary:
      'the ground from a satellite at 64x64, the published convolutional network with base 16',
    data: 'eurosat',
    defaults,
    network: searchNetwork(16),
  }),
  imageTask({
    name: 'pathmnist',
    summary: 'tissue at 28x28 in colour, the published convolutional network with base 16',
    data: 'pathmnist',
    defaults,
    network: searchNetwork(16),
  }),
  imageTask({
    name: 'bloodmnist',
    summary: 'blood cells at 28x28 in colour, the published convolutional network with base 16',
    data: 'bloodmnist',
    defaults,
    network: searchNetwork(16),
  }),
]
