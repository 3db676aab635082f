// Trains a small network with an optimizer compiled from ../cautious-adam.opt. In this folder, after `npm ci`:
//
//   npx optc compile ../cautious-adam.opt --out .
//   npx tsc
//   node dist/train.js
//
// The compiled class is an ordinary tf.Optimizer: it goes wherever tf.train.adam(...) would.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { fileURLToPath } from 'node:url'
import { CautiousAdam } from './cautious-adam.ts'
import { spirals } from './spirals.ts'

/** Trains for so many epochs; resolves to the loss of each. */
export async function train(epochs: number): Promise<number[]> {
  const { points, labels } = spirals(64)
  const x = tf.tensor2d(points)
  const y = tf.tensor2d(labels)

  const hidden = (seed: number, units: number): layers.layers.Layer =>
    layers.layers.dense({
      units,
      activation: 'tanh',
      kernelInitializer: layers.initializers.glorotUniform({ seed }),
    })
  const model = layers.sequential()
  model.add(layers.layers.inputLayer({ inputShape: [2] }))
  model.add(hidden(1, 24))
  model.add(hidden(2, 24))
  model.add(
    layers.layers.dense({
      units: 1,
      activation: 'sigmoid',
      kernelInitializer: layers.initializers.glorotUniform({ seed: 3 }),
    }),
  )

  // Any hyperparameter takes a number or a function of the step and the total number of steps.
  const totalSteps = epochs * 4
  const optimizer = new CautiousAdam({
    lr: (t, T) => 0.1 * (1 - t / T),
    totalSteps,
  })
  model.compile({ optimizer, loss: 'binaryCrossentropy' })
  const history = await model.fit(x, y, { epochs, batchSize: 32, shuffle: false, verbose: 0 })

  optimizer.dispose()
  tf.dispose([x, y])
  model.dispose()
  return history.history['loss'] as number[]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await tf.setBackend('cpu')
  const losses = await train(60)
  losses.forEach((loss, epoch) => {
    if (epoch % 10 === 9) console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(4)}`)
  })
}
