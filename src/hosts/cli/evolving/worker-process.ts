import { fork } from 'node:child_process'
import type { Fitness, FitnessRequest, TaskFault } from '../../../evolve/fitness.ts'
import { failure } from '../failure.ts'
import { formatDuration } from '../progress.ts'
import {
  isWorkerOutput,
  type Complaint,
  type WorkerInput,
  type WorkerSetup,
} from '../../worker/messages.ts'
import { residentMemory } from './resident-memory.ts'

/** What one rule may use up, and a worker that starts. */
export interface WorkerLimits {
  /** Time for one rule, to the next look; by its surrogate where `timeFor` is there. */
  readonly milliseconds: number
  readonly timeFor?: (surrogate: string) => number
  /** Mebibytes of the process: its JavaScript heap everywhere, on Linux all of its memory. */
  readonly mebibytes: number
  /** Time between two looks at time and memory. */
  readonly pollMilliseconds: number
  /** Time for the backend and the data to be there. */
  readonly startMilliseconds: number
  /** Pause before a worker that did not start is started again; longer every time. */
  readonly pauseMilliseconds: number
}

/** How judging a rule ended. The process is gone after everything but `judged`. */
export type Outcome =
  | { readonly kind: 'judged'; readonly fitness: Fitness }
  /** The task is wrong, whatever the rule. */
  | ({ readonly kind: 'task' } & Complaint)
  /** The rule used up more than it may. */
  | { readonly kind: 'limit'; readonly reason: string }
  /** The process ended or cannot be trusted any more, perhaps through no fault of the rule. */
  | { readonly kind: 'lost'; readonly reason: string }

/** A process that is set up. */
export interface ReadyWorker {
  readonly backend: string
  /** One at a time. Never rejects. */
  readonly judge: (request: FitnessRequest) => Promise<Outcome>
  /** Whether it is gone, or rules before have left so much memory taken that the next one would not have its fair share. */
  readonly isWorn: () => Promise<boolean>
}

/** A process that may not be set up yet. */
export interface WorkerProcess {
  /** Rejects with a failure when it cannot be set up. */
  readonly ready: Promise<ReadyWorker>
  /** Ends it at once. */
  readonly kill: () => void
}

/** Libraries that would use every core in each of the processes. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
}

/** How V8 ends a process whose heap is full. */
const HEAP_IS_FULL = /heap limit|heap out of memory/i
const LAST_WORDS = 4000

/**
 * Starts a process that runs `script`, a file that keeps to the messages of workers, and sets it up: at one of the
 * places, from 0, of those that work beside each other. `onFault` is told what
 * a task has raised, before the rule's outcome is.
 */
export function startWorker(
  script: string,
  setup: WorkerSetup,
  limits: WorkerLimits,
  place: number,
  onFault: (fault: TaskFault) => void,
): WorkerProcess {
  const child = fork(script, [], {
    // Without threads for the collection of garbage, which would take a core from the other processes.
    execArgv: [`--max-old-space-size=${limits.mebibytes}`, '--single-threaded-gc'],
    // Whatever the person's shell says: that is meant for one process.
    env: { ...process.env, ...ONE_THREAD, OPTC_WORKER: String(place) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let lastWords = ''
  child.stderr?.on('data', (data: Buffer) => {
    lastWords = (lastWords + data.toString()).slice(-LAST_WORDS)
  })
  let isGone = false
  let onMessage: (message: unknown) => void = () => undefined
  let onGone: () => void = () => undefined
  const gone = (): void => {
    isGone = true
    onGone()
  }
  child.on('message', (message) => onMessage(message))
  // After the last of what it wrote; `error` when there was no process in the first place.
  child.on('close', gone)
  child.on('error', gone)
  const kill = (): void => void child.kill('SIGKILL')
  // One that cannot be written to has ended, and says so by its exit.
  const send = (message: WorkerInput): void => void child.send(message, () => undefined)
  const overMemory = (): string => `it needed more than ${describeMemory(limits.mebibytes)}`

  const judge = (id: number, request: FitnessRequest): Promise<Outcome> =>
    new Promise((resolve) => {
      const allowed = limits.timeFor?.(request.surrogate) ?? limits.milliseconds
      let verdict: Outcome | undefined
      const condemn = (outcome: Outcome): void => {
        verdict ??= outcome
        kill()
      }
      const lookAtMemory = async (): Promise<void> => {
        const taken = child.pid === undefined ? undefined : await residentMemory(child.pid)
        if (taken !== undefined && taken > limits.mebibytes)
          condemn({ kind: 'limit', reason: overMemory() })
      }
      // Time is counted in looks, so that it stands still while all processes are stopped, or this one is busy.
      let looks = 0
      const look = (): void => {
        looks += 1
        if (looks * limits.pollMilliseconds < allowed) return void lookAtMemory()
        const reason = `it took longer than ${describeTime(allowed)}`
        condemn({ kind: 'limit', reason })
      }
      const timer = setInterval(look, limits.pollMilliseconds).unref()
      const end = (outcome: Outcome): void => {
        clearInterval(timer)
        onMessage = () => undefined
        onGone = () => undefined
        resolve(outcome)
      }
      onMessage = (message) => {
        if (verdict !== undefined) return
        if (isWorkerOutput(message) && message.kind === 'fault') return onFault(message.fault)
        if (isWorkerOutput(message) && message.kind === 'judged' && message.id === id)
          return end({ kind: 'judged', fitness: message.fitness })
        if (isWorkerOutput(message) && message.kind === 'task' && message.id === id)
          return end(message)
        const isError = isWorkerOutput(message) && message.kind === 'threw' && message.id === id
        condemn({
          kind: 'lost',
          reason: isError ? `it went wrong: ${message.reason}` : 'its process gave no answer',
        })
      }
      onGone = () => {
        const isFull = HEAP_IS_FULL.test(lastWords)
        verdict ??= isFull
          ? { kind: 'limit', reason: overMemory() }
          : { kind: 'lost', reason: 'it ended its process' }
        end(verdict)
      }
      if (isGone) onGone()
      else send({ kind: 'judge', id, request })
    })

  const ready = new Promise<ReadyWorker>((resolve, reject) => {
    let complaint: Complaint | undefined
    const timer = setTimeout(() => {
      complaint = {
        reason: `a worker was not ready after ${describeTime(limits.startMilliseconds)}`,
      }
      kill()
    }, limits.startMilliseconds)
    onMessage = (message) => {
      clearTimeout(timer)
      if (!isWorkerOutput(message) || message.kind !== 'ready') {
        const said = isWorkerOutput(message) && message.kind === 'unusable'
        complaint ??= said ? message : { reason: 'a worker gave no answer when it was set up' }
        return kill()
      }
      onMessage = () => undefined
      onGone = () => undefined
      let count = 0
      resolve({
        backend: message.backend,
        judge: (request) => judge(count++, request),
        isWorn: async () => {
          if (isGone || child.killed || child.pid === undefined) return true
          const taken = await residentMemory(child.pid)
          return taken !== undefined && taken > limits.mebibytes / 2
        },
      })
    }
    onGone = () => {
      clearTimeout(timer)
      const { reason, help, details } = complaint ?? {
        reason: `a worker ended before it was ready${quote(lastWords)}`,
      }
      reject(failure('failed', reason, help, details))
    }
  })
  send({ kind: 'setup', setup })
  return { ready, kill }
}

/** `30 min`, `0.3 s`. */
function describeTime(milliseconds: number): string {
  const minutes = milliseconds / 60_000
  return Number.isInteger(minutes) ? `${minutes} min` : formatDuration(milliseconds / 1000)
}

/** `3 GiB`, `200 MiB`. */
function describeMemory(mebibytes: number): string {
  const gibibytes = mebibytes / 1024
  return Number.isInteger(gibibytes) ? `${gibibytes} GiB` : `${mebibytes} MiB`
}

function quote(lastWords: string): string {
  const words = lastWords.trim()
  return words === '' ? '' : `: ${words}`
}
