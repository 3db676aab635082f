import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { stepsOf } from '../../../evolve/stages.ts'
import { FILTERS } from '../../../evolve/filters.ts'
import { SEARCH_DEFAULTS, type Budget } from '../../../evolve/search-configuration.ts'
import { arrangeRun } from '../../../report/run.ts'
import { armsOf, type Arm, type Searched } from '../../../study/filters.ts'
import { filtersOutcome } from '../../../study/filters-outcome.ts'
import type { RunConfiguration } from '../evolving/configuration-schema.ts'
import { loadSpace, spacePath } from '../evolving/load-space.ts'
import { filterNames, protocolOf } from '../evolving/run-configuration.ts'
import { createRunFolder, readRun, resumeRunFolder } from '../evolving/run-folder.ts'
import { searchIn } from '../evolving/search-in.ts'
import { packageVersion } from '../package.ts'
import { formatDuration } from '../progress.ts'
import type { Sources } from '../sources.ts'
import type { World } from '../world.ts'
import type { Study, StudyBench } from './run-study.ts'
import type { StudyChoices } from './study-options.ts'
import { newStudyTask, studyBase } from './study-task.ts'

const count = z.int().min(1)

/** What a comparison of tests before training is. */
export const integritySchema = z.strictObject({
  ...studyBase,
  space: z.string(),
  spaceText: z.string(),
  filters: z.array(z.string()).readonly(),
  /** Searches of every kind, each with a seed of its own. */
  searches: count,
  particles: count,
  timesteps: z.int().min(0),
  children: count,
  initial: count,
  /** What each search may use. */
  budget: z.union([
    z.strictObject({ minutes: z.number().positive() }),
    z.strictObject({ steps: z.number().positive() }),
  ]),
  finalSeeds: count,
  rateSeeds: z.int().min(2),
})

type Configuration = z.infer<typeof integritySchema>

/** The comparison that options ask for: its budget is shared out among the searches. */
export async function newIntegrity(
  options: StudyChoices,
  world: World,
  sources: Sources,
): Promise<Configuration> {
  const { scale, seed, space, searches, backend, tasks, finalSeeds, rateSeeds } = options
  const { particles, timesteps, children, initial } = options
  loadSpace(space, sources)
  const filters = options.filters ?? []
  for (const name of filters) filterNames([name])
  const all = searches * armsOf(filters, []).length
  return {
    tasks: [await newStudyTask(tasks[0]!, backend, world.cwd)],
    ...{ scale, protocol: protocolOf(options, world), seed, space },
    spaceText: sources.read(spacePath(space)).text,
    ...{ filters, searches, particles, timesteps, children, initial, finalSeeds, rateSeeds },
    budget: shareOf(options.budget, all),
  }
}

const shareOf = (budget: Budget, searches: number): Budget =>
  'minutes' in budget
    ? { minutes: budget.minutes / searches }
    : { steps: Math.ceil(budget.steps / searches) }

const everyFilter = FILTERS.map(({ name }) => name)

/** The comparison as a study: each search has a run folder of its own, which `optc report` shows. */
export function integrityStudy(sources: Sources): Study<Configuration, Searched> {
  return {
    title: 'optc study integrity',
    what: 'integrity',
    concurrency: 1,
    units: (configuration, bench) => {
      const arms = armsOf(configuration.filters, everyFilter)
      // All kinds with one seed, then with the next: what is cut short is still paired.
      return Array.from({ length: configuration.searches }, (_, index) =>
        arms.map((arm) => ({
          name: `${arm.name}, seed ${configuration.seed + index}`,
          run: () => searched(configuration, arm, configuration.seed + index, bench, sources),
        })),
      ).flat()
    },
    outcome: (results, configuration) => {
      const { tasks, protocol, scale, space, filters, searches, seed, budget } = configuration
      const { initial, particles, children, timesteps } = configuration
      const [task] = tasks
      return filtersOutcome(results, {
        ...{ task: task!.name, metric: task!.metric, backend: task!.backend },
        ...{ protocol: protocol.name, scale, space, searches, seed },
        arms: armsOf(filters, everyFilter),
        budget:
          'minutes' in budget
            ? formatDuration(60 * budget.minutes)
            : `${budget.steps.toLocaleString('en-US')} training steps`,
        extent: `${initial} drawn, ${particles} particles × ${timesteps} time steps × ${children} children`,
      })
    },
  }
}

/** One search, begun or gone on with, and what its journal tells. */
async function searched(
  configuration: Configuration,
  arm: Arm,
  seed: number,
  { place, pools, workers, world }: StudyBench,
  sources: Sources,
): Promise<Searched> {
  const name = `searches/${arm.name.replaceAll(/[^\w]+/g, '-')}-${seed}`
  const [location, shown] = [join(place.location, name), `${place.shown}/${name}`]
  const [task] = configuration.tasks
  const run = runOf(configuration, arm, seed)
  const isBegun = existsSync(join(location, 'journal.jsonl'))
  const folder = isBegun
    ? resumeRunFolder(location, shown, packageVersion())
    : createRunFolder(location, shown, packageVersion(), { ...run })
  try {
    const started = world.now()
    const { finals } = await searchIn(folder, {
      ...{ configuration: run, space: loadSpace(configuration.space, sources), workers },
      judge: async (request) => (await pools.on(task!)).judge(request),
      minutes: () => folder.evaluations.minutes + (world.now() - started) / 60_000,
      onEvent: () => undefined,
      ...{ sources, world },
    })
    const { works, selections, enters } = arrangeRun(readRun(location, shown).journal)!
    const steps = [...works, ...selections, ...enters].reduce((sum, each) => sum + stepsOf(each), 0)
    return { arm: arm.name, seed, works, selections, finals, steps }
  } finally {
    folder.close()
  }
}

function runOf(configuration: Configuration, arm: Arm, seed: number): RunConfiguration {
  const { tasks, protocol, scale, space, spaceText, budget } = configuration
  const { particles, timesteps, children, initial, finalSeeds, rateSeeds } = configuration
  const [task] = tasks
  return {
    task: task!.name,
    ...(task!.files && { taskFiles: task!.files }),
    ...(task!.metric && { metric: task!.metric }),
    protocol: protocol.name,
    ...(scale !== 1 && { scale }),
    judging: protocol,
    ...{ space, spaceText, seed, particles, timesteps, children, initial },
    selection: { kind: 'published' },
    reuse: SEARCH_DEFAULTS.reuse,
    filters: arm.filters,
    ...(!arm.isChecked && { integrity: 'off' }),
    budget,
    ladder: false,
    ...{ finalists: 1, finalSeeds, rateSeeds },
    backend: task!.backend,
    against: [],
    given: [],
  }
}
