import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { unevenRates, type Space } from '../../../mutate/space/space.ts'
import type { Entry } from '../../../evolve/journal.ts'
import type { SearchResult } from '../../../evolve/search.ts'
import type { WorkerSetup } from '../../worker/messages.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import { arrangeRun } from '../../../report/run.ts'
import type { Task } from '../../../tasks/open-task.ts'
import type { Invocation } from '../command.ts'
import { dataFolders, type DataFolders } from '../data-folders.ts'
import { writeBest } from '../evolving/best-rules.ts'
import { finalTable } from '../evolving/final-table.ts'
import { stepCostsOf, type Extent, type StepCosts } from '../evolving/expected-work.ts'
import { createLiveView, type LiveView } from '../evolving/live-view.ts'
import { createFaultFiles, type FaultFiles } from '../evolving/fault-files.ts'
import { nothingFound } from '../evolving/nothing-found.ts'
import { begunRun, spaceSource } from '../evolving/begun-run.ts'
import type { RunConfiguration } from '../evolving/configuration-schema.ts'
import { readGiven } from '../evolving/given-rules.ts'
import { loadSpace, spaceOf } from '../evolving/load-space.ts'
import { REPORT, reportPage } from '../evolving/report-page.ts'
import { measurePace, outlookLines, withPace } from '../evolving/outlook.ts'
import {
  findBegunTasks,
  findOtherTasks,
  NO_OTHERS,
  type OtherTask,
  type OtherTasks,
} from '../evolving/other-tasks.ts'
import { createPause } from '../evolving/pause.ts'
import { createPool, isInterruption, type Pool } from '../evolving/pool.ts'
import {
  configurationOf,
  protocolOf,
  refuseChangedTasks,
  refuseChanges,
  type EvolveOptions,
  type RunTasks,
} from '../evolving/run-configuration.ts'
import {
  createRunFolder,
  readRun,
  resumeRunFolder,
  type RunFolder,
} from '../evolving/run-folder.ts'
import { searchIn } from '../evolving/search-in.ts'
import { limitsFor } from '../evolving/time-limit.ts'
import { exitCodes, failure } from '../failure.ts'
import type { World } from '../world.ts'
import type { Output } from '../output.ts'
import { packageVersion } from '../package.ts'
import { formatDuration } from '../progress.ts'
import { shellWord } from '../shell-word.ts'
import { createSources, type Sources } from '../sources.ts'
import { taskOf } from '../task-option.ts'
import { openData } from '../open-data.ts'
import { openReport } from '../watching/open-report.ts'

/** `optc evolve`. */
export async function run(invocation: Invocation<EvolveOptions>): Promise<number> {
  const { operands, options, given: named, world, output } = invocation
  const sources = createSources(world.cwd)
  if (options.resume !== undefined && operands.length > 0)
    throw failure('usage', 'a run that is resumed has its rules already', 'leave the PATHs out')
  const resumed = options.resume
  const begun =
    resumed === undefined ? undefined : begunRun(resolve(world.cwd, resumed), resumed, sources)
  const taskName = begun === undefined || named.has('task') ? options.task : begun.task
  const folders = dataFolders(options.data, world.cwd)
  const task = await taskOf(taskName, world.cwd, folders.of(undefined))
  const others = await othersOf(options, task, begun, folders, world)
  const tasks: RunTasks = { task, others: others.present }
  const shown = resumed ?? options.out ?? `evolve-${task.name}-${options.seed}`
  const location = resolve(world.cwd, shown)
  if (begun !== undefined) {
    refuseChanges(named, options, tasks, begun, world, sources)
    refuseChangedTasks(begun, tasks)
  }
  const wanted = begun ?? (await begin(invocation, tasks, sources))
  if (wanted === undefined) return exitCodes.failed
  const space = spaceOf(spaceSource(wanted), sources.loader)
  for (const line of others.missing) output.note(line)
  // Also decodes what has to be decoded, once for all workers, and finds what is wrong now instead of in days.
  await openData(task, folders.of(task.data), world)
  for (const { task: other, data } of others.present) await openData(other, data, world)

  const workers = options.workers ?? availableParallelism()
  const known = new Map(others.present.map(({ name, task: other }) => [name, other]))
  let faults: FaultFiles | undefined
  const pool = await createPool(
    workers,
    setupOf(wanted, taskName, task, others.present, folders.of(task.data), world.cwd),
    world.signal,
    {
      limits: limitsFor(wanted.judging, task, known),
      onFault: (fault) => faults?.add(fault),
    },
  )
  try {
    // Scores repeat on one backend only: `auto` is settled when the run begins.
    const configuration: RunConfiguration = { ...wanted, backend: pool.backend }
    const folder =
      begun === undefined
        ? createRunFolder(location, shown, packageVersion(), { ...configuration })
        : resumeRunFolder(location, shown, packageVersion())
    const leaveReport = options.open ? await openReport(shown, world, output) : undefined
    try {
      return await runSearch({
        configuration,
        space,
        folder,
        pool,
        workers,
        keepFaults: (files) => (faults = files),
        stepCosts: stepCostsOf(wanted.judging, task, known),
        isNew: begun === undefined,
        location,
        shown,
        sources,
        world,
        output,
      })
    } finally {
      folder.close()
      leaveReport?.()
    }
  } finally {
    pool.close()
  }
}

/** What the workers of a run are started with; `name` is what its task is called or found by now. */
function setupOf(
  { judging, backend }: RunConfiguration,
  name: string,
  task: Task,
  others: readonly OtherTask[],
  data: string | undefined,
  cwd: string,
): WorkerSetup {
  return {
    task: name,
    ...(task.files && { taskFiles: task.files }),
    protocol: withPace(judging),
    backend: backend as ComputingChoice,
    data,
    others: others.map(({ name: other, task: { files }, data: its }) => ({
      ...{ task: other, data: its },
      ...(files && { taskFiles: files }),
    })),
    cwd,
  }
}

/** The tasks beside the search's that a run judges on: none unless it climbs the ladder. */
async function othersOf(
  options: EvolveOptions,
  task: Task,
  begun: RunConfiguration | undefined,
  folders: DataFolders,
  world: World,
): Promise<OtherTasks> {
  if (begun !== undefined)
    return begun.ladder ? findBegunTasks(begun.judging, task, folders, world.cwd) : NO_OTHERS
  return options.ladder
    ? findOtherTasks(protocolOf(options, world), task, folders, world.cwd)
    : NO_OTHERS
}

/**
 * The configuration of a new run. Undefined, their diagnostics shown, when rules to begin with have errors; throws a failure
 * when there is nothing to begin with.
 */
async function begin(
  { operands, options, world, output }: Invocation<EvolveOptions>,
  tasks: RunTasks,
  sources: Sources,
): Promise<RunConfiguration | undefined> {
  const configuration = configurationOf(options, tasks, [], world, sources)
  const space = loadSpace(configuration.space, sources)
  const given = await readGiven(operands, configuration, space, world, sources, output)
  if (given === undefined) return undefined
  if (given.length > 0 || configuration.initial > 0) return { ...configuration, given }
  if (operands.length === 0)
    throw failure(
      'usage',
      'there is no rule to begin with',
      'give rules, or ask for random ones: --initial N',
    )
  throw failure(
    'failed',
    'none of the rules can be used, and --initial 0 asks for no others',
    'give other rules, or ask for random ones: --initial N',
  )
}

interface Run {
  readonly configuration: RunConfiguration
  readonly space: Space
  readonly folder: RunFolder
  readonly pool: Pool
  readonly workers: number
  /** Is given what keeps the faults of the task, once there is a view to tell them in. */
  readonly keepFaults: (files: FaultFiles) => void
  readonly stepCosts: StepCosts
  readonly isNew: boolean
  readonly location: string
  readonly shown: string
  readonly sources: Sources
  readonly world: World
  readonly output: Output
}

async function runSearch(run: Run): Promise<number> {
  const { configuration, folder, workers, shown, world, output } = run
  const { task, backend, seed } = configuration
  output.note(
    `${shown}: ${task} on ${backend}, ${workers} ${workers === 1 ? 'process' : 'processes'}, seed ${seed}`,
  )
  if (folder.past.at(-1)?.kind === 'end')
    output.note(`${shown} is complete; what came of it is written anew`)
  try {
    if (run.isNew) await noteOutlook(run)
    const started = world.now()
    const minutes = (): number => folder.evaluations.minutes + (world.now() - started) / 60_000
    const view = createLiveView(world, {
      ...extentOf(run),
      ...{ workers, spentBefore: 60_000 * folder.evaluations.minutes },
    })
    run.keepFaults(createFaultFiles(shown, folder.writeText, view.log))
    // Whatever is written next comes below what the view shows.
    const result = await startSearch(run, view, minutes).finally(view.end)
    return await finish(run, result, view.summary(), minutes)
  } catch (error) {
    // Whatever else went wrong, a full disk for one, is told.
    if (!isInterruption(error, world.signal)) throw error
    output.note(`interrupted; go on with: optc evolve --resume ${shellWord(shown)}`)
    return exitCodes.interrupted
  }
}

const extentOf = ({ configuration, stepCosts }: Run): Extent => ({
  ...{ configuration, protocol: configuration.judging, stepCosts },
  ...{ given: configuration.given.length, baselines: configuration.against.length },
})

/** Says what the search will do and how long that takes. */
async function noteOutlook(run: Run): Promise<void> {
  const { configuration, space, pool, workers, sources, world, output } = run
  for (const { group, sum } of unevenRates(space))
    output.note(
      `the rates of mutations in \`${group}\` of the space ${space.name} sum to ${sum}: they count relative to each other`,
    )
  const [known = ''] = configuration.against
  const pace = await measurePace(pool, sources.read(`std/${known}`).text, world.now)
  for (const line of outlookLines(extentOf(run), pace, workers)) output.note(line)
}

function startSearch(run: Run, view: LiveView, minutes: () => number): Promise<SearchResult> {
  const { folder, pool } = run
  return searchIn(folder, {
    ...run,
    ...{ judge: pool.judge, minutes },
    onEvent: (event) => {
      if (event.kind === 'entry') keepCandidates(event.entry, folder)
      view.onEvent(event)
    },
  })
}

/** Prints what came of the search, then writes it into the run's folder: what cannot be written has been seen. */
async function finish(
  run: Run,
  result: SearchResult,
  summary: string,
  minutes: () => number,
): Promise<number> {
  const { configuration, folder, location, shown, sources, world, output } = run
  const { best } = result
  output.print(finalTable(result, output.paint, configuration))
  output.note(summary)
  const written = readRun(location, shown)
  folder.writeText('table.txt', finalTable(result, undefined, configuration))
  await writeBest(
    arrangeRun(written.journal)!,
    configuration.judging,
    configuration.backend,
    folder,
    sources,
  )
  const page = await reportPage(written, shown, sources, createPause(world.signal))
  folder.writeText(REPORT, page)
  const duration = formatDuration(minutes() * 60)
  if (best.length === 0) throw nothingFound(written.journal, duration)
  output.note(`${duration}; the best rules are in ${shown}/best, all of it in ${shown}/${REPORT}`)
  return exitCodes.done
}

/** Keeps each rule that was judged as a file of its own. */
function keepCandidates(entry: Entry, folder: RunFolder): void {
  if (entry.kind !== 'work') return
  const name = `candidates/${entry.slot.replaceAll('/', '-')}`
  for (const [index, { rule }] of entry.attempts.entries())
    folder.writeText(`${name}${index === 0 ? '' : `-redrawn-${index}`}.opt`, rule)
}
