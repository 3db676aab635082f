import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeComparison } from '../../../report/comparison.ts'
import { page, type Page } from '../../../report/page.ts'
import { canResume, stateText, type RunStatus } from '../../../report/run-status.ts'
import { STYLE } from '../../../report/style.ts'
import {
  listBar,
  noticePage,
  PATHS,
  runBar,
  runList,
  watchedFrame,
  WATCHED_STYLE,
} from '../../../report/watched-page.ts'
import { packageRoot } from '../../../tasks/package-root.ts'
import {
  jsonAnswer,
  policyWith,
  textAnswer,
  type Answer,
  type ServerEvent,
} from '../../serving/answer.ts'
import type { Asked, Route, Site } from '../../serving/server.ts'
import { failure } from '../failure.ts'
import type { ModuleLoader } from '../../../resolve/resolution.ts'
import type { World } from '../world.ts'
import { findRuns } from './find-runs.ts'
import { createResumedRuns, resumeCommand, type ResumedRuns } from './resumed-runs.ts'
import { watchRun, type WatchedRun } from './watched-run.ts'

/** Pages about runs that refresh themselves. */
export interface WatchSite {
  readonly site: Site
  /** Looks at the runs, and tells the pages that show one to which something has come. */
  readonly look: () => void
  /** Tells all pages to refresh themselves once more, and that nothing will come after. */
  readonly farewell: () => void
}

export interface WatchSiteOptions {
  /** Run folders, or folders that hold them. */
  readonly paths: readonly string[]
  readonly loader: ModuleLoader
  readonly pause: () => Promise<unknown>
}

/** The names of server-sent events. */
const CHANGE = 'change'
const FAREWELL = 'farewell'

/** Making pages may take this share of the time: the machine is there to search. */
const MOST_SHARE = 0.1
/** Nothing that has come is left untold for longer, in milliseconds. */
const LONGEST_WAIT = 15_000

const POLICY = policyWith({
  // Bars in tables have their width from an attribute.
  'style-src-attr': "'unsafe-inline'",
  'form-action': "'self'",
})

/** What a site is about. */
interface Watched {
  readonly options: WatchSiteOptions
  readonly world: Pick<World, 'cwd' | 'env' | 'now'>
  readonly runs: Map<string, WatchedRun>
  readonly resumed: ResumedRuns
  readonly listeners: Set<(event: ServerEvent) => void>
  /** Milliseconds that the last page took to make. */
  making: number
}

/** The pages of the runs that `paths` name, also of those that come later. */
export function createWatchSite(options: WatchSiteOptions, world: Watched['world']): WatchSite {
  const { paths, loader, pause } = options
  const watched: Watched = {
    ...{ options, world, runs: new Map(), listeners: new Set(), making: 0 },
    resumed: createResumedRuns(world.cwd, world.env),
  }
  const { runs, listeners } = watched
  const changed = new Set<string>()
  let toldAt = -Infinity
  const tell = (event: ServerEvent): void => listeners.forEach((send) => send(event))

  const look = (): void => {
    for (const { name, location } of findRuns(paths, world.cwd))
      if (!runs.has(name)) runs.set(name, watchRun(location, name, loader, pause))
    let isUrgent = false
    for (const run of runs.values()) {
      const seen = run.look()
      if (seen !== 'nothing') changed.add(run.name)
      isUrgent ||= seen === 'state'
    }
    const wait = Math.min(LONGEST_WAIT, watched.making / MOST_SHARE)
    if (changed.size === 0 || (!isUrgent && world.now() - toldAt < wait)) return
    tell({ name: CHANGE, data: JSON.stringify([...changed]) })
    changed.clear()
    toldAt = world.now()
  }
  return {
    look,
    farewell: () => {
      look()
      tell({ name: FAREWELL, data: '' })
    },
    site: { routes: [...pageRoutes(watched), ...eventRoutes(watched)] },
  }
}

function pageRoutes(watched: Watched): readonly Route[] {
  const script = readScript()
  const html = ([shown, bar]: Shown, { token }: Asked): Answer => ({
    ...{ type: 'text/html; charset=utf-8', policy: POLICY },
    body: page(shown, watchedFrame(bar, { token })),
  })
  return [
    {
      path: PATHS.list,
      answer: (asked) => {
        const { options, world } = watched
        const places = options.paths.map((path) => resolve(world.cwd, path))
        const statuses = statusesOf(watched)
        return html([runList(statuses, places), listBar(statuses, true)], asked)
      },
    },
    { path: PATHS.run, answer: async (asked) => html(await reportOf(watched, asked), asked) },
    { path: PATHS.comparison, answer: async (asked) => html(await compare(watched, asked), asked) },
    {
      path: PATHS.script,
      answer: () => ({ type: 'text/javascript; charset=utf-8', body: script }),
    },
    {
      path: PATHS.style,
      answer: () => ({ type: 'text/css; charset=utf-8', body: STYLE + WATCHED_STYLE }),
    },
  ]
}

function eventRoutes({ runs, resumed, listeners }: Watched): readonly Route[] {
  return [
    {
      path: PATHS.events,
      answer: () => ({
        listen: (send) => {
          listeners.add(send)
          return () => listeners.delete(send)
        },
      }),
    },
    {
      ...{ path: PATHS.resume, method: 'POST' },
      answer: ({ body }) => resume(runs.get(nameIn(body)), resumed),
    },
    {
      ...{ path: PATHS.end, method: 'POST' },
      answer: ({ body }) => end(runs.get(nameIn(body)), resumed),
    },
  ]
}

/** A page and the line above it. */
type Shown = readonly [page: Page, bar: string]

async function reportOf(watched: Watched, { query }: Asked): Promise<Shown> {
  const { runs, resumed } = watched
  const run = runs.get(query.get('name') ?? '')
  if (run === undefined)
    return [
      noticePage('There is no such run', 'It may have been moved.'),
      listBar(statusesOf(watched), false),
    ]
  const status = describeRun(run, resumed)
  const bar = runBar(status, runs.size === 1)
  if (run.run() === undefined)
    return [noticePage('This search has not begun', stateText(status.state)), bar]
  return [await timed(watched, run.report), bar]
}

async function compare(watched: Watched, { query }: Asked): Promise<Shown> {
  const { runs, options } = watched
  const bar = listBar(statusesOf(watched), false)
  const chosen = [...new Set(query.getAll('name'))].flatMap((name) => {
    const [each, run] = [runs.get(name), runs.get(name)?.run()]
    return each === undefined || run === undefined
      ? []
      : [{ name, run, state: stateText(each.state()), protocol: each.protocol() }]
  })
  if (chosen.length < 2) return [noticePage('Nothing to compare', 'Choose two runs or more.'), bar]
  return [await timed(watched, () => makeComparison(chosen, options.loader)), bar]
}

async function timed(watched: Watched, make: () => Promise<Page>): Promise<Page> {
  const { now } = watched.world
  const start = now()
  const made = await make()
  watched.making = now() - start
  return made
}

const statusesOf = ({ runs, resumed }: Watched): readonly RunStatus[] =>
  [...runs.values()].map((run) => describeRun(run, resumed))

/** What the bundle has for browsers. */
function readScript(): string {
  const path = join(packageRoot(), 'dist', 'pages', 'watch.js')
  if (!existsSync(path))
    throw failure('failed', `${path} is missing`, 'install optc again, or `npm run build` it')
  return readFileSync(path, 'utf8')
}

function describeRun(run: WatchedRun, resumed: ResumedRuns): RunStatus {
  const { count, minutes } = run.evaluations()
  const state = run.state()
  const failed = resumed.failure(run)
  const isBeginning = resumed.isAlive(run) && canResume(state)
  return {
    ...{ name: run.name, run: run.run(), evaluations: count, minutes },
    state: isBeginning ? { kind: 'resuming' } : state,
    resumeCommand: resumeCommand(run.name),
    canEnd: resumed.isAlive(run) && state.kind === 'running',
    ...(failed !== undefined && { failure: failed }),
  }
}

/** The name of the run that something was posted about; empty where it has none. */
function nameIn(body: string): string {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : ''
  } catch {
    return ''
  }
}

const NOT_THERE = textAnswer(404, 'there is no such run')

function resume(run: WatchedRun | undefined, resumed: ResumedRuns): Answer {
  if (run === undefined) return NOT_THERE
  run.look()
  if (!canResume(run.state()) || !resumed.start(run))
    return textAnswer(409, `${run.name} cannot be resumed: it is ${stateText(run.state())}`)
  return jsonAnswer({ resumed: run.name })
}

function end(run: WatchedRun | undefined, resumed: ResumedRuns): Answer {
  if (run === undefined) return NOT_THERE
  return resumed.end(run)
    ? jsonAnswer({ ended: run.name })
    : textAnswer(409, `${run.name} does not run, or was not resumed from here`)
}
