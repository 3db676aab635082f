import { compile } from '../compile.ts'
import { allowsLearningRate, declaredLearningRate } from '../language/learning-rate.ts'
import { ablations } from '../mutate/ablate.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { finalSurrogateOf, type FinalTask, type Surrogate } from '../tasks/protocol.ts'
import { chooseRate } from '../tasks/rate-choice.ts'
import { freshSeed, requestOf, type SearchContext } from './context.ts'
import type { Fitness, FitnessRequest } from './fitness.ts'
import type { EntryOf, Evaluated, Final } from './journal.ts'
import type { Scored } from './scored.ts'

/** A rule of the library that finalists are compared with. */
export interface Baseline {
  readonly name: string
  readonly text: string
}

/** A rule to evaluate. */
interface Subject {
  readonly rule: string
  readonly flipped: boolean
}

/** Seeds of the short runs that rank learning rates, and how often these are made again where every one diverges. */
export const TRIAL_SEEDS = 2
const TRIAL_ATTEMPTS = 2

/** The finalists, then the baselines: all tuned in the same way, and run with the same fresh seeds. */
export async function runFinals(
  context: SearchContext,
  best: readonly Scored[],
  baselines: readonly Baseline[],
): Promise<readonly Final[]> {
  const { stages, configuration } = context
  const finalists = best
    .slice(0, configuration.finalists)
    .map(({ slot, score, attempt: { rule, integrity } }, index) => ({
      name: `best-${index + 1}`,
      found: { of: slot, score },
      subject: { rule, flipped: integrity.flipped },
    }))
  const others = baselines.map(({ name, text }) => ({
    name,
    found: {},
    subject: { rule: text, flipped: false },
  }))
  return stages.run(
    'final evaluation',
    [...finalists, ...others].map(({ name, found, subject }) => {
      const slot = `final/${name}`
      return {
        slot,
        run: async (): Promise<Final> => ({
          kind: 'final',
          slot,
          name,
          ...found,
          ...(await evaluate(context, subject, surrogateHere(context))),
        }),
      }
    }),
  )
}

/** Each finalist with one part taken out at a time, evaluated like the finalists. */
export async function runAblations(
  context: SearchContext,
  finals: readonly Final[],
): Promise<readonly EntryOf<'ablation'>[]> {
  const { space, loader } = context.host
  const partsOf = (rule: string): ReturnType<typeof ablations> =>
    ablations(space, parse({ path: 'candidate.opt', text: rule }).value, loader)
  const cases = finals
    .filter(({ of }) => of !== undefined)
    .flatMap(({ name, rule, flipped }) =>
      partsOf(rule).map(({ removed, module }, number) => ({
        slot: `ablation/${name}/${number}`,
        of: name,
        removed,
        subject: { rule: print(module), flipped },
      })),
    )
  return context.stages.run(
    'ablation',
    cases.map(({ slot, of, removed, subject }) => ({
      slot,
      run: async (): Promise<EntryOf<'ablation'>> => ({
        kind: 'ablation',
        slot,
        of,
        removed,
        ...(await evaluate(context, subject, surrogateHere(context))),
      }),
    })),
  )
}

/** The finalists and baselines on the other tasks of the protocol, one task after the other, tuned anew on each. */
export async function runTransfers(
  context: SearchContext,
  finals: readonly Final[],
): Promise<readonly EntryOf<'transfer'>[]> {
  const { stages, host } = context
  const transfers: EntryOf<'transfer'>[] = []
  for (const final of host.protocol.finals ?? [])
    transfers.push(
      ...(await stages.run(
        transferStage(final),
        finals.map(({ name, rule, flipped }) => {
          const slot = `transfer/${final.task}/${name}`
          return {
            slot,
            run: async (): Promise<EntryOf<'transfer'>> => ({
              kind: 'transfer',
              slot,
              task: final.task,
              name,
              ...(await evaluate(context, { rule, flipped }, final.surrogate)),
            }),
          }
        }),
      )),
    )
  return transfers
}

/** What the stage of another task is called: `final: fine-tuning on flowers102`. */
const transferStage = ({ stage, task }: FinalTask): string => `final: ${stage} on ${task}`

/**
 * A rule's learning rate, chosen among those of the surrogate's probe on seeds of its own, and runs with it on seeds that nothing was chosen by. A rule without a
 * learning rate, or without one of the probe's, goes straight to them or has no runs.
 */
async function evaluate(
  context: SearchContext,
  subject: Subject,
  { name: surrogate, probe }: Surrogate,
): Promise<Evaluated> {
  const judge = (
    seed: number,
    rest: Pick<FitnessRequest, 'learningRate' | 'isTrial'>,
  ): Promise<Fitness> =>
    context.host.judge(requestOf(subject.rule, subject.flipped, { surrogate, seed, ...rest }))
  const onFreshSeeds = (rest: Pick<FitnessRequest, 'learningRate'>): Promise<readonly Fitness[]> =>
    Promise.all(
      seedsOf(context, context.configuration.finalSeeds, 'final').map((seed) => judge(seed, rest)),
    )

  const source = { path: 'candidate.opt', text: subject.rule }
  const [program] = compile(source, context.host.loader).value?.programs ?? []
  if (program === undefined || declaredLearningRate(program) === undefined)
    return { ...subject, trials: [], rivals: [], runs: await onFreshSeeds({}) }
  const trials: Fitness[] = []
  const { learningRate, rivals } = await chooseRate<Fitness>({
    grid: [...new Set(probe.flatMap(({ learningRates }) => learningRates))],
    allows: (rate) => allowsLearningRate(program, rate),
    trialSeeds: Array.from({ length: TRIAL_ATTEMPTS }, (_, attempt) =>
      seedsOf(context, TRIAL_SEEDS, 'rate', 'trial', attempt),
    ),
    seeds: seedsOf(context, context.configuration.rateSeeds, 'rate', 'run'),
    trial: async (rate, seed) => {
      const trial = await judge(seed, { learningRate: rate, isTrial: true })
      trials.push(trial)
      return trial.score
    },
    run: (rate, seed) => judge(seed, { learningRate: rate }),
    score: ({ score }) => score,
  })
  return {
    ...subject,
    // In an order that does not depend on which was done first.
    trials: trials.sort((a, b) => b.learningRate! - a.learningRate! || a.seed - b.seed),
    rivals,
    ...(learningRate !== undefined && { learningRate }),
    runs: learningRate === undefined ? [] : await onFreshSeeds({ learningRate }),
  }
}

/** The surrogate of the last evaluation on the search's task. */
const surrogateHere = ({ configuration, host: { protocol } }: SearchContext): Surrogate =>
  finalSurrogateOf(protocol, configuration.ladder)

/** Seeds that nothing else in the search is run with. */
function seedsOf(
  context: SearchContext,
  count: number,
  ...path: readonly (string | number)[]
): readonly number[] {
  return Array.from({ length: count }, (_, index) => freshSeed(context, ...path, index))
}
