import { z } from 'zod'
import { baselineUnits, inTurns, type Compared } from '../../../study/baselines.ts'
import { baselinesOutcome } from '../../../study/baselines-outcome.ts'
import { protocolOf } from '../evolving/run-configuration.ts'
import type { Output } from '../output.ts'
import { libraryNames } from '../package.ts'
import type { Sources } from '../sources.ts'
import type { World } from '../world.ts'
import type { Study } from './run-study.ts'
import type { StudyChoices } from './study-options.ts'
import { libraryRules, rulesIn, studyRule } from './study-rules.ts'
import { newStudyTask, studyBase } from './study-task.ts'

/** What a comparison with baselines is. */
export const baselinesSchema = z.strictObject({
  ...studyBase,
  rules: z
    .array(z.strictObject({ ...studyRule.shape, isPublished: z.boolean() }))
    .min(1)
    .readonly(),
  finalSeeds: z.int().min(1),
  rateSeeds: z.int().min(2),
})

type Configuration = z.infer<typeof baselinesSchema>

/** Rules of arXiv 2404.06679 in the library, the variants of some included. */
const PUBLISHED = /^std\/(opt\d+(_\w+)?|a\d)$/
/** Those that were released. */
const RELEASED = /^std\/opt\d+$/

/** The comparison that options ask for; undefined, their diagnostics shown, when rules have errors. */
export async function newBaselines(
  operands: readonly string[],
  options: StudyChoices,
  world: World,
  sources: Sources,
  output: Output,
): Promise<Configuration | undefined> {
  const { scale, seed, backend, finalSeeds, rateSeeds, tasks, against } = options
  const released = libraryNames().filter((path) => RELEASED.test(path))
  const compared = await rulesIn(
    operands.length === 0 ? released : operands,
    world,
    sources,
    output,
  )
  const without = new Set([...operands, ...libraryNames().filter((path) => PUBLISHED.test(path))])
  const others =
    against === undefined
      ? libraryRules(sources, without)
      : await rulesIn(
          against.map((name) => (/[/.]/.test(name) ? name : `std/${name}`)),
          world,
          sources,
          output,
        )
  if (compared === undefined || others === undefined) return undefined
  return {
    tasks: await Promise.all(tasks.map((name) => newStudyTask(name, backend, world.cwd))),
    ...{ scale, protocol: protocolOf(options, world), seed, finalSeeds, rateSeeds },
    rules: inTurns(
      compared.map((rule) => ({ ...rule, isPublished: true })),
      others.map((rule) => ({ ...rule, isPublished: false })),
    ),
  }
}

/** The comparison as a study. */
export function baselinesStudy(sources: Sources): Study<Configuration, Compared> {
  return {
    title: 'optc study baselines',
    what: 'baselines',
    units: ({ rules, tasks, protocol, seed, finalSeeds, rateSeeds }) =>
      baselineUnits(rules, {
        tasks: tasks.map(({ name }) => name),
        surrogate: protocol.evolution,
        ...{ seed, finalSeeds, rateSeeds, loader: sources.loader },
      }),
    outcome: (results, configuration) => {
      const { tasks, protocol, scale, seed, finalSeeds, rateSeeds, rules } = configuration
      return baselinesOutcome(results, {
        tasks: tasks.map(({ name, metric, backend }) => ({ name, metric, backend })),
        ...{ protocol: protocol.name, surrogate: protocol.evolution.name },
        ...{ scale, seed, finalSeeds, rateSeeds, rules: rules.length },
      })
    },
  }
}
