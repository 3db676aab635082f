import type { FromWorker, ToWorker } from './messages.ts'

/** Asks a worker, which is started with the first question. */
export interface Caller<Question, Answer, Progress = never> {
  /** Rejects with the reason of the worker, or an AbortError; nothing is heard of a question after its signal has aborted. */
  readonly ask: (
    question: Question,
    signal: AbortSignal,
    onProgress?: (value: Progress) => void,
  ) => Promise<Answer>
  readonly dispose: () => void
}

/** A worker that has not ended an aborted question after so many milliseconds is ended itself. */
const PATIENCE = 1500

interface Waiting {
  readonly question: unknown
  readonly progress: (value: unknown) => void
  readonly settle: (answer: FromWorker) => void
  readonly fail: (reason: Error) => void
}

/** A caller of the worker that `start` gives, which answers by `answerQuestions`. */
export function createCaller<Question, Answer, Progress = never>(
  start: () => Worker,
): Caller<Question, Answer, Progress> {
  let worker: Worker | undefined
  let lastId = 0
  const waiting = new Map<number, Waiting>()
  /** Questions that nobody waits for, and that the worker may still be busy with. */
  const given = new Map<number, ReturnType<typeof setTimeout>>()
  const end = (): void => {
    worker?.terminate()
    worker = undefined
    for (const timer of given.values()) clearTimeout(timer)
    given.clear()
  }
  const fail = (reason: string): void => {
    end()
    const all = [...waiting.values()]
    waiting.clear()
    for (const each of all) each.fail(new Error(reason))
  }
  const hear = (message: FromWorker): void => {
    const { id } = message
    if (message.kind === 'progress') return waiting.get(id)?.progress(message.value)
    clearTimeout(given.get(id))
    given.delete(id)
    const found = waiting.get(id)
    waiting.delete(id)
    found?.settle(message)
  }
  const send = (message: ToWorker): void => {
    if (worker === undefined) {
      worker = start()
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => hear(data))
      worker.addEventListener('error', ({ message: reason }) =>
        fail(reason === undefined ? 'a worker could not be started' : reason),
      )
    }
    worker.postMessage(message)
  }
  const giveUp = (id: number): void => {
    if (!waiting.delete(id)) return
    send({ kind: 'abort', id })
    const restart = (): void => {
      end()
      for (const [each, { question }] of waiting) send({ kind: 'ask', id: each, question })
    }
    given.set(id, setTimeout(restart, PATIENCE))
  }
  const ask = (
    question: Question,
    signal: AbortSignal,
    onProgress: ((value: Progress) => void) | undefined,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const id = ++lastId
      const abort = (): void => {
        giveUp(id)
        reject(signal.reason as Error)
      }
      const finish = (): void => signal.removeEventListener('abort', abort)
      waiting.set(id, {
        question,
        progress: (value) => onProgress?.(value as Progress),
        settle: (message) => {
          finish()
          if (message.kind === 'answer') resolve(message.value as Answer)
          else if (message.kind === 'failure') reject(new Error(message.reason))
        },
        fail: (reason) => {
          finish()
          reject(reason)
        },
      })
      signal.addEventListener('abort', abort, { once: true })
      send({ kind: 'ask', id, question })
    })
  return { ask, dispose: () => fail('nobody asks any more') }
}

/** Whether something was rejected because nobody waits for it. */
export function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError'
}
