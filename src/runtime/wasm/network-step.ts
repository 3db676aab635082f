import * as tf from '@tensorflow/tfjs-core'
import type { Stage, StageStep } from '../network-stages.ts'
import { addressOf, floatsAt, type WasmBackend } from './backend-memory.ts'
import { convolutionStage } from './convolution-stage.ts'
import { denseStage } from './dense-stage.ts'
import { crossEntropy, dropoutStage, globalAverageStage } from './end-stages.ts'
import { normalizationStage } from './normalization-stage.ts'
import { FLOAT, type Flow, type StageRun } from './stage-run.ts'
import { createStepMemory, type StepMemory } from './step-memory.ts'

/** A stage of the network, or several that are taken as one, with its place. */
interface PlacedRun {
  readonly run: StageRun
  readonly input: Flow
  /** The stage whose variables its gradients belong to. */
  readonly place: number
}

/**
 * The training step of a network on the wasm backend: its stages one after the other over memory that is kept, with no tensor but
 * those that are handed out. Undefined where the backend is another one, or the stages and their sizes are not supported.
 */
export function createNetworkStep(
  stages: readonly Stage[],
  shape: readonly number[],
): StageStep | undefined {
  if (tf.getBackend() !== 'wasm') return undefined
  const backend = tf.backend() as unknown as WasmBackend
  if (!(backend.wasm.asm.memory.buffer instanceof ArrayBuffer)) return undefined
  const memory = createStepMemory(backend)
  const size = sizeOfImages(shape)
  if (size === undefined) return undefined
  const { batch, height, width, channels } = size
  const count = batch * height * width * channels
  const input: Flow = {
    ...{ height, width, rows: batch * height * width, columns: channels },
    ...{ rowBytes: FLOAT * channels, values: memory.floats(count), slopes: 0 },
  }
  const placed = placeStages(memory, stages, batch, input)
  const scores = placed?.at(-1)?.run.output
  if (placed === undefined || scores?.rows !== batch) {
    memory.dispose()
    return undefined
  }
  const loss = crossEntropy(memory, scores)
  return {
    run: (inputs, labels, step) => {
      const from = addressOf(backend, inputs)
      memory.view(input.values, count).set(floatsAt(backend, from, count))
      for (const { run } of placed) run.forward(step)
      loss.run(floatsAt(backend, addressOf(backend, labels), batch * scores.columns))
      for (const { run, input: before } of placed.toReversed())
        if (before.slopes !== 0 || run.gradients.length > 0) run.backward()
      const gradients: tf.Tensor[][] = stages.map(() => [])
      for (const { run, place } of placed)
        gradients[place] = run.gradients.map((gradient) => gradient.give())
      return {
        loss: loss.loss.give() as tf.Scalar,
        correct: loss.correct.give() as tf.Scalar,
        gradients,
      }
    },
    dispose: memory.dispose,
  }
}

/** Rows of features are images of one pixel; undefined for other shapes. */
function sizeOfImages(shape: readonly number[]) {
  const [batch = 0] = shape
  if (shape.length === 2) return { batch, height: 1, width: 1, channels: shape[1]! }
  if (shape.length !== 4) return undefined
  return { batch, height: shape[1]!, width: shape[2]!, channels: shape[3]! }
}

function placeStages(
  memory: StepMemory,
  stages: readonly Stage[],
  batch: number,
  images: Flow,
): readonly PlacedRun[] | undefined {
  const placed: PlacedRun[] = []
  let flow = images
  for (const [place, stage] of stages.entries()) {
    const [before, next] = [stages[place - 1]?.kind, stages[place + 1]?.kind]
    // Part of the dense layers on both sides of it.
    if (stage.kind === 'rectifier' && before === 'dense' && next === 'dense') continue
    if (stage.kind === 'flatten') {
      flow = flattened(flow, batch)
      continue
    }
    const setting = { memory, batch, input: flow }
    const fused = { rectified: next === 'rectifier', masked: before === 'rectifier' }
    const run = runOf(setting, stage, fused)
    if (run === undefined) return undefined
    placed.push({ run, input: flow, place })
    flow = run.output
  }
  return placed
}

function runOf(
  setting: Parameters<typeof globalAverageStage>[0],
  stage: Stage,
  fused: Parameters<typeof denseStage>[2],
): StageRun | undefined {
  switch (stage.kind) {
    case 'dense':
      return denseStage(setting, stage, fused)
    case 'convolution':
      return convolutionStage(setting, stage)
    case 'normalizeSwish':
      return setting.input.slopes === 0 ? undefined : normalizationStage(setting, stage)
    case 'globalAverage':
      return globalAverageStage(setting)
    case 'dropout':
      return dropoutStage(setting, stage)
    case 'flatten':
    case 'rectifier':
      return undefined
  }
}

/** The same numbers with a row for each image. */
function flattened(flow: Flow, batch: number): Flow {
  const columns = (flow.rows * flow.columns) / batch
  return { ...flow, height: 1, width: 1, rows: batch, columns, rowBytes: FLOAT * columns }
}
