import { TRAINING_BACKENDS, type TrainingBackend } from '../answers/training-backends.ts'
import type { Json } from '../state/json.ts'
import { isRecord, readNumbers } from './curves-state.ts'

/** What is trained, for how long, with what. */
export interface TrainState {
  readonly task: string
  readonly steps: number
  readonly backend: TrainingBackend
  /** Hyperparameters of the rule. */
  readonly values: Readonly<Record<string, number>>
}

export const LEAST_STEPS = 20
export const MOST_STEPS = 5000

/** Tasks that a page trains on, by their names, and what they are. */
export const TASK_TEXTS: Readonly<Record<string, string>> = {
  'fashion14-mlp': 'perceptron, 128 hidden',
  'fashion14-cnn': 'convolutional network',
}

const FIRST: TrainState = { task: 'fashion14-mlp', steps: 400, backend: 'wasm', values: {} }

/** What an address says of training, which anybody may have written; what is wrong in it is left out. */
export function readTrainState(given: Json | undefined): TrainState {
  if (!isRecord(given)) return FIRST
  const { task, steps, backend, values } = given
  return {
    task: typeof task === 'string' && Object.hasOwn(TASK_TEXTS, task) ? task : FIRST.task,
    steps: isSteps(steps) ? steps : FIRST.steps,
    backend: TRAINING_BACKENDS.find((each) => each === backend) ?? FIRST.backend,
    values: readNumbers(values),
  }
}

/** The same for an address; undefined where it is what there is without one. */
export function writeTrainState({ task, steps, backend, values }: TrainState): Json | undefined {
  const isFirst = task === FIRST.task && steps === FIRST.steps && backend === FIRST.backend
  return isFirst && Object.keys(values).length === 0 ? undefined : { task, steps, backend, values }
}

/** A number of steps that training can have. */
export const isSteps = (value: Json | undefined): value is number =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= LEAST_STEPS &&
  value <= MOST_STEPS
