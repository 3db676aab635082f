import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../tasks/package-root.ts'
import { exitCodes } from '../failure.ts'
import { shellWord } from '../shell-word.ts'
import type { FoundRun } from './find-runs.ts'

/** Runs that were resumed from a page. Their processes outlive this one. */
export interface ResumedRuns {
  /** Goes on with a run; false where that has been begun already. */
  readonly start: (run: FoundRun) => boolean
  /** Asks a process that was started here to save and end; false where there is none. */
  readonly end: (run: FoundRun) => boolean
  readonly isAlive: (run: FoundRun) => boolean
  /** What the last process said when it could not go on. */
  readonly failure: (run: FoundRun) => string | undefined
}

/** What a resumed run writes is kept in its folder. */
const LOG = 'resume.log'
const MOST_FAILURE_LINES = 4

/** Commands are run in the folder `cwd`, which tasks of one's own are found from. */
export function createResumedRuns(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): ResumedRuns {
  const children = new Map<string, ChildProcess>()
  const failures = new Map<string, string>()
  return {
    isAlive: ({ location }) => children.has(location),
    failure: ({ location }) => failures.get(location),
    end: ({ location }) => children.get(location)?.kill('SIGINT') === true,
    start: ({ location, name }) => {
      if (children.has(location)) return false
      const path = join(location, LOG)
      const log = openSync(path, 'w')
      const program = join(packageRoot(), 'dist', 'optc.cjs')
      const child = spawn(process.execPath, [program, 'evolve', '--resume', name], {
        ...{ cwd, env: { ...env }, detached: true, stdio: ['ignore', log, log] },
      })
      closeSync(log)
      children.set(location, child)
      failures.delete(location)
      const left = (problem: string | undefined): void => {
        children.delete(location)
        if (problem !== undefined) failures.set(location, problem)
      }
      child.on('error', ({ message }) => left(message))
      child.on('exit', (code) =>
        left(
          code === exitCodes.done || code === exitCodes.interrupted ? undefined : lastLines(path),
        ),
      )
      // Whoever looks at a search may leave.
      child.unref()
      return true
    },
  }
}

/** The command that goes on with a run. */
export function resumeCommand(name: string): string {
  return `optc evolve --resume ${shellWord(name)}`
}

function lastLines(path: string): string {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.slice(-MOST_FAILURE_LINES).join(' ')
}
