import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Fitness, FitnessRequest, TaskFault } from '../../../evolve/fitness.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import { packageRoot } from '../../../tasks/package-root.ts'
import { failure } from '../failure.ts'
import { createJobQueue, type JobQueue } from './job-queue.ts'
import type { WorkerSetup } from '../../worker/messages.ts'
import {
  startWorker,
  type ReadyWorker,
  type WorkerLimits,
  type WorkerProcess,
} from './worker-process.ts'

/** Processes that judge rules. */
export interface Pool {
  /** What all of them compute with. */
  readonly backend: string
  /**
   * Judges a rule in the first process that is free; requests begin in the order they were made, never more at a time than
   * there are processes. A rule over the limits of time and memory fails; so does one whose process ends, when that happens
   * again in a fresh process. Rejects with a {@link isPoolClosed | PoolClosed} when the pool is closed before the rule is
   * judged, which says nothing about the rule, and with a failure when no process can be started any more.
   */
  readonly judge: (request: FitnessRequest) => Promise<Fitness>
  /** Ends the processes at once. */
  readonly close: () => void
}

export interface PoolOptions {
  /** The file that the processes run: the bundled worker.ts unless given. */
  readonly script?: string
  readonly limits?: Partial<WorkerLimits>
  /** Is told what a task has raised while a rule was judged. */
  readonly onFault?: (fault: TaskFault) => void
}

/** Far more than any rule that works needs. */
const LIMITS: WorkerLimits = {
  milliseconds: 30 * 60_000,
  mebibytes: 3072,
  pollMilliseconds: 1000,
  startMilliseconds: 2 * 60_000,
  pauseMilliseconds: 1000,
}

/** Starts of one process in a row that may fail. */
const MOST_STARTS = 3

const POOL_CLOSED = 'PoolClosed'

/** Whether an error says that the pool was closed while a rule waited or was judged. */
export function isPoolClosed(error: unknown): boolean {
  return error instanceof Error && error.name === POOL_CLOSED
}

/** Whether an error says no more than that the command was to end. */
export function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (isPoolClosed(error) || error === signal.reason)
}

/**
 * Starts `count` processes, each with its own instance of one backend, and closes the pool when `signal` is aborted. The
 * first settles what `auto` means, for those that come later in its place, too. Rejects with a failure when one cannot be
 * set up or has another backend, and as `judge` does when it is closed meanwhile.
 */
export async function createPool(
  count: number,
  setup: WorkerSetup,
  signal: AbortSignal,
  { script = bundledWorker(), limits: given = {}, onFault = () => undefined }: PoolOptions = {},
): Promise<Pool> {
  const limits = { ...LIMITS, ...given }
  const queue = createJobQueue<FitnessRequest, Fitness>()
  const processes: WorkerProcess[] = []
  let backend: string | undefined

  const end = (reason: Error): void => {
    queue.end(reason)
    signal.removeEventListener('abort', close)
    for (const { kill } of processes) kill()
  }
  const close = (): void =>
    end(Object.assign(new Error('the pool of workers was closed'), { name: POOL_CLOSED }))

  /** The process at a place, in the place of one that was there before. */
  const start = async (place: number): Promise<ReadyWorker> => {
    processes[place]?.kill()
    const reason = queue.ended()
    if (reason !== undefined) throw reason
    const settled = (backend as ComputingChoice | undefined) ?? setup.backend
    const started = startWorker(script, { ...setup, backend: settled }, limits, place, onFault)
    processes[place] = started
    try {
      const worker = await started.ready
      backend ??= worker.backend
      if (worker.backend === backend) return worker
    } catch (error) {
      throw queue.ended() ?? error
    }
    throw failure('failed', `a worker does not compute with ${backend} as the others do`)
  }
  const restart = async (place: number): Promise<ReadyWorker> => {
    for (let starts = 1; ; starts++) {
      try {
        return await start(place)
      } catch (error) {
        if (queue.ended() !== undefined || starts === MOST_STARTS) throw error
        await setTimeout(starts * limits.pauseMilliseconds)
      }
    }
  }

  signal.addEventListener('abort', close)
  if (signal.aborted) close()
  try {
    const alone = setup.backend === 'auto' ? [await start(0)] : []
    const others = Array.from({ length: count - alone.length }, (_, index) =>
      start(alone.length + index),
    )
    const workers = [...alone, ...(await Promise.all(others))]
    workers.forEach((worker, place) => {
      serve(worker, queue, () => restart(place)).catch(end)
    })
    return { backend: workers[0]!.backend, judge: queue.add, close }
  } catch (error) {
    close()
    throw error
  }
}

function bundledWorker(): string {
  return join(packageRoot(), 'dist', 'commands', 'evolve-worker.js')
}

/** Takes one job after the other until the queue ends; `renew` gives a fresh process in the place of the one before. */
async function serve(
  worker: ReadyWorker,
  queue: JobQueue<FitnessRequest, Fitness>,
  renew: () => Promise<ReadyWorker>,
): Promise<void> {
  for (let job = await queue.take(); job !== undefined; job = await queue.take()) {
    const { request, resolve } = job
    if (await worker.isWorn()) worker = await renew()
    let outcome = await worker.judge(request)
    // It may have ended for a reason outside: the system was short of memory, or what rules before had left.
    if (outcome.kind === 'lost') {
      worker = await renew()
      outcome = await worker.judge(request)
    }
    // Killed with the pool, and no fault of the rule.
    if (queue.ended() !== undefined) return
    if (outcome.kind === 'task')
      throw failure('failed', outcome.reason, outcome.help, outcome.details)
    resolve(outcome.kind === 'judged' ? outcome.fitness : failed(request, outcome.reason))
  }
}

function failed({ surrogate, seed }: FitnessRequest, reason: string): Fitness {
  return { surrogate, seed, steps: 0, failure: reason }
}
