import * as tfl from '@tensorflow/tfjs-layers'

type Layer = tfl.layers.Layer

/** A layer of tfjs-layers and what to train it on. */
export interface LayerCase {
  readonly layer: () => Layer
  /** The shapes of its inputs, batches included. */
  readonly inputs: readonly (readonly number[])[]
  /** Where inputs are whole numbers below this one; standard normal ones otherwise. */
  readonly below?: number
  /** Whether what it gives while it trains is drawn by tfjs without a seed. */
  readonly draws?: true
}

const image = [3, 8, 7, 4]
/** As high as wide: the cpu backend mixes the two up in the gradient of a bilinear resizing. */
const square = [2, 5, 5, 3]
const odd = [2, 7, 6, 3]
const series = [3, 6, 5]
const volume = [2, 5, 4, 4, 3]

const one = (
  layer: () => Layer,
  input: readonly number[],
  more: Partial<LayerCase> = {},
): LayerCase => ({ layer, inputs: [input], ...more })
const two = (layer: () => Layer, first: readonly number[], second = first): LayerCase => ({
  layer,
  inputs: [first, second],
})

const { layers } = tfl
const same = { padding: 'same' } as const

const CONVOLUTIONS: Readonly<Record<string, LayerCase>> = {
  conv1d: one(() => layers.conv1d({ filters: 4, kernelSize: 3 }), series),
  'conv1d, stride 2, to 3': one(
    () => layers.conv1d({ filters: 3, kernelSize: 3, strides: 2 }),
    series,
  ),
  conv2d: one(() => layers.conv2d({ filters: 8, kernelSize: 3, ...same }), image),
  'conv2d, relu': one(
    () => layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    image,
  ),
  'conv2d, elu': one(() => layers.conv2d({ filters: 4, kernelSize: 2, activation: 'elu' }), image),
  'conv2d, stride 2, to 5': one(
    () => layers.conv2d({ filters: 5, kernelSize: [3, 2], strides: 2, ...same }),
    odd,
  ),
  'conv2d, stride 3': one(() => layers.conv2d({ filters: 4, kernelSize: 2, strides: 3 }), odd),
  'conv2d, pointwise': one(() => layers.conv2d({ filters: 6, kernelSize: 1 }), image),
  'conv2d, channels first': one(
    () => layers.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
    [2, 3, 7, 6],
  ),
  conv2dTranspose: one(() => layers.conv2dTranspose({ filters: 4, kernelSize: 3 }), image),
  'conv2dTranspose, stride 2': one(
    () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, ...same }),
    odd,
  ),
  conv3d: one(() => layers.conv3d({ filters: 2, kernelSize: 2 }), volume),
  'conv3d, stride 2': one(
    () => layers.conv3d({ filters: 4, kernelSize: 3, strides: 2, ...same }),
    volume,
  ),
  depthwiseConv2d: one(() => layers.depthwiseConv2d({ kernelSize: 3, ...same }), image),
  'depthwiseConv2d, 3 channels': one(() => layers.depthwiseConv2d({ kernelSize: [2, 3] }), odd),
  'depthwiseConv2d, stride 2, multiplier 2': one(
    () => layers.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 2, ...same }),
    odd,
  ),
  'depthwiseConv2d, stride 2, multiplier 3': one(
    () => layers.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 3 }),
    image,
  ),
  separableConv2d: one(() => layers.separableConv2d({ filters: 6, kernelSize: 3 }), image),
  'separableConv2d, stride 2, multiplier 2': one(
    () =>
      layers.separableConv2d({
        filters: 5,
        kernelSize: 3,
        strides: 2,
        depthMultiplier: 2,
        ...same,
      }),
    odd,
  ),
}

const POOLING: Readonly<Record<string, LayerCase>> = {
  averagePooling1d: one(() => layers.averagePooling1d({ poolSize: 2 }), series),
  averagePooling2d: one(() => layers.averagePooling2d({ poolSize: 2 }), image),
  'averagePooling2d, overlapping': one(
    () => layers.averagePooling2d({ poolSize: 3, strides: 2, ...same }),
    odd,
  ),
  averagePooling3d: one(() => layers.averagePooling3d({ poolSize: 2 }), volume),
  globalAveragePooling1d: one(() => layers.globalAveragePooling1d(), series),
  globalAveragePooling2d: one(() => layers.globalAveragePooling2d({}), image),
  maxPooling1d: one(() => layers.maxPooling1d({ poolSize: 2 }), series),
  maxPooling2d: one(() => layers.maxPooling2d({ poolSize: 2 }), image),
  'maxPooling2d, overlapping': one(
    () => layers.maxPooling2d({ poolSize: 3, strides: 2, ...same }),
    odd,
  ),
  maxPooling3d: one(() => layers.maxPooling3d({ poolSize: 2 }), volume),
  globalMaxPooling1d: one(() => layers.globalMaxPooling1d(), series),
  globalMaxPooling2d: one(() => layers.globalMaxPooling2d({}), image),
}

const RECURRENT: Readonly<Record<string, LayerCase>> = {
  simpleRNN: one(() => layers.simpleRNN({ units: 4 }), series),
  gru: one(() => layers.gru({ units: 4 }), series),
  'gru, sequences, backwards': one(
    () => layers.gru({ units: 3, returnSequences: true, goBackwards: true }),
    series,
  ),
  'gru, one kernel': one(() => layers.gru({ units: 4, implementation: 1 }), series),
  lstm: one(() => layers.lstm({ units: 4 }), series),
  'lstm, sequences, unrolled': one(
    () => layers.lstm({ units: 3, returnSequences: true, unroll: true }),
    series,
  ),
  convLstm2d: one(
    () => layers.convLstm2d({ filters: 4, kernelSize: 3, ...same }) as Layer,
    [2, 3, 5, 4, 2],
  ),
  'rnn of stacked cells': one(
    () =>
      layers.rnn({
        cell: [layers.gruCell({ units: 4 }), layers.lstmCell({ units: 3 })],
      } as Parameters<typeof layers.rnn>[0]),
    series,
  ),
  bidirectional: one(
    () =>
      layers.bidirectional({
        layer: layers.lstm({ units: 3, returnSequences: true }),
        mergeMode: 'concat',
      }),
    series,
  ),
  timeDistributed: one(
    () => layers.timeDistributed({ layer: layers.dense({ units: 4, activation: 'tanh' }) }),
    series,
  ),
  embedding: one(() => layers.embedding({ inputDim: 9, outputDim: 4 }), [3, 6], { below: 9 }),
  'embedding of 5': one(() => layers.embedding({ inputDim: 7, outputDim: 5 }), [4, 3], {
    below: 7,
  }),
}

const PLAIN: Readonly<Record<string, LayerCase>> = {
  ...Object.fromEntries(
    (
      [
        ...['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax'],
        ...['softplus', 'softsign', 'tanh', 'swish', 'mish', 'gelu', 'gelu_new'],
      ] as const
    ).map((activation) => [
      `dense, ${activation}`,
      one(() => layers.dense({ units: 6, activation: activation as 'relu' }), series),
    ]),
  ),
  'dense, 1 unit': one(() => layers.dense({ units: 1 }), [5, 7]),
  elu: one(() => layers.elu(), image),
  reLU: one(() => layers.reLU({ maxValue: 1 }), image),
  leakyReLU: one(() => layers.leakyReLU(), image),
  prelu: one(() => layers.prelu(), image),
  softmax: one(() => layers.softmax(), [5, 7]),
  thresholdedReLU: one(() => layers.thresholdedReLU({ theta: 0.5 }), series),
  dropout: one(() => layers.dropout({ rate: 0.4, seed: 3 }), series),
  spatialDropout1d: one(() => layers.spatialDropout1d({ rate: 0.4, seed: 3 }), series),
  gaussianNoise: one(() => layers.gaussianNoise({ stddev: 0.1 }), series, { draws: true }),
  gaussianDropout: one(() => layers.gaussianDropout({ rate: 0.2 }), series, { draws: true }),
  alphaDropout: one(() => layers.alphaDropout({ rate: 0.2 }), series, { draws: true }),
  flatten: one(() => layers.flatten(), image),
  repeatVector: one(() => layers.repeatVector({ n: 3 }), [4, 5]),
  reshape: one(() => layers.reshape({ targetShape: [7, -1] }), image),
  permute: one(() => layers.permute({ dims: [3, 1, 2] }), image),
  cropping2D: one(
    () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    image,
  ),
  upSampling2d: one(() => layers.upSampling2d({}), image),
  'upSampling2d, bilinear': one(
    () =>
      layers.upSampling2d({ interpolation: 'bilinear' } as Parameters<
        typeof layers.upSampling2d
      >[0]),
    square,
  ),
  zeroPadding2d: one(() => layers.zeroPadding2d({ padding: [1, 2] }), image),
  batchNormalization: one(() => layers.batchNormalization(), image),
  'batchNormalization of a matrix': one(() => layers.batchNormalization(), [6, 5]),
  layerNormalization: one(() => layers.layerNormalization(), series),
  'layerNormalization of an image': one(
    () => layers.layerNormalization({ axis: [1, 2, 3] }),
    image,
  ),
  rescaling: one(() => layers.rescaling({ scale: 0.5, offset: 1 }), image),
  resizing: one(() => layers.resizing({ height: 4, width: 9, interpolation: 'bilinear' }), square),
}

const MERGING: Readonly<Record<string, LayerCase>> = {
  add: two(() => layers.add(), image),
  average: two(() => layers.average(), image),
  concatenate: two(() => layers.concatenate(), image),
  'concatenate, axis 1': two(() => layers.concatenate({ axis: 1 }), series),
  maximum: two(() => layers.maximum(), image),
  minimum: two(() => layers.minimum(), image),
  multiply: two(() => layers.multiply(), image),
  dot: two(() => layers.dot({ axes: 1 }), [4, 6]),
  'dot of matrices': two(() => layers.dot({ axes: [2, 1] }), [4, 3, 5], [4, 5, 2]),
}

/** Every layer of tfjs-layers that has a gradient, in the ways that need kernels of their own. */
export const LAYERS: Readonly<Record<string, LayerCase>> = {
  ...CONVOLUTIONS,
  ...POOLING,
  ...RECURRENT,
  ...PLAIN,
  ...MERGING,
}

/** Layers that tfjs has no gradient of, on any backend. */
export const WITHOUT_GRADIENT: Readonly<Record<string, LayerCase>> = {
  'conv1d, dilated': one(
    () => layers.conv1d({ filters: 3, kernelSize: 2, dilationRate: 2 }),
    series,
  ),
  'conv2d, dilated': one(
    () => layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2 }),
    image,
  ),
  conv3dTranspose: one(() => layers.conv3dTranspose({ filters: 2, kernelSize: 2 }), volume),
  'batchNormalization, axis 1': one(() => layers.batchNormalization({ axis: 1 }), image),
  centerCrop: one(() => layers.centerCrop({ height: 4, width: 3 }), image),
  masking: one(() => layers.masking(), series),
}

/** Names of `tfl.layers` that are other names of those above, parts of recurrent layers, or come before what is trained. */
export const OTHER_NAMES: readonly string[] = [
  ...['activation', 'input', 'inputLayer', 'categoryEncoding', 'randomWidth'],
  ...['avgPool1d', 'avgPooling1d', 'avgPool2d', 'avgPooling2d', 'avgPool3d', 'avgPooling3d'],
  ...['maxPool1d', 'maxPool2d', 'globalMaxPool1d', 'globalMaxPool2d'],
  ...['simpleRNNCell', 'gruCell', 'lstmCell', 'convLstm2dCell', 'stackedRNNCells'],
]
