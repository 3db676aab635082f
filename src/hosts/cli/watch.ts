import { failure } from './failure.ts'
import type { World } from './world.ts'
import type { Output } from './output.ts'

const SETTLE_MILLISECONDS = 50

/**
 * Calls `work` now and whenever one of the files or folders it gave back changes, until the world's signal is aborted. A
 * failure of a round is printed and waited out.
 */
export async function repeatOnChange(
  work: () => Promise<readonly string[]>,
  world: World,
  output: Output,
): Promise<void> {
  const { watch } = await import('chokidar')
  let changed = false
  let wake: (() => void) | undefined
  const signal = (): void => {
    changed = true
    wake?.()
  }
  const watcher = watch([], { ignoreInitial: true, ignored: /node_modules/ })
  watcher.on('all', signal)
  world.signal.addEventListener('abort', signal)
  try {
    while (!world.signal.aborted) {
      changed = false
      try {
        watcher.add([...(await work())])
      } catch (error) {
        if (!(error instanceof Error && 'help' in error)) throw error
        output.error(error.message, typeof error.help === 'string' ? error.help : undefined)
      }
      output.note(output.notePaint.dim('waiting for changes; Ctrl-C ends'))
      if (!changed && !world.signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      // Editors write a file in several steps.
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLISECONDS))
    }
  } finally {
    world.signal.removeEventListener('abort', signal)
    await watcher.close()
  }
}

/** Refuses to watch what cannot change. */
export function refuseWatchingStdin(operands: readonly string[]): void {
  if (operands.includes('-'))
    throw failure('usage', 'standard input cannot be watched', 'name a file')
}
