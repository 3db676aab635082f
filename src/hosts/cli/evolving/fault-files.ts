import { createHash } from 'node:crypto'
import type { TaskFault } from '../../../evolve/fitness.ts'

/** Keeps what code of a task has raised. */
export interface FaultFiles {
  readonly add: (fault: TaskFault) => void
}

/**
 * Writes each fault into a file of its own below `faults/` with `writeText`, by its path in the run's folder, `shown`, and says
 * so with `log`, once for all that say the same of some step.
 */
export function createFaultFiles(
  shown: string,
  writeText: (name: string, text: string) => void,
  log: (line: string) => void,
): FaultFiles {
  const told = new Set<string>()
  return {
    add: ({ rule, message, traceback }) => {
      const digest = createHash('sha256')
        .update(JSON.stringify([rule, message]))
        .digest('hex')
      const name = `faults/${digest.slice(0, 12)}.txt`
      writeText(name, `${message}\n\nwith the rule\n\n${rule.trimEnd()}\n\n${traceback}\n`)
      const what = message.replace(/ \([^()]*\)$/, '')
      if (!told.has(what)) log(`${message}; rule and traceback: ${shown}/${name}`)
      told.add(what)
    },
  }
}
