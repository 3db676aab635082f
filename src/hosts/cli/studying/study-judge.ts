import type { Fitness, FitnessRequest } from '../../../evolve/fitness.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import type { StudyJudge } from '../../../study/unit.ts'
import { surrogatesOf, type Protocol } from '../../../tasks/protocol.ts'
import { mostSteps } from '../evolving/expected-work.ts'
import { createPool, type Pool } from '../evolving/pool.ts'
import { dataFolders } from '../data-folders.ts'
import type { DataFolder } from '../data-option.ts'
import { openData } from '../open-data.ts'
import type { World } from '../world.ts'
import type { StudyFolder } from './study-folder.ts'
import { checkStudyTask, type StudyTask } from './study-task.ts'

/** How a study is worked on; what comes of it does not depend on it. */
export interface StudyWork {
  readonly workers: number
  readonly data: readonly DataFolder[] | undefined
  readonly world: World
}

/** The processes that train for a study, those of each task started when it is first wanted. */
export interface StudyPools {
  readonly on: (task: StudyTask) => Promise<Pool>
  /** Ends all of them. */
  readonly close: () => void
}

/** A step of the largest networks takes less anywhere. */
const MILLISECONDS_PER_STEP = 20_000
const MINUTE = 60_000
/** Some minutes, where others want the processor too. */
const START_MILLISECONDS = 20 * MINUTE

/** Pools of `workers` processes, of which no more than `workers` in all are busy when they are asked through {@link createStudyJudge}. */
export function createStudyPools(
  protocol: Protocol,
  tasks: number,
  { workers, data, world }: StudyWork,
): StudyPools {
  const folders = dataFolders(data, world.cwd)
  const pools = new Map<string, Promise<Pool>>()
  const steps = Math.max(...surrogatesOf(protocol).map(mostSteps))
  const milliseconds = MINUTE * Math.ceil((steps * MILLISECONDS_PER_STEP) / MINUTE)
  const start = async (task: StudyTask): Promise<Pool> => {
    const checked = await checkStudyTask(task, world.cwd)
    // A folder without a name is that of the one task, else of whichever finds its data there.
    const folder = tasks > 1 ? folders.beside(undefined, checked.data) : folders.of(checked.data)
    // Also decodes what has to be decoded, once for all processes.
    await openData(checked, folder, world)
    const setup = {
      ...{ task: task.name, protocol, cwd: world.cwd },
      ...(task.files && { taskFiles: task.files }),
      backend: task.backend as ComputingChoice,
      data: folder,
    }
    const limits = { milliseconds, startMilliseconds: START_MILLISECONDS }
    return createPool(workers, setup, world.signal, { limits })
  }
  return {
    on: (task) => {
      const started = pools.get(task.name) ?? start(task)
      pools.set(task.name, started)
      return started
    },
    close: () => {
      for (const started of pools.values())
        started.then(
          (pool) => pool.close(),
          () => undefined,
        )
    },
  }
}

/** What a unit is judged with where nothing may be trained any more: it is left out unless all of it was evaluated before. */
const OVER = 'StudyOver'

/** Whether an error says that something was to be trained although the budget is used up. */
export function isOver(error: unknown): boolean {
  return error instanceof Error && error.name === OVER
}

/** Judges with the pools and keeps every evaluation. */
export interface KeptJudge {
  /** A judge that may train, or only recall. */
  readonly judge: (mayTrain: boolean) => StudyJudge
  /** Minutes that the study has taken, earlier processes included. */
  readonly minutes: () => number
}

/** The judge of a study on its tasks. Throws a failure when a log is damaged. */
export function createStudyJudge(
  tasks: readonly StudyTask[],
  folder: StudyFolder,
  pools: StudyPools,
  { workers, world }: StudyWork,
): KeptJudge {
  const logs = new Map(
    tasks.map((task) => [task.name, { task, log: folder.evaluationsOn(task) }] as const),
  )
  const before = Math.max(0, ...[...logs.values()].map(({ log }) => log.minutes))
  const started = world.now()
  const minutes = (): number => before + (world.now() - started) / 60_000
  const inTurn = limited(workers)
  const judge =
    (mayTrain: boolean): StudyJudge =>
    async (name, request) => {
      const { task, log } = logs.get(name)!
      const train = (asked: FitnessRequest): Promise<Fitness> => {
        if (!mayTrain)
          return Promise.reject(Object.assign(new Error('the budget is used up'), { name: OVER }))
        return inTurn(async () => (await pools.on(task)).judge(asked))
      }
      return (await log.judge(request, train, minutes)).fitness
    }
  return { judge, minutes }
}

/** Work of which no more than `most` pieces are done at a time, in the order in which they were asked for. */
function limited(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
