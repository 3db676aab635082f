import type { Stage } from '../network-stages.ts'
import { floatsAt, functionsOf } from './backend-memory.ts'
import type { StepMemory, KeptTensor } from './step-memory.ts'
import { FLOAT, makeFlow, type Flow, type StageRun, type StageSetting } from './stage-run.ts'

/** The mean over height and width; undefined where the channels are not a multiple of four. */
export function globalAverageStage({ memory, batch, input }: StageSetting): StageRun | undefined {
  const { backend, view } = memory
  const { columns, rowBytes } = input
  if (columns % 4 !== 0) return undefined
  const { channelSums } = functionsOf(backend).call
  const output = makeFlow(memory, { height: 1, width: 1, rows: batch, columns, rowBytes })
  const positions = input.height * input.width
  return {
    output,
    gradients: [],
    forward: () => {
      const bytes = positions * rowBytes
      for (let image = 0; image < batch; image++)
        channelSums(
          ...[input.values + image * bytes, rowBytes, bytes, output.values + image * rowBytes],
        )
      const means = view(output.values, batch * columns)
      for (let index = 0; index < means.length; index++) means[index]! /= positions
    },
    backward: () => {
      const slopes = view(input.slopes, input.rows * columns)
      const given = view(output.slopes, batch * columns)
      for (let index = 0; index < given.length; index++) given[index]! /= positions
      for (let image = 0, to = 0; image < batch; image++) {
        const row = given.subarray(image * columns, (image + 1) * columns)
        for (let position = 0; position < positions; position++, to += columns) slopes.set(row, to)
      }
    },
  }
}

/** The product with the factors that `mask` writes. */
export function dropoutStage(
  { memory, input }: StageSetting,
  { mask }: Extract<Stage, { kind: 'dropout' }>,
): StageRun {
  const { view, floats } = memory
  const output = makeFlow(memory, input)
  const count = (input.rows * input.rowBytes) / FLOAT
  const factors = floats(count)
  const multiply = (from: number, to: number): void => {
    const [values, kept, products] = [view(from, count), view(factors, count), view(to, count)]
    for (let index = 0; index < count; index++) products[index] = values[index]! * kept[index]!
  }
  return {
    output,
    gradients: [],
    forward: (step) => {
      mask(step, view(factors, count))
      multiply(input.values, output.values)
    },
    backward: () => multiply(output.slopes, input.slopes),
  }
}

/** Softmax cross-entropy of scores: writes their slopes, and gives where loss and hits are kept. */
export function crossEntropy(
  { backend, view, tensor }: StepMemory,
  { rows, columns, rowBytes, values, slopes }: Flow,
): {
  readonly loss: KeptTensor
  readonly correct: KeptTensor
  readonly run: (labels: Float32Array) => void
} {
  const [loss, correct] = [tensor([]), tensor([])] as const
  const width = rowBytes / FLOAT
  const run = (labels: Float32Array): void => {
    const [lossAt, correctAt] = [loss.write(), correct.write()]
    const [scores, gradient] = [view(values, rows * width), view(slopes, rows * width)]
    let lossSum = 0
    let right = 0
    for (let row = 0; row < rows; row++) {
      const [start, first] = [row * width, row * columns]
      let best = 0
      let label = 0
      for (let index = 1; index < columns; index++) {
        if (scores[start + index]! > scores[start + best]!) best = index
        if (labels[first + index]! > labels[first + label]!) label = index
      }
      const top = scores[start + best]!
      let total = 0
      for (let index = 0; index < columns; index++)
        total += gradient[start + index] = Math.exp(scores[start + index]! - top)
      for (let index = 0; index < columns; index++) {
        const target = labels[first + index]!
        lossSum += target * (Math.log(total) - (scores[start + index]! - top))
        gradient[start + index] = (gradient[start + index]! / total - target) / rows
      }
      if (best === label) right += 1
    }
    floatsAt(backend, lossAt, 1)[0] = lossSum / rows
    floatsAt(backend, correctAt, 1)[0] = right
  }
  return { loss, correct, run }
}
