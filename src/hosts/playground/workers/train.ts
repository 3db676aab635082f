import * as tf from '@tensorflow/tfjs-core'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '../../../library/wasm-training.ts'
import { selectBackend } from '../../../runtime/backends.ts'
import { openCarried, TRAINING_TASKS, type ReadFile } from '../answers/carried-images.ts'
import type { Nothing } from '../answers/program.ts'
import {
  trainingOf,
  type Training,
  type TrainingHost,
  type TrainQuestion,
} from '../answers/train.ts'
import type { TrainingBackend } from '../answers/training-backends.ts'
import { answerQuestions } from '../calls/answer-questions.ts'

setWasmPaths(new URL('../wasm/', self.location.href).href)

const setBackend = async (name: TrainingBackend): Promise<string> => {
  if (name === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  if (tf.getBackend() === name) return described.get(name) ?? name
  const selected = await selectBackend(name)
  if (!selected.ok) throw new Error(selected.reason)
  const { device } = selected.backend.detail
  const text = device === undefined ? name : `${name}, ${device}`
  described.set(name, text)
  return text
}

const described = new Map<TrainingBackend, string>()

const read: ReadFile = async (name) => {
  const answer = await fetch(new URL(`../data/fashion14/${name}.gz`, self.location.href))
  if (!answer.ok || answer.body === null) return `cannot be fetched (${answer.status})`
  // Servers may have decompressed it already.
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(plain).arrayBuffer())
}

const host: TrainingHost = {
  setBackend,
  open: (name) => {
    const row = TRAINING_TASKS.find((each) => each.name === name)
    if (row === undefined) throw new Error(`there is no task ${name}`)
    return openCarried(row, read)
  },
}

answerQuestions<TrainQuestion, Training | Nothing, Training>(self, (question, signal, report) =>
  trainingOf(question, host, signal, report),
)
