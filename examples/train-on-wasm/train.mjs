// Trains two models of tfjs-layers on the wasm backend, which tfjs by itself cannot:
//
//   npm install @tensorflow/tfjs-core@4.22 @tensorflow/tfjs-layers@4.22 @tensorflow/tfjs-backend-wasm@4.22 optc-lang
//   node train.mjs
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import 'optc-lang/wasm-training'

await tf.setBackend('wasm')

/** Numbers in [0, 1) that are the same in every run. */
let state = 1
const random = () => {
  state = (state * 48271) % 2147483647
  return state / 2147483647
}

const oneHot = (labels, classes) => tf.oneHot(tf.tensor1d(labels, 'int32'), classes)

/** Images of 12x12 with a line across, down, or slanted, under noise. */
function lines(count) {
  const size = 12
  const labels = Array.from({ length: count }, (_, index) => index % 3)
  const images = labels.map((label) => {
    const place = Math.floor(random() * size)
    const isLine = [
      (row) => row === place,
      (_, column) => column === place,
      (row, column) => (row + column) % size === place,
    ][label]
    return Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => [
        0.5 * random() + (isLine(row, column) ? 0.8 : 0),
      ]),
    )
  })
  return { x: tf.tensor4d(images), y: oneHot(labels, 3) }
}

/** Words of up to 10 letters, padded with 0, and whether a 3 comes before the first 5. */
function words(count) {
  const letters = Array.from({ length: count }, () => {
    const length = 4 + Math.floor(random() * 7)
    return Array.from({ length: 10 }, (_, place) =>
      place < length ? 1 + Math.floor(random() * 8) : 0,
    )
  })
  const labels = letters.map((word) => {
    const [first3, first5] = [word.indexOf(3), word.indexOf(5)]
    return first3 >= 0 && (first5 < 0 || first3 < first5) ? 1 : 0
  })
  return { x: tf.tensor2d(letters, undefined, 'int32'), y: oneHot(labels, 2) }
}

const { layers } = tfl
const glorot = (seed) => tfl.initializers.glorotUniform({ seed })

const models = {
  'separable CNN': {
    data: lines,
    epochs: 8,
    layers: [
      layers.conv2d({
        inputShape: [12, 12, 1],
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: glorot(1),
      }),
      layers.batchNormalization({ momentum: 0.9 }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.separableConv2d({
        filters: 16,
        kernelSize: 3,
        activation: 'relu',
        depthwiseInitializer: glorot(2),
        pointwiseInitializer: glorot(3),
      }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(4) }),
    ],
  },
  'embedding and GRU': {
    data: words,
    epochs: 15,
    layers: [
      layers.embedding({
        inputDim: 9,
        outputDim: 8,
        inputLength: 10,
        maskZero: true,
        embeddingsInitializer: glorot(5),
      }),
      layers.gru({
        units: 16,
        kernelInitializer: glorot(6),
        recurrentInitializer: tfl.initializers.orthogonal({ seed: 7 }),
      }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: glorot(8) }),
    ],
  },
}

for (const [name, { data, epochs, layers }] of Object.entries(models)) {
  const model = tfl.sequential({ layers })
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  })
  const { x, y } = data(600)
  const { history } = await model.fit(x, y, { epochs, batchSize: 32, shuffle: false, verbose: 0 })
  const tested = data(300)
  const [, accuracy] = model.evaluate(tested.x, tested.y)
  console.log(
    `${name}: loss ${history.loss[0].toFixed(3)} -> ${history.loss.at(-1).toFixed(3)},`,
    `test accuracy ${accuracy.dataSync()[0].toFixed(2)}`,
  )
}
