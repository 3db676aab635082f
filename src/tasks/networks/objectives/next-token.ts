import * as tf from '@tensorflow/tfjs-core'
import { sparseCrossEntropy } from '../../../runtime/cross-entropy.ts'
import type { Objective } from './objective.ts'
import { surprise } from './surprise.ts'

/**
 * At each position of an example the number that comes next: cross-entropy in nats and perplexity, its exponential. Outputs are [...,
 * numbers], answers the right numbers, position after position; in evaluation one below 0 is none, and not counted.
 */
export const nextToken: Objective = {
  name: 'nextToken',
  summary: 'softmax cross-entropy of the next number at each position; perplexity',
  metric: { name: 'perplexity', better: 'smaller', unit: 'number' },
  isCrossEntropy: false,
  step: (scores, labels) => {
    const rows = tf.reshape(scores, [labels.size, -1]) as tf.Tensor2D
    const { loss, gradient } = sparseCrossEntropy(rows, labels as tf.Tensor1D)
    return { loss, gradient: tf.reshape(gradient, scores.shape) }
  },
  targets: (answers) => tf.tensor1d(Int32Array.from(answers), 'int32'),
  sums: (scores, answers, count) => {
    const size = scores.length / answers.length
    let loss = 0
    for (let row = 0; row < answers.length; row++)
      if (answers[row]! >= 0) loss += surprise(scores, row * size, size, answers[row]!)
    return [(loss * count) / answers.length]
  },
  score: ([loss = NaN], count) => ({ loss: loss / count, metric: Math.exp(loss / count) }),
}
