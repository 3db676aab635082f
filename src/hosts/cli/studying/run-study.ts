import { availableParallelism } from 'node:os'
import type { Outcome } from '../../../study/outcome.ts'
import type { Unit } from '../../../study/unit.ts'
import type { Budget } from '../../../evolve/search-configuration.ts'
import type { Protocol } from '../../../tasks/protocol.ts'
import { isInterruption } from '../evolving/pool.ts'
import type { DataFolder } from '../data-option.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { createProgress, formatDuration } from '../progress.ts'
import type { World } from '../world.ts'
import { printOutcome, writeOutcome } from './present-outcome.ts'
import { runUnits } from './run-units.ts'
import { createStudyFolder, openFolder, type StudyFolder, type StudyPlace } from './study-folder.ts'
import { createStudyJudge, createStudyPools, type StudyPools } from './study-judge.ts'
import { checkStudyTask, type StudyTask } from './study-task.ts'

/** What every study's configuration has. */
export interface StudyConfiguration {
  readonly tasks: readonly StudyTask[]
  readonly protocol: Protocol
  readonly seed: number
}

/** A study: what is evaluated, and what is told of it. */
export interface Study<Configuration extends StudyConfiguration, Result> {
  /** Its name on the command line: `optc study surrogate`. */
  readonly title: string
  readonly what: string
  readonly units: (configuration: Configuration, bench: StudyBench) => readonly Unit<Result>[]
  /** How many are done at a time, where not as many as there are processes. */
  readonly concurrency?: number
  readonly outcome: (results: readonly Result[], configuration: Configuration) => Outcome
}

/** What units that are more than evaluations are done with. */
export interface StudyBench {
  readonly place: StudyPlace
  readonly pools: StudyPools
  readonly workers: number
  readonly world: World
}

/** How a study is worked on: nothing of it changes what comes of a unit. */
export interface StudyRun {
  readonly place: StudyPlace
  readonly isNew: boolean
  readonly workers: number | undefined
  readonly data: readonly DataFolder[] | undefined
  /** How long units are begun, in minutes. */
  readonly minutes: number
  readonly world: World
  readonly output: Output
}

/** A budget as the minutes of a study. Throws a usage failure for one in steps. */
export function studyMinutes(budget: Budget): number {
  if ('minutes' in budget) return budget.minutes
  throw failure('usage', 'the budget of a study is a time', '--budget 30m')
}

/** Milliseconds between two writings of what has come out so far. */
const WRITE_EVERY = 20_000

/**
 * Begins a study or goes on with it, and tells what came of it; its exit code. A configuration of a new one may leave backends
 * open.
 */
export async function runStudy<Configuration extends StudyConfiguration, Result>(
  study: Study<Configuration, Result>,
  wanted: Configuration,
  run: StudyRun,
): Promise<number> {
  const { place, world, output } = run
  const workers = run.workers ?? availableParallelism()
  const work = { workers, data: run.data, world }
  const pools = createStudyPools(wanted.protocol, wanted.tasks.length, work)
  try {
    for (const task of wanted.tasks) await checkStudyTask(task, world.cwd)
    const configuration = run.isNew ? await settled(wanted, pools) : wanted
    const folder = run.isNew
      ? createStudyFolder(place, study.what, configuration)
      : openFolder(place)
    try {
      const { judge, minutes } = createStudyJudge(configuration.tasks, folder, pools, work)
      return await carryOut(study, configuration, {
        ...{ ...run, folder, judge, minutesSoFar: minutes, workers, pools },
      })
    } finally {
      folder.close()
    }
  } catch (error) {
    if (!isInterruption(error, world.signal)) throw error
    output.note('interrupted before anything was evaluated')
    return exitCodes.interrupted
  } finally {
    pools.close()
  }
}

/** The configuration with the backends that its tasks are computed with. */
async function settled<Configuration extends StudyConfiguration>(
  configuration: Configuration,
  pools: StudyPools,
): Promise<Configuration> {
  const tasks: StudyTask[] = []
  for (const task of configuration.tasks)
    tasks.push({ ...task, backend: (await pools.on(task)).backend })
  return { ...configuration, tasks }
}

interface Carried extends Omit<StudyRun, 'workers'> {
  readonly folder: StudyFolder
  readonly judge: ReturnType<typeof createStudyJudge>['judge']
  readonly minutesSoFar: () => number
  readonly workers: number
  readonly pools: StudyPools
}

async function carryOut<Configuration extends StudyConfiguration, Result>(
  study: Study<Configuration, Result>,
  configuration: Configuration,
  run: Carried,
): Promise<number> {
  const { place, folder, judge, minutesSoFar, workers, world, output, pools } = run
  const units = study.units(configuration, { place, pools, workers, world })
  const tasks = configuration.tasks.map(({ name, backend }) => `${name} on ${backend}`).join(', ')
  output.note(
    `${place.shown}: ${units.length} to evaluate, ${tasks}, ${workers} ${workers === 1 ? 'process' : 'processes'}${Number.isFinite(run.minutes) ? `, for at most ${formatDuration(60 * run.minutes)}` : ''}`,
  )
  const progress = createProgress(world, { title: study.title, total: units.length, unit: 'units' })
  const write = (results: readonly Result[]): Outcome => {
    const outcome = study.outcome(results, configuration)
    writeOutcome(outcome, results, study.title, folder)
    return outcome
  }
  let latest: readonly Result[] = []
  let writtenAt = world.now()
  let interrupted = false
  try {
    latest = await runUnits(units, {
      concurrency: study.concurrency ?? workers,
      mayBegin: () => minutesSoFar() < run.minutes,
      judge,
      onDone: (done) => {
        latest = done
        progress.update(done.length)
        if (world.now() - writtenAt < WRITE_EVERY) return
        write(done)
        writtenAt = world.now()
      },
    })
  } catch (error) {
    if (!isInterruption(error, world.signal)) throw error
    interrupted = true
  } finally {
    progress.end()
  }
  if (latest.length > 0) printOutcome(write(latest), output)
  const rest = units.length - latest.length
  if (interrupted) output.note(`interrupted; go on with: ${place.command}`)
  else if (rest > 0)
    output.note(
      `${latest.length} of ${units.length} within the budget; go on with: ${place.command} --budget ${Math.ceil(2 * run.minutes)}m`,
    )
  if (latest.length > 0) output.note(`all of it is in ${place.shown}`)
  if (interrupted) return exitCodes.interrupted
  return latest.length > 0 ? exitCodes.done : exitCodes.failed
}
