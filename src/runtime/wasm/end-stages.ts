import type { Stage } from '../network-stages.ts'
import { functionsOf } from './backend-memory.ts'
import type { StepMemory } from './step-memory.ts'
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

/**
 * The mean softmax cross-entropy of scores and `labels`, a class number for each row, and how many rows have their largest score there;
 * writes the slopes of the scores.
 */
export function crossEntropy(
  { view }: StepMemory,
  { rows, columns, rowBytes, values, slopes }: Flow,
  labels: ArrayLike<number>,
): { readonly loss: number; readonly correct: number } {
  const width = rowBytes / FLOAT
  const [scores, gradient] = [view(values, rows * width), view(slopes, rows * width)]
  let lossSum = 0
  let correct = 0
  for (let row = 0; row < rows; row++) {
    const start = row * width
    const end = start + columns
    const label = start + labels[row]!
    let best = start
    for (let index = start + 1; index < end; index++)
      if (scores[index]! > scores[best]!) best = index
    const top = scores[best]!
    let total = 0
    for (let index = start; index < end; index++)
      total += gradient[index] = Math.exp(scores[index]! - top)
    lossSum += Math.log(total) - (scores[label]! - top)
    for (let index = start; index < end; index++)
      gradient[index] = (gradient[index]! / total - (index === label ? 1 : 0)) / rows
    if (best === label) correct += 1
  }
  return { loss: Math.fround(lossSum / rows), correct }
}
