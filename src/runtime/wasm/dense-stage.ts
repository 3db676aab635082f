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
  const { backend, view, floats, tensor } = memory
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

  const widen = (from: number, to: number, count: number): void => {
    const [values, wide] = [view(from, count * outputs), view(to, count * columns)]
    for (let row = 0; row < count; row++)
      for (let column = 0; column < outputs; column++)
        wide[row * columns + column] = values[row * outputs + column]!
  }
  const narrow = (from: number, to: number, count: number): void => {
    const [wide, values] = [view(from, count * columns), view(to, count * outputs)]
    for (let row = 0; row < count; row++)
      for (let column = 0; column < outputs; column++)
        values[row * outputs + column] = wide[row * columns + column]!
  }
  const transpose = (): void => {
    const from = view(addressOf(backend, weights), inputs * outputs)
    const to = view(transposed, outputs * inputColumns)
    for (let row = 0; row < inputs; row++)
      for (let column = 0; column < outputs; column++)
        to[column * inputColumns + row] = from[row * outputs + column]!
  }

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
      transpose()
      const product = masked ? call.maskedProduct : call.product
      product(
        ...[slopes, rowBytes, rows, FLOAT * outputs],
        ...[transposed, zeros, input.slopes, input.rowBytes, input.values],
      )
    },
  }
}
