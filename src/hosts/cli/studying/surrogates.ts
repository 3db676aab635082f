import { z } from 'zod'
import { surrogateUnits, type Ground, type Ranked } from '../../../study/surrogates.ts'
import { surrogatesOutcome } from '../../../study/surrogates-outcome.ts'
import { surrogatesOf, type Protocol } from '../../../tasks/protocol.ts'
import { protocolOf } from '../evolving/run-configuration.ts'
import { failure } from '../failure.ts'
import type { Output } from '../output.ts'
import type { Sources } from '../sources.ts'
import type { World } from '../world.ts'
import type { Study } from './run-study.ts'
import type { StudyChoices } from './study-options.ts'
import { loggedRules, rulesIn, studyRule } from './study-rules.ts'
import { newStudyTask, studyBase } from './study-task.ts'

/** What a comparison of surrogates is. */
export const surrogatesSchema = z.strictObject({
  ...studyBase,
  grounds: z
    .array(z.strictObject({ name: z.string(), task: z.string(), surrogate: z.string() }))
    .min(2)
    .readonly(),
  rules: z.array(studyRule).min(1).readonly(),
  seeds: z.int().min(1),
})

type Configuration = z.infer<typeof surrogatesSchema>

/** Rules of the log where nothing else is asked for. */
const SAMPLE = 12

/** The comparison that options ask for; undefined, their diagnostics shown, when rules have errors. */
export async function newSurrogates(
  operands: readonly string[],
  options: StudyChoices,
  world: World,
  sources: Sources,
  output: Output,
): Promise<Configuration | undefined> {
  const { scale, seed, seeds, backend } = options
  const protocol = protocolOf(options, world)
  const grounds = groundsOf(options.surrogates, protocol)
  const given = await rulesIn(operands, world, sources, output)
  if (given === undefined) return undefined
  const sample = options.rules ?? (given.length === 0 ? SAMPLE : 0)
  const names = [...new Set(grounds.map(({ task }) => task))]
  return {
    tasks: await Promise.all(names.map((name) => newStudyTask(name, backend, world.cwd))),
    ...{ scale, protocol, seed, seeds, grounds },
    rules: [...given, ...(sample === 0 ? [] : loggedRules(sample, seed, sources))],
  }
}

/** The surrogates that `TASK:SURROGATE` name; that of the evolution where there is only a task. Throws a usage failure. */
function groundsOf(written: readonly string[], protocol: Protocol): readonly Ground[] {
  const known = surrogatesOf(protocol).map(({ name }) => name)
  const grounds = written.map((text) => {
    // The path of a module may hold colons itself.
    const ending = known.find((name) => text.endsWith(`:${name}`))
    const task = ending === undefined ? text : text.slice(0, -ending.length - 1)
    const surrogate = ending ?? protocol.evolution.name
    return { name: `${task}:${surrogate}`, task, surrogate }
  })
  const twice = grounds.find(({ name }, index) => grounds.findIndex((g) => g.name === name) < index)
  if (twice === undefined && grounds.length > 1) return grounds
  throw failure(
    'usage',
    twice === undefined
      ? 'a surrogate predicts another one: --surrogates needs two'
      : `--surrogates has ${twice.name} twice`,
    `the surrogates of the protocol ${protocol.name}: ${known.join(', ')}`,
  )
}

/** The comparison as a study. */
export const surrogatesStudy: Study<Configuration, Ranked> = {
  title: 'optc study surrogate',
  what: 'surrogate',
  units: ({ rules, grounds, seed, seeds }) => surrogateUnits(rules, grounds, seed, seeds),
  outcome: (results, { grounds, tasks, protocol, scale, seed, seeds, rules }) =>
    surrogatesOutcome(results, {
      grounds: grounds.map((ground) => ({
        ...ground,
        metric: tasks.find(({ name }) => name === ground.task)?.metric,
      })),
      ...{ protocol: protocol.name, scale, seed, seeds, rules: rules.length },
      backends: tasks.map(({ backend }) => backend),
    }),
}
