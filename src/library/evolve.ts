import { hasErrors, compileQuietly } from '../compile.ts'
import { findFilter } from '../evolve/filters.ts'
import { createJudge } from '../evolve/fitness.ts'
import type { Entry } from '../evolve/journal.ts'
import {
  JUDGING_DEFAULTS,
  SEARCH_DEFAULTS,
  type SearchConfiguration,
} from '../evolve/search-configuration.ts'
import type { SearchEvent } from '../evolve/search-event.ts'
import { search, type SearchResult } from '../evolve/search.ts'
import { adopt, eachOptimizer } from '../mutate/adopt.ts'
import { selectBackend, type BackendChoice } from '../runtime/backends.ts'
import { parse } from '../syntax/parse.ts'
import { openTask, type OpenTask, type Task } from '../tasks/open-task.ts'
import { isTaskError } from '../tasks/own/task-error.ts'
import { findProtocol, withTasks, type Protocol } from '../tasks/protocol.ts'
import { scaledProtocol } from '../tasks/protocol-scale.ts'
import { findTask } from '../tasks/task.ts'
import { surrogateWork } from '../tasks/work.ts'
import { libraryLoader, librarySource } from './sources.ts'
import { spaceOf } from './spaces.ts'

export interface EvolveOptions extends Partial<SearchConfiguration> {
  /** A task or its name; `fashion14-cnn` when absent. */
  readonly task?: string | Task
  /** The folder of the task's data; where it usually is when absent. */
  readonly data?: string
  /** A protocol or its name; `quick` when absent. */
  readonly protocol?: string | Protocol
  /** How long all runs of the protocol are made, as a part of what it says: above 0, at most 1. */
  readonly scale?: number
  /** Other tasks that the protocol judges on, by its names for them; what it wants of those that are absent is left out. */
  readonly otherTasks?: Readonly<Record<string, OpenTask>>
  /** A search space of the standard library; `published` when absent. */
  readonly space?: string
  /** What computes; the best that works when absent. */
  readonly backend?: BackendChoice
  /** Programs the search begins with, beside random rules. */
  readonly given?: readonly string[]
  /** Rules of the standard library in the final table; nine known optimizers when absent. */
  readonly against?: readonly string[]
  /** Told of everything that happens, each entry of the journal among it. */
  readonly onEvent?: (event: SearchEvent) => void
  /**
   * Awaited again and again while rules are drawn: may let others have their turn, and says whether it
   * did; a rejection ends the search with its reason.
   */
  readonly pause?: () => Promise<boolean>
  /** Milliseconds on a clock of the caller's, `performance.now` for one; needed for a budget in minutes. */
  readonly now?: () => number
}

/** What a search found and its journal, or why it cannot begin: one sentence. */
export type Evolution =
  | { readonly ok: true; readonly value: SearchResult; readonly journal: readonly Entry[] }
  | { readonly ok: false; readonly problem: string }

/**
 * A search in this process, one rule after the other, on the backend that it sets: what `optc evolve` does without its
 * processes and files. Options that are absent are those of the command line. Equal options give equal journals. Rejects
 * where a rule cannot be judged, for want of memory for one.
 */
export async function evolve(options: EvolveOptions = {}): Promise<Evolution> {
  const configuration: SearchConfiguration = { ...SEARCH_DEFAULTS, ...options }
  const refuse = (problem: string): Evolution => ({ ok: false, problem })
  const { given = [], now, budget } = options
  const names = { ...JUDGING_DEFAULTS, ...options }
  if (budget !== undefined && 'minutes' in budget && now === undefined)
    return refuse('a budget in minutes needs a clock, `now`')
  const filter = configuration.filters.find((name) => findFilter(name) === undefined)
  if (filter !== undefined) return refuse(`there is no filter ${filter}`)
  const space = spaceOf(names.space)
  if (space === undefined) return refuse(`there is no search space ${names.space}`)
  const protocol = protocolOf(names)
  if (typeof protocol === 'string') return refuse(protocol)
  const modules = given.map((text) => parse({ path: 'given.opt', text }))
  const broken = modules.findIndex(
    ({ value, diagnostics }) =>
      hasErrors(diagnostics) || (compileQuietly(value, libraryLoader)?.programs ?? []).length === 0,
  )
  if (broken >= 0) return refuse(`rule ${broken} of those given is no optimizer without errors`)
  const baselines = names.against.map((name) => ({ name, source: librarySource(`std/${name}`) }))
  const unknown = baselines.find(({ source }) => source === undefined)
  if (unknown !== undefined) return refuse(`the standard library has no rule ${unknown.name}`)
  const task = typeof names.task === 'string' ? findTask(names.task) : names.task
  if (task === undefined) return refuse(`there is no task ${String(names.task)}`)
  const opened = await openTask(task, options.data === undefined ? {} : { directory: options.data })
  if (!opened.ok) return refuse(`${opened.problem.path} ${opened.problem.problem}`)
  const selected = await selectBackend(
    options.backend ?? 'auto',
    surrogateWork(task, protocol.evolution),
  )
  if (!selected.ok) return refuse(selected.reason)
  const wrong = await rehearsed(opened.value)
  if (wrong !== undefined) return refuse(wrong)

  const others = options.otherTasks ?? {}
  const judge = createJudge(opened.value, protocol, libraryLoader, (name) =>
    Promise.resolve(others[name]!),
  )
  const started = now?.() ?? 0
  const journal: Entry[] = []
  const value = await search(
    configuration,
    modules.flatMap(({ value: module }) => eachOptimizer(module)).map((each) => adopt(space, each)),
    baselines.map(({ name, source }) => ({ name, text: source!.text })),
    {
      space,
      loader: libraryLoader,
      protocol,
      concurrency: 1,
      past: [],
      write: (entry) => {
        journal.push(entry)
        return false
      },
      ...(options.pause && { pause: options.pause }),
      minutes: () => ((now?.() ?? 0) - started) / 60_000,
      onEvent: (event) => options.onEvent?.(event),
      judge: async (request) => {
        const fitness = await judge(request)
        options.onEvent?.({ kind: 'evaluation', fitness, recalled: false })
        return fitness
      },
    },
  )
  return { ok: true, value, journal }
}

/** The protocol as it is judged by, or why there is none. */
function protocolOf({
  protocol: named = JUDGING_DEFAULTS.protocol,
  scale = 1,
  otherTasks = {},
}: EvolveOptions): Protocol | string {
  const protocol = typeof named === 'string' ? findProtocol(named) : named
  if (protocol === undefined) return `there is no protocol ${String(named)}`
  if (!(scale > 0 && scale <= 1)) return `a scale is above 0 and at most 1, not ${scale}`
  return withTasks(scaledProtocol(protocol, scale), Object.keys(otherTasks))
}

/** What is wrong with a task of one's own; undefined when nothing is. */
async function rehearsed(open: OpenTask): Promise<string | undefined> {
  try {
    await open.rehearse?.()
    return undefined
  } catch (error) {
    if (isTaskError(error)) return error.message
    throw error
  }
}
