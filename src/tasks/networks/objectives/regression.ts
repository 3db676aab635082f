import * as tf from '@tensorflow/tfjs-core'
import type { Objective } from './objective.ts'

/** Numbers for each example: the mean squared difference. Answers are those numbers, example after example. */
export const regression: Objective = {
  name: 'regression',
  summary: 'mean squared error of the numbers of each example; the root of it',
  metric: { name: 'rmse', better: 'smaller', unit: 'number' },
  isCrossEntropy: false,
  step: (outputs, targets) => {
    const difference = tf.sub(outputs, targets)
    return {
      loss: tf.mean(tf.square(difference)) as tf.Scalar,
      gradient: tf.mul(difference, 2 / outputs.size),
    }
  },
  targets: (answers, count, outputs) => tf.tensor2d(Float32Array.from(answers), [count, outputs]),
  sums: (outputs, answers, count) => {
    let sum = 0
    for (let index = 0; index < outputs.length; index++)
      sum += (outputs[index]! - answers[index]!) ** 2
    return [(sum * count) / outputs.length]
  },
  score: ([sum = NaN], count) => ({ loss: sum / count, metric: Math.sqrt(sum / count) }),
}
