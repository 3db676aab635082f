import type { Fitness, FitnessRequest, TaskFault } from '../../evolve/fitness.ts'
import type { ComputingChoice } from '../../tasks/computing.ts'
import type { TaskFile } from '../../tasks/open-task.ts'
import type { Protocol } from '../../tasks/protocol.ts'

/** A task that a worker opens. Plain data. */
export interface WorkerTask {
  /** Name of the task, or the path of its module from `cwd`. */
  readonly task: string
  /** What its module was read from, where it is one. */
  readonly taskFiles?: readonly TaskFile[]
  /** Folder of the task's data; where it usually is when undefined. */
  readonly data: string | undefined
}

/** What a worker is started with. Plain data. */
export interface WorkerSetup extends WorkerTask {
  readonly protocol: Protocol
  readonly backend: ComputingChoice
  /** The other tasks of the protocol; none when absent. */
  readonly others?: readonly WorkerTask[]
  /** Absolute path that imports of rules are found from. */
  readonly cwd: string
}

/** To a worker. */
export type WorkerInput =
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'judge'; readonly id: number; readonly request: FitnessRequest }

/** What is wrong, and what may help and where it came from as far as that is known. */
export interface Complaint {
  readonly reason: string
  readonly help?: string
  readonly details?: string
}

/** From a worker. */
export type WorkerOutput =
  | { readonly kind: 'ready'; readonly backend: string }
  | ({ readonly kind: 'unusable' } & Complaint)
  /** Told before the answer, which says the same in short. */
  | { readonly kind: 'fault'; readonly fault: TaskFault }
  | { readonly kind: 'judged'; readonly id: number; readonly fitness: Fitness }
  /** The task itself is wrong, whatever the rule. */
  | ({ readonly kind: 'task'; readonly id: number } & Complaint)
  /** Judging threw an error; what it has left behind in the process is unknown. */
  | { readonly kind: 'threw'; readonly id: number; readonly reason: string }

/** Whether a message is what workers send: everything that comes from another process is looked at before it is believed. */
export function isWorkerOutput(message: unknown): message is WorkerOutput {
  if (!isRecord(message)) return false
  const { kind, id, backend, reason, fitness, fault } = message
  switch (kind) {
    case 'ready':
      return typeof backend === 'string'
    case 'unusable':
      return isComplaint(message)
    case 'fault':
      return isFault(fault)
    case 'judged':
      return typeof id === 'number' && isFitness(fitness)
    case 'task':
      return typeof id === 'number' && isComplaint(message)
    case 'threw':
      return typeof id === 'number' && typeof reason === 'string'
    default:
      return false
  }
}

function isComplaint(message: Readonly<Record<string, unknown>>): boolean {
  const { reason, help, details } = message
  return (
    typeof reason === 'string' &&
    [help, details].every((text) => text === undefined || typeof text === 'string')
  )
}

/** Numbers that are not finite arrive as null, and are refused. */
function isFitness(value: unknown): value is Fitness {
  if (!isRecord(value)) return false
  const { surrogate, seed, steps, failure, score, testMetric, testLoss, learningRate } = value
  return (
    typeof surrogate === 'string' &&
    typeof seed === 'number' &&
    typeof steps === 'number' &&
    (failure === undefined || typeof failure === 'string') &&
    [score, testMetric, testLoss, learningRate].every(
      (number) => number === undefined || typeof number === 'number',
    )
  )
}

function isFault(value: unknown): value is TaskFault {
  if (!isRecord(value)) return false
  const { rule, message, traceback } = value
  return [rule, message, traceback].every((text) => typeof text === 'string')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
