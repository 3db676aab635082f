import type { ImageTaskRow } from '../image-problem.ts'
import { perceptron, searchNetwork } from '../networks/networks.ts'

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
