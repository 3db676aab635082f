import { isAbort } from '../calls/caller.ts'
import type { ShownSource } from './pane.ts'

/** Asks again whenever the text changes, or what is asked about it. */
export interface Asking {
  readonly update: (source: ShownSource, signal: AbortSignal) => Promise<void>
  /** Asks about the same text once more. */
  readonly again: () => void
  readonly dispose: () => void
}

/** One question at a time: with a new one its signal aborts the one before. `say` hears of failures. */
export function createAsking(
  ask: (source: ShownSource, signal: AbortSignal) => Promise<void>,
  say: (text: string) => void,
): Asking {
  const gone = new AbortController()
  let running = new AbortController()
  let last: ShownSource | undefined
  const begin = async (source: ShownSource, signal: AbortSignal): Promise<void> => {
    running.abort()
    running = new AbortController()
    try {
      await ask(source, AbortSignal.any([signal, running.signal, gone.signal]))
    } catch (error) {
      if (!isAbort(error)) say(error instanceof Error ? error.message : String(error))
    }
  }
  return {
    update: (source, signal) => {
      last = source
      return begin(source, signal)
    },
    again: () => {
      if (last !== undefined) void begin(last, gone.signal)
    },
    dispose: () => gone.abort(),
  }
}
