import * as tf from '@tensorflow/tfjs-core'
import { softmaxCrossEntropy } from '../../../runtime/cross-entropy.ts'
import { ACCURACY } from '../../metric.ts'
import type { Objective } from './objective.ts'

/** One class for each example: softmax and cross-entropy in nats, the share of right answers. Answers are class numbers. */
export const classification: Objective = {
  name: 'classification',
  summary: 'softmax cross-entropy of one class for each example; accuracy',
  metric: ACCURACY,
  chance: (classes) => 1 / classes,
  isCrossEntropy: true,
  step: (scores, labels) => softmaxCrossEntropy(scores as tf.Tensor2D, labels as tf.Tensor2D),
  targets: (labels, count, classes) => {
    const values = new Float32Array(count * classes)
    for (let row = 0; row < count; row++) values[row * classes + labels[row]!] = 1
    return tf.tensor2d(values, [count, classes])
  },
  sums: (scores, labels, count) => {
    const classes = scores.length / count
    let loss = 0
    let right = 0
    for (let row = 0; row < count; row++) {
      const values = scores.subarray(row * classes, (row + 1) * classes)
      const label = labels[row]!
      let best = 0
      for (let index = 1; index < classes; index++) if (values[index]! > values[best]!) best = index
      const top = values[best]!
      let total = 0
      for (const value of values) total += Math.exp(value - top)
      loss += Math.log(total) + top - values[label]!
      if (best === label) right += 1
    }
    return [loss, right]
  },
  score: ([loss = NaN, right = NaN], count) => ({ loss: loss / count, metric: right / count }),
}
