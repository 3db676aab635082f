import { setImmediate } from 'node:timers/promises'

/** How long work may keep the process from hearing anything, in milliseconds. */
const TURN = 50

/**
 * To be awaited again and again during long work: lets timers, messages and signals have their turn when the last one was
 * 50 ms ago, and says whether it did. Rejects with the signal's reason when that is aborted.
 */
export function createPause(signal: AbortSignal): () => Promise<boolean> {
  let last = performance.now()
  return async () => {
    signal.throwIfAborted()
    if (performance.now() - last < TURN) return false
    await setImmediate()
    last = performance.now()
    signal.throwIfAborted()
    return true
  }
}
