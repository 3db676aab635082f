import type { FromWorker, ToWorker } from './messages.ts'

/** What a worker is when it is not a window: the part of its surroundings that answers need. */
export interface WorkerScope {
  readonly addEventListener: (
    type: 'message',
    listener: (event: MessageEvent<ToWorker>) => void,
  ) => void
  readonly postMessage: (message: FromWorker) => void
}

/** Lets messages in, so that a worker hears of an abort in the middle of what it does. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/**
 * Answers the questions of a `createCaller`, one after the other; those that are given up while they wait are not begun. An
 * answer that takes long looks at its signal now and then, after `breathe`.
 */
export function answerQuestions<Question, Answer, Progress = never>(
  scope: WorkerScope,
  answer: (
    question: Question,
    signal: AbortSignal,
    report: (value: Progress) => void,
  ) => Answer | Promise<Answer>,
): void {
  const open = new Map<number, AbortController>()
  let before: Promise<void> = Promise.resolve()
  const work = async (id: number, question: unknown, signal: AbortSignal): Promise<void> => {
    try {
      await breathe()
      signal.throwIfAborted()
      const report = (value: Progress): void => scope.postMessage({ kind: 'progress', id, value })
      const value = await answer(question as Question, signal, report)
      scope.postMessage({ kind: 'answer', id, value })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      scope.postMessage({ kind: 'failure', id, reason })
    } finally {
      open.delete(id)
    }
  }
  scope.addEventListener('message', ({ data }) => {
    if (data.kind === 'abort') return open.get(data.id)?.abort()
    if (data.kind !== 'ask') return
    const controller = new AbortController()
    open.set(data.id, controller)
    before = before.then(() => work(data.id, data.question, controller.signal))
  })
}
