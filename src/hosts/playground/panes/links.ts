import type { Links } from './pane.ts'

/** Links whose names are shown to all who listen. */
export function createLinks(): Links {
  const listeners = new Set<(keys: ReadonlySet<string>) => void>()
  let shown: ReadonlySet<string> = new Set()
  return {
    show: (keys) => {
      if (keys.size === 0 && shown.size === 0) return
      shown = keys
      for (const listener of listeners) listener(keys)
    },
    onShow: (listener, signal) => {
      listeners.add(listener)
      signal.addEventListener('abort', () => listeners.delete(listener))
    },
  }
}
