import type { ImageTaskRow } from '../image-problem.ts'
import type { ExpectedImages } from '../images.ts'
import { perceptron, searchNetwork } from '../networks/networks.ts'

/** The images that optc carries in `src/tasks/data/fashion14`. */
export const FASHION14 = {
  name: 'fashion14',
  summary: 'the first 12,000 + 2,000 images of Fashion-MNIST at 14x14, carried with optc',
  /** How many of the training images validate, the last ones of their file. */
  validation: 2000,
  classes: 10,
  height: 14,
  width: 14,
  channels: 1,
} as const satisfies Omit<ExpectedImages, 'remedy'> & Readonly<Record<string, unknown>>

/** Long enough to tell rules apart, and so short that three rules and three seeds take a minute or so on two cores. */
export const NETWORK_STEPS = 600

const defaults = { steps: NETWORK_STEPS, batchSize: 64, evaluateEvery: 100 }

export const FASHION14_MLP: ImageTaskRow = {
  data: 'fashion14',
  name: 'fashion14-mlp',
  summary: 'clothes at 14x14, one hidden layer of 128; carried with optc',
  defaults,
  network: perceptron([128]),
}

export const FASHION14_CNN: ImageTaskRow = {
  data: 'fashion14',
  name: 'fashion14-cnn',
  summary: 'clothes at 14x14, the published convolutional network with base 8; carried with optc',
  defaults,
  network: searchNetwork(8),
}
