import type * as tf from '@tensorflow/tfjs-core'
import { selectBackend, type BackendName } from '../runtime/backends.ts'
import type { OpenTask } from './open-task.ts'
import { train } from './train.ts'

/** Training speed of one task on one backend. */
export interface BenchFigure {
  readonly backend: BackendName
  readonly task: string
  readonly batchSize: number
  /** Training steps timed, after a first few that are not. */
  readonly steps: number
  /** Training steps per second, evaluation left out; absent when the backend does not work. */
  readonly stepsPerSecond?: number
  /** The same for a second of processor time, which other processes of the machine disturb less. */
  readonly stepsPerProcessorSecond?: number
  /** Why it does not. */
  readonly reason?: string
}

/** What to measure. */
export interface BenchOptions {
  readonly tasks: readonly OpenTask[]
  /** Makes what they are trained with. */
  readonly optimizer: (totalSteps: number) => tf.Optimizer
  readonly backends: readonly BackendName[]
  /** Time for each figure, in seconds; a figure has at least one step. */
  readonly seconds: number
  readonly signal?: AbortSignal
}

/**
 * Measures each task on each backend, one after the other, with the task's batch size, and yields each
 * figure when it is there. Leaves the last backend that worked set.
 */
export async function* benchTraining(options: BenchOptions): AsyncGenerator<BenchFigure> {
  for (const backend of options.backends) {
    const selection = await selectBackend(backend)
    for (const open of options.tasks) {
      if (options.signal?.aborted === true) return
      const figure = {
        backend,
        task: open.task.name,
        batchSize: open.task.defaults.batchSize,
      }
      if (!selection.ok) yield { ...figure, steps: 0, reason: selection.reason }
      else yield { ...figure, ...(await measure(open, options)) }
    }
  }
}

/** Steps before the clock starts, unless they are too slow: kernels, shaders and what calls them are compiled in them. */
const WARM_UP = 500

async function measure(
  open: OpenTask,
  { optimizer, seconds, signal }: BenchOptions,
): Promise<Required<Pick<BenchFigure, 'steps' | 'stepsPerSecond' | 'stepsPerProcessorSecond'>>> {
  const timed = (steps: number): ReturnType<typeof train> =>
    train({
      task: open,
      optimizer,
      seed: 1,
      steps: Math.max(1, Math.round(steps)),
      evaluateEvery: Infinity,
      test: false,
      ...(signal && { signal }),
    })
  const first = await timed(1)
  const warm = await timed(Math.min(WARM_UP, (first.stepsPerSecond * seconds) / 2))
  const before = process.cpuUsage()
  const { steps, stepsPerSecond } = await timed(warm.stepsPerSecond * seconds)
  const { user, system } = process.cpuUsage(before)
  return { steps, stepsPerSecond, stepsPerProcessorSecond: (1e6 * steps) / (user + system) }
}
