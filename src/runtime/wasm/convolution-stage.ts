import * as tf from '@tensorflow/tfjs-core'
import type { Stage } from '../network-stages.ts'
import { addressOf, floatsAt, integersAt } from './backend-memory.ts'
import { linkedFunctions } from './linked-functions.ts'
import { FLOAT, makeFlow, type Flow, type StageRun, type StageSetting } from './stage-run.ts'
import { stepConvolutionCode, type StepConvolutionFunction } from './step-convolution-code.ts'
import { encoding } from './step-encoding.ts'

type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>
type Shape4D = [number, number, number, number]

const convolutionFunctions = linkedFunctions<StepConvolutionFunction>(stepConvolutionCode, encoding)

/** A convolution; undefined where its output channels are not a multiple of four. */
export function convolutionStage(
  setting: StageSetting,
  { filter, stride }: Extract<Stage, { kind: 'convolution' }>,
): StageRun | undefined {
  const { memory, batch, input } = setting
  const info = tf.backend_util.computeConv2DInfo(
    [batch, input.height, input.width, input.columns],
    filter.shape as Shape4D,
    stride,
    1,
    'same',
  )
  if (info.outChannels % 4 !== 0) return undefined
  const { backend, floats, tensor } = memory
  const call = convolutionFunctions(backend)
  const output = makeFlow(memory, {
    height: info.outHeight,
    width: info.outWidth,
    rows: batch * info.outHeight * info.outWidth,
    columns: info.outChannels,
    rowBytes: FLOAT * info.outChannels,
  })
  const addFilterGradient =
    info.inChannels % 4 === 0 ? call.addFilterGradientOfFours : call.addFilterGradient
  const padding = layOut(setting, info)
  const { padded, imageBytes, line, pixel } = padding
  const positions = info.outHeight * info.outWidth
  const taps = info.filterHeight * info.filterWidth * info.inChannels
  const size = taps * info.outChannels
  const panels = floats(size)
  const gradient = tensor(filter.shape)
  const slopePanels = floats(positions * info.outChannels)
  const outputBytes = positions * output.rowBytes
  const addInputSlopes = inputGradient(setting, info, { filter, padding, output })
  return {
    output,
    gradients: [gradient],
    forward: () => {
      call.writePanels(addressOf(backend, filter), output.rowBytes, taps, panels)
      copyIn(padding, call.copyImages, input, batch)
      for (let image = 0; image < batch; image++)
        call.convolve(
          ...[padded + image * imageBytes, panels, output.values + image * outputBytes],
          ...[padding.positions, padding.positionsEnd, output.rowBytes],
          ...[info.filterHeight, info.filterWidth * pixel, line],
        )
    },
    backward: () => {
      const target = gradient.write()
      floatsAt(backend, target, size).fill(0)
      for (let image = 0; image < batch; image++) {
        const slopes = output.slopes + image * outputBytes
        call.writePanels(slopes, output.rowBytes, positions, slopePanels)
        addFilterGradient(
          ...[padded + image * imageBytes, slopePanels, target],
          ...[padding.taps, padding.tapsEnd, output.rowBytes],
          ...[padding.positions, padding.positionsEnd],
        )
      }
      addInputSlopes?.()
    },
  }
}

/** Where the images with their padding are, and the tables of what is walked along in one of them. */
interface Padding {
  readonly padded: number
  readonly imageBytes: number
  /** Bytes of a line and of a pixel. */
  readonly line: number
  readonly pixel: number
  /** From the first byte of a padded image to its first pixel. */
  readonly interior: number
  readonly inner: Readonly<Record<'lines' | 'lineBytes', number>>
  readonly positions: number
  readonly positionsEnd: number
  /** Taps with their channels, and those of the first channel alone. */
  readonly taps: number
  readonly tapsEnd: number
  readonly pixelTaps: number
  readonly pixelTapsEnd: number
}

function layOut({ memory, batch }: StageSetting, info: ConvolutionInfo): Padding {
  const { top, left } = info.padInfo
  const pixel = FLOAT * info.inChannels
  const extent = (pad: number, inside: number, outputs: number, stride: number, taps: number) =>
    Math.max(pad + inside, (outputs - 1) * stride + taps)
  const height = extent(
    ...([top, info.inHeight, info.outHeight, info.strideHeight, info.filterHeight] as const),
  )
  const width = extent(
    ...([left, info.inWidth, info.outWidth, info.strideWidth, info.filterWidth] as const),
  )
  const line = width * pixel
  const table = (entries: readonly number[]): readonly [number, number] => {
    const address = memory.floats(entries.length)
    integersAt(memory.backend, address, entries.length).set(entries)
    return [address, address + FLOAT * entries.length]
  }
  const grid = (rows: number, rowStep: number, columns: number, columnStep: number): number[] =>
    Array.from(
      { length: rows * columns },
      (_, index) => Math.floor(index / columns) * rowStep + (index % columns) * columnStep,
    )
  const pixels = grid(info.filterHeight, line, info.filterWidth, pixel)
  const channels = grid(1, 0, info.inChannels, FLOAT)
  const [positions, positionsEnd] = table(
    grid(info.outHeight, info.strideHeight * line, info.outWidth, info.strideWidth * pixel),
  )
  const [taps, tapsEnd] = table(pixels.flatMap((tap) => channels.map((channel) => tap + channel)))
  const [pixelTaps, pixelTapsEnd] = table(pixels)
  return {
    ...{ padded: memory.floats((batch * height * line) / FLOAT), imageBytes: height * line },
    ...{ line, pixel, interior: top * line + left * pixel },
    inner: { lines: info.inHeight, lineBytes: info.inWidth * pixel },
    ...{ positions, positionsEnd, taps, tapsEnd, pixelTaps, pixelTapsEnd },
  }
}

type Call = ReturnType<typeof convolutionFunctions>

/** Copies the images of a matrix to where they have padding. */
function copyIn(
  { padded, imageBytes, line, interior, inner: { lines, lineBytes } }: Padding,
  copyImages: Call['copyImages'],
  { values }: Flow,
  batch: number,
): void {
  copyImages(
    ...[values, lineBytes, lines * lineBytes, padded + interior, line, imageBytes],
    ...[batch, lines, lineBytes],
  )
}

/** What works out the slopes of the input, where they are wanted. */
function inputGradient(
  { memory, batch, input }: StageSetting,
  info: ConvolutionInfo,
  {
    filter,
    padding,
    output,
  }: { readonly filter: tf.Variable; readonly padding: Padding; readonly output: Flow },
): (() => void) | undefined {
  if (input.slopes === 0) return undefined
  const { backend, floats, view } = memory
  const { addInputGradient, copyImages } = convolutionFunctions(backend)
  const { imageBytes, line, interior, inner } = padding
  const [inputs, outputs] = [info.inChannels, info.outChannels]
  const taps = info.filterHeight * info.filterWidth
  const panels = floats(taps * inputs * outputs)
  const image = floats(imageBytes / FLOAT)
  const places = panelPlaces(inputs, outputs)
  const outputBytes = info.outHeight * info.outWidth * output.rowBytes
  return () => {
    const [from, to] = [
      floatsAt(backend, addressOf(backend, filter), taps * inputs * outputs),
      view(panels, taps * inputs * outputs),
    ]
    for (let tap = 0, at = 0; tap < taps; tap++)
      for (const place of places) to[at++] = from[tap * inputs * outputs + place]!
    const slopes = view(image, imageBytes / FLOAT)
    for (let index = 0; index < batch; index++) {
      slopes.fill(0)
      addInputGradient(
        ...[output.slopes + index * outputBytes, panels, image],
        ...[padding.positions, padding.positionsEnd, padding.pixelTaps, padding.pixelTapsEnd],
        ...[FLOAT * inputs, output.rowBytes],
      )
      const { lines, lineBytes } = inner
      copyImages(
        ...[image + interior, line, 0, input.slopes + index * lines * lineBytes, lineBytes, 0],
        ...[1, lines, lineBytes],
      )
    }
  }
}

/** Where in a matrix [inputs, outputs] the numbers of the panels of its transpose are, one after the other. */
function panelPlaces(inputs: number, outputs: number): Int32Array {
  const places: number[] = []
  for (let start = 0; start < inputs;) {
    const width = start + 8 <= inputs ? 8 : 4
    for (let output = 0; output < outputs; output++)
      for (let column = start; column < start + width; column++)
        places.push(column * outputs + output)
    start += width
  }
  return Int32Array.from(places)
}
