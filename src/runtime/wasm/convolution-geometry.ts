import type * as tf from '@tensorflow/tfjs-core'
import { floatsAt, integersAt, type WasmBackend } from './backend-memory.ts'

/** What tfjs works out of a convolution's shapes. */
export type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>

const FLOAT = 4

/** What a convolution walks along. */
export interface PreparedGeometry {
  /** The parameters that the functions of `convolution-code.ts` end with. */
  readonly geometry: readonly number[]
  /** One image with its padding. */
  readonly paddedBytes: number
}

interface Extent {
  readonly paddedRow: number
  readonly paddedBytes: number
  readonly positions: number
  readonly taps: number
}

function extentOf(info: ConvolutionInfo, channelsPerTap: number): Extent {
  const { top, left } = info.padInfo
  const span = (outputs: number, stride: number, taps: number): number =>
    (outputs - 1) * stride + taps
  const paddedHeight = Math.max(
    top + info.inHeight,
    span(info.outHeight, info.strideHeight, info.filterHeight),
  )
  const paddedWidth = Math.max(
    left + info.inWidth,
    span(info.outWidth, info.strideWidth, info.filterWidth),
  )
  const paddedRow = paddedWidth * FLOAT * info.inChannels
  return {
    paddedRow,
    paddedBytes: paddedHeight * paddedRow,
    positions: info.outHeight * info.outWidth,
    taps: info.filterHeight * info.filterWidth * channelsPerTap,
  }
}

/** How many bytes {@link writeGeometry} needs. */
export function geometryBytes(info: ConvolutionInfo, channelsPerTap: number): number {
  const { paddedBytes, positions, taps } = extentOf(info, channelsPerTap)
  return paddedBytes + FLOAT * (positions + taps)
}

/**
 * Lays out at `address` the padded copy of one image, all zero, and the tables that our convolutions walk along. A tap is a filter row
 * and column with `channelsPerTap` input channels apart: all of them, or one for the first alone.
 */
export function writeGeometry(
  backend: WasmBackend,
  info: ConvolutionInfo,
  channelsPerTap: number,
  address: number,
): PreparedGeometry {
  const { paddedRow, paddedBytes, positions, taps } = extentOf(info, channelsPerTap)
  const { top, left } = info.padInfo
  const pixel = FLOAT * info.inChannels
  const bases = address + paddedBytes
  const offsets = bases + FLOAT * positions
  floatsAt(backend, address, paddedBytes / FLOAT).fill(0)
  const tables = integersAt(backend, bases, positions + taps)
  let entry = 0
  for (let row = 0; row < info.outHeight; row++)
    for (let column = 0; column < info.outWidth; column++)
      tables[entry++] = row * info.strideHeight * paddedRow + column * info.strideWidth * pixel
  for (let row = 0; row < info.filterHeight; row++)
    for (let column = 0; column < info.filterWidth; column++)
      for (let channel = 0; channel < channelsPerTap; channel++)
        tables[entry++] = row * paddedRow + column * pixel + channel * FLOAT
  const geometry = [
    info.batchSize,
    info.inHeight * info.inWidth * pixel,
    info.inWidth * pixel,
    paddedRow,
    address,
    address + top * paddedRow + left * pixel,
    bases,
    offsets,
    offsets,
    offsets + FLOAT * taps,
    FLOAT * info.outChannels,
    FLOAT * info.outChannels * positions,
  ]
  return { geometry, paddedBytes }
}

/** Writes the transpose of `from` [rows, columns] to `to`. */
export function transpose(
  from: Float32Array,
  rows: number,
  columns: number,
  to: Float32Array,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[column * rows + row] = from[row * columns + column]!
}
