import type { Stage } from '../network-stages.ts'
import { addressOf, functionsOf } from './backend-memory.ts'
import { denseCode, type DenseFunction } from './dense-code.ts'
import { linkedFunctions } from './linked-functions.ts'
import { encoding } from './step-encoding.ts'
import { FLOAT, makeFlow, paddedBytes, type StageRun, type StageSetting } from './stage-run.ts'

const denseFunctions = linkedFunctions<DenseFunction>(denseCode, encoding)

/** A dense layer, with the rectifier behind it where `rectified`; `mask`: whether a rectifier's output is its input. */
export function denseStage(
  { memory, input }: StageSetting,
  { weights, bias }: Extract<Stage, { kind: 'dense' }>,
  { rectified, masked }: { readonly rectified: boolean; readonly masked: boolean },
): StageRun {
  const { backend, floats, tensor, view } = memory
  const call = denseFunctions(backend)
  const { channelSums } = functionsOf(backend).call
  const [inputs = 0, outputs = 0] = weights.shape
  const { rows } = input
  const rowBytes = paddedBytes(outputs)
  const columns = rowBytes / FLOAT
  const output = makeFlow(memory, { height: 1, width: 1, rows, columns: outputs, rowBytes })
  const isPadded = columns !== outputs
  const gradients = [tensor(weights.shape), tensor(bias.shape)] as const
  // Copies whose rows are a multiple of four long.
  const matrix = isPadded ? floats(inputs * columns) : 0
  const start = isPadded ? floats(columns) : 0
  const gradient = isPadded ? floats(inputs * columns) : 0
  const sums = isPadded ? floats(columns) : 0
  const inputColumns = input.rowBytes / FLOAT
  const transposed = input.slopes === 0 ? 0 : floats(outputs * inputColumns)
  const zeros = input.slopes === 0 ? 0 : floats(inputColumns)

  const widen = (from: number, to: number, count: number): void =>
    copyColumns(view(from, count * outputs), outputs, view(to, count * columns), columns)
  const narrow = (from: number, to: number, count: number): void =>
    copyColumns(view(from, count * columns), columns, view(to, count * outputs), outputs)

  return {
    output,
    gradients,
    forward: () => {
      let [from, first] = [addressOf(backend, weights), addressOf(backend, bias)]
      if (isPadded) {
        widen(from, matrix, inputs)
        widen(first, start, 1)
        ;[from, first] = [matrix, start]
      }
      const product = rectified ? call.rectifiedProduct : call.product
      const terms = FLOAT * inputs
      product(
        ...[input.values, input.rowBytes, rows, terms],
        ...[from, first, output.values, rowBytes, output.values],
      )
    },
    backward: () => {
      const [ofWeights, ofBias] = gradients.map((kept) => kept.write()) as [number, number]
      const { slopes } = output
      call.transposedTimesMatrix(
        ...[input.values, input.rowBytes, rows, inputs, slopes],
        ...[isPadded ? gradient : ofWeights, rowBytes],
      )
      channelSums(slopes, rowBytes, rows * rowBytes, isPadded ? sums : ofBias)
      if (isPadded) {
        narrow(gradient, ofWeights, inputs)
        narrow(sums, ofBias, 1)
      }
      if (input.slopes === 0) return
      const values = view(addressOf(backend, weights), inputs * outputs)
      transpose(values, outputs, view(transposed, outputs * inputColumns), inputColumns)
      const product = masked ? call.maskedProduct : call.product
      product(
        ...[slopes, rowBytes, rows, FLOAT * outputs],
        ...[transposed, zeros, input.slopes, input.rowBytes, input.values],
      )
    },
  }
}

/** Copies the columns that two matrices both have. */
function copyColumns(
  from: Float32Array,
  fromColumns: number,
  to: Float32Array,
  toColumns: number,
): void {
  const [rows, columns] = [from.length / fromColumns, Math.min(fromColumns, toColumns)]
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[row * toColumns + column] = from[row * fromColumns + column]!
}

/** Writes the transpose of a matrix of `columns` to one whose rows are `width` apart. */
function transpose(from: Float32Array, columns: number, to: Float32Array, width: number): void {
  const rows = from.length / columns
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[column * width + row] = from[row * columns + column]!
}
