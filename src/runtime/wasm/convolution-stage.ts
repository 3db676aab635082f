import * as tf from '@tensorflow/tfjs-core'
import type { Stage } from '../network-stages.ts'
import { addressOf, floatsAt, functionsOf } from './backend-memory.ts'
import {
  geometryBytes,
  transpose,
  writeGeometry,
  type ConvolutionInfo,
  type PreparedGeometry,
} from './convolution-geometry.ts'
import { FLOAT, makeFlow, type StageRun, type StageSetting } from './stage-run.ts'

type Shape4D = [number, number, number, number]

/** A convolution; undefined where its output channels are not a multiple of four. */
export function convolutionStage(
  { memory, batch, input }: StageSetting,
  { filter, stride }: Extract<Stage, { kind: 'convolution' }>,
): StageRun | undefined {
  const { backend, view, floats, tensor } = memory
  const info = tf.backend_util.computeConv2DInfo(
    [batch, input.height, input.width, input.columns],
    filter.shape as Shape4D,
    stride,
    1,
    'same',
  )
  if (info.outChannels % 4 !== 0) return undefined
  const { convolution, filterGradient, inputGradient } = functionsOf(backend).call
  const output = makeFlow(memory, {
    height: info.outHeight,
    width: info.outWidth,
    rows: batch * info.outHeight * info.outWidth,
    columns: info.outChannels,
    rowBytes: FLOAT * info.outChannels,
  })
  const forwards = geometryOf(memory, info, info.inChannels)
  const backwards = input.slopes === 0 ? undefined : geometryOf(memory, info, 1)
  const size = tf.util.sizeFromShape(filter.shape)
  const taps = size / info.outChannels
  const transposed = input.slopes === 0 ? 0 : floats(size)
  const gradient = tensor(filter.shape)
  return {
    output,
    gradients: [gradient],
    forward: () =>
      convolution(
        ...[input.values, addressOf(backend, filter), output.values],
        ...forwards.geometry,
      ),
    backward: () => {
      const target = gradient.write()
      floatsAt(backend, target, size).fill(0)
      filterGradient(input.values, output.slopes, target, ...forwards.geometry)
      if (backwards === undefined) return
      const from = floatsAt(backend, addressOf(backend, filter), size)
      transpose(from, taps, info.outChannels, view(transposed, size))
      inputGradient(
        ...[output.slopes, transposed, input.slopes],
        ...[FLOAT * info.inChannels, FLOAT * taps, backwards.paddedBytes],
        ...backwards.geometry,
      )
    },
  }
}

function geometryOf(
  { backend, floats }: StageSetting['memory'],
  info: ConvolutionInfo,
  channelsPerTap: number,
): PreparedGeometry {
  const address = floats(geometryBytes(info, channelsPerTap) / FLOAT)
  return writeGeometry(backend, info, channelsPerTap, address)
}
