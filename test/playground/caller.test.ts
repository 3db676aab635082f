import { describe, expect, test, vi } from 'vitest'
import { answerQuestions, breathe } from '../../src/hosts/playground/calls/answer-questions.ts'
import { createCaller, isAbort } from '../../src/hosts/playground/calls/caller.ts'

type Answerer = (
  question: string,
  signal: AbortSignal,
  report: (value: number) => void,
) => string | Promise<string>

/** Workers of this process, and how many were started and ended. */
function workers(answer: Answerer): {
  readonly start: () => Worker
  readonly counts: { started: number; ended: number }
} {
  const counts = { started: 0, ended: 0 }
  const start = (): Worker => {
    counts.started += 1
    const { port1, port2 } = new MessageChannel()
    answerQuestions<string, string, number>(port2, answer)
    port2.start()
    port1.start()
    const terminate = (): void => {
      counts.ended += 1
      port1.close()
    }
    return Object.assign(port1, { terminate, onerror: null }) as unknown as Worker
  }
  return { start, counts }
}

const never = new AbortController().signal

describe('questions to a worker', () => {
  test('are answered each with its own answer, by a worker that starts with the first', async () => {
    const { start, counts } = workers((question) => question.toUpperCase())
    const { ask, dispose } = createCaller<string, string>(start)
    expect(counts.started).toBe(0)
    expect(await Promise.all(['a', 'b', 'c'].map((each) => ask(each, never)))).toEqual([
      'A',
      'B',
      'C',
    ])
    dispose()
    expect(counts).toEqual({ started: 1, ended: 1 })
  })

  test('fail with the reason of the worker, which goes on', async () => {
    const { start } = workers((question) => {
      if (question === 'bad') throw new Error('it is bad')
      return question
    })
    const { ask, dispose } = createCaller<string, string>(start)
    await expect(ask('bad', never)).rejects.toThrow('it is bad')
    expect(await ask('good', never)).toBe('good')
    dispose()
  })

  test('tell how far they are', async () => {
    const { start } = workers((_, __, report) => {
      report(1)
      report(2)
      return 'done'
    })
    const { ask, dispose } = createCaller<string, string, number>(start)
    const seen: number[] = []
    expect(await ask('go', never, (value) => seen.push(value))).toBe('done')
    expect(seen).toEqual([1, 2])
    dispose()
  })

  test('that are given up before they begin are not begun', async () => {
    const begun: string[] = []
    const { start } = workers((question) => {
      begun.push(question)
      return question
    })
    const { ask, dispose } = createCaller<string, string>(start)
    const first = ask('first', never)
    const controller = new AbortController()
    const stale = ask('stale', controller.signal)
    controller.abort()
    await expect(stale).rejects.toSatisfy(isAbort)
    await first
    expect(await ask('last', never)).toBe('last')
    expect(begun).toEqual(['first', 'last'])
    dispose()
  })

  test('that were given up before they were asked start nothing', async () => {
    const { start, counts } = workers((question) => question)
    const { ask } = createCaller<string, string>(start)
    await expect(ask('a', AbortSignal.abort())).rejects.toSatisfy(isAbort)
    expect(counts.started).toBe(0)
  })

  test('that are given up are aborted in the worker', async () => {
    const { start, counts } = workers(async (_, signal) => {
      while (!signal.aborted) await breathe()
      throw new Error('ended')
    })
    const { ask, dispose } = createCaller<string, string>(start)
    const controller = new AbortController()
    const stale = ask('a', controller.signal)
    setTimeout(() => controller.abort(), 5)
    await expect(stale).rejects.toSatisfy(isAbort)
    await vi.waitFor(() => expect(counts).toEqual({ started: 1, ended: 0 }))
    dispose()
  })

  test('end a worker that does not hear of it; those that wait are asked again', async () => {
    let isFirst = true
    const { start, counts } = workers((question) => {
      // The first never ends.
      if (!isFirst) return question
      isFirst = false
      return new Promise<string>(() => undefined)
    })
    const { ask, dispose } = createCaller<string, string>(start)
    const controller = new AbortController()
    const stale = ask('stale', controller.signal)
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort()
    await expect(stale).rejects.toSatisfy(isAbort)
    expect(await ask('new', never)).toBe('new')
    expect(counts).toEqual({ started: 2, ended: 1 })
    dispose()
  })

  test('fail when nobody asks any more', async () => {
    const { start } = workers(() => new Promise<string>(() => undefined))
    const { ask, dispose } = createCaller<string, string>(start)
    const waiting = ask('a', never)
    dispose()
    await expect(waiting).rejects.toThrow('nobody asks any more')
  })
})
