import { join } from 'node:path'
import { readJournal, type Entry } from '../../../evolve/journal.ts'
import { tryFilters } from '../../../report/filter-trial.ts'
import type { Page } from '../../../report/page.ts'
import { makeReport } from '../../../report/report.ts'
import { arrangeRun, type Run } from '../../../report/run.ts'
import type { RunState } from '../../../report/run-status.ts'
import type { Protocol } from '../../../tasks/protocol.ts'
import { readConfiguration } from '../evolving/configuration-schema.ts'
import { EVALUATIONS } from '../evolving/evaluation-log.ts'
import { JOURNAL } from '../evolving/run-folder.ts'
import { lockOwner } from '../evolving/run-lock.ts'
import { isFailure } from '../failure.ts'
import type { ModuleLoader } from '../../../resolve/resolution.ts'
import { followFile } from './followed-file.ts'

/** A run folder that is looked at again and again, whoever works on it. */
export interface WatchedRun {
  readonly name: string
  readonly location: string
  /** Reads what has come to it, and says whether something has, or even its state is another one. */
  readonly look: () => 'nothing' | 'growth' | 'state'
  readonly run: () => Run | undefined
  readonly state: () => RunState
  readonly protocol: () => Protocol | undefined
  readonly evaluations: () => { readonly count: number; readonly minutes: number }
  /** Its report; the same one until the journal grows. */
  readonly report: () => Promise<Page>
}

/** The run in a folder, called `name`, of which nothing has been read yet. `pause` is awaited during long work. */
export function watchRun(
  location: string,
  name: string,
  loader: ModuleLoader,
  pause: () => Promise<unknown>,
): WatchedRun {
  const journal = createJournal(join(location, JOURNAL))
  const evaluations = createCount(join(location, EVALUATIONS))
  let state = stateOf(location, journal)
  let configured: { readonly of: Run; readonly protocol: Protocol | undefined } | undefined
  let made: { readonly of: Run; readonly page: Promise<Page> } | undefined

  const protocol = (): Protocol | undefined => {
    const run = journal.run()
    if (run === undefined) return undefined
    if (configured?.of.configuration !== run.configuration)
      configured = { of: run, protocol: protocolOf(run, name) }
    return configured.protocol
  }
  const makePage = async (run: Run): Promise<Page> => {
    const judging = protocol()
    return makeReport(run, {
      loader,
      ...(judging && { protocol: judging }),
      // Every rule is tried on every filter: that is for the end.
      ...(run.isComplete && { filters: await tryFilters(run, loader, pause) }),
    })
  }
  return {
    ...{ name, location, protocol, run: journal.run, evaluations: evaluations.read },
    state: () => state,
    look: () => {
      const hasGrown = [journal.look(), evaluations.look()].includes(true)
      const now = stateOf(location, journal)
      const isOther = JSON.stringify(now) !== JSON.stringify(state)
      state = now
      if (isOther) return 'state'
      return hasGrown ? 'growth' : 'nothing'
    },
    report: () => {
      const run = journal.run()
      if (run === undefined) throw new Error(`${name} has no report yet`)
      if (made?.of !== run) made = { of: run, page: makePage(run) }
      return made.page
    },
  }
}

/** The protocol of a run; undefined where its configuration is damaged: then there is less to show. */
function protocolOf(run: Run, name: string): Protocol | undefined {
  try {
    return readConfiguration(run.configuration, name).judging
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  }
}

interface FollowedJournal {
  readonly look: () => boolean
  /** The same object until something comes; undefined without a beginning. */
  readonly run: () => Run | undefined
  readonly problem: () => string | undefined
}

function createJournal(path: string): FollowedJournal {
  const follow = followFile(path)
  let entries: readonly Entry[] = []
  let problem: string | undefined
  let run: Run | undefined
  return {
    run: () => run,
    problem: () => problem,
    look: () => {
      const growth = follow()
      if (growth === undefined) return false
      if (growth.isAnew) [entries, problem] = [[], undefined]
      const read = readJournal(growth.text)
      // Behind a damaged line nothing counts.
      if (problem === undefined) {
        entries = [...entries, ...read.entries]
        problem =
          read.problem === undefined
            ? undefined
            : read.problem.replace(/^line \d+/, `line ${entries.length + 1}`)
      }
      run = arrangeRun(entries)
      return true
    },
  }
}

/** Evaluations that are kept, also those that the journal does not tell of yet. */
function createCount(path: string): {
  readonly look: () => boolean
  readonly read: () => { readonly count: number; readonly minutes: number }
} {
  const follow = followFile(path)
  let known = { count: 0, minutes: 0 }
  return {
    read: () => known,
    look: () => {
      const growth = follow()
      if (growth === undefined) return false
      if (growth.isAnew) known = { count: 0, minutes: 0 }
      const lines = growth.text.split('\n').slice(0, -1)
      known = {
        count: known.count + lines.length,
        minutes: minutesOf(lines.at(-1)) ?? known.minutes,
      }
      return true
    },
  }
}

function minutesOf(line: string | undefined): number | undefined {
  const [, written] = /"minutes":([\d.eE+-]+)/.exec(line ?? '') ?? []
  return written === undefined ? undefined : Number(written)
}

function stateOf(location: string, journal: FollowedJournal): RunState {
  const problem = journal.problem()
  if (problem !== undefined) return { kind: 'damaged', problem: `${JOURNAL}: ${problem}` }
  const owner = lockOwner(location)
  if (owner?.isRunning === true) return { kind: 'running', process: owner.process }
  if (journal.run()?.isComplete === true) return { kind: 'ended' }
  return owner === undefined ? { kind: 'interrupted' } : { kind: 'killed', process: owner.process }
}
