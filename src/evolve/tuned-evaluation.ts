import { compile } from '../compile.ts'
import { allowsLearningRate, declaredLearningRate } from '../language/learning-rate.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Surrogate } from '../tasks/protocol.ts'
import { chooseRate } from '../tasks/rate-choice.ts'
import { requestOf } from './context.ts'
import type { Fitness, FitnessRequest } from './fitness.ts'
import type { Evaluated } from './journal.ts'

/** A rule to evaluate. */
export interface Subject {
  readonly rule: string
  readonly flipped: boolean
}

/** How a rule is evaluated beside its surrogate. */
export interface TunedSetting {
  readonly loader: ModuleLoader
  readonly judge: (request: FitnessRequest) => Promise<Fitness>
  /** A seed that follows from a path, and that no other path gives. */
  readonly seed: (...path: readonly (string | number)[]) => number
  /** Runs with the chosen learning rate, and whole runs that each rival for it has. */
  readonly finalSeeds: number
  readonly rateSeeds: number
}

/** Seeds of the short runs that rank learning rates, and how often these are made again where every one diverges. */
export const TRIAL_SEEDS = 2
const TRIAL_ATTEMPTS = 2

/**
 * A rule's learning rate, chosen among those of the surrogate's probe on seeds of its own, and runs with it on seeds that nothing was
 * chosen by. A rule without a learning rate, or without one of the probe's, goes straight to them or has no runs.
 */
export async function evaluateTuned(
  subject: Subject,
  { name: surrogate, probe }: Surrogate,
  { loader, judge: judgeRequest, seed: seedOf, finalSeeds, rateSeeds }: TunedSetting,
): Promise<Evaluated> {
  const seedsOf = (count: number, ...path: readonly (string | number)[]): readonly number[] =>
    Array.from({ length: count }, (_, index) => seedOf(...path, index))
  const judge = (
    seed: number,
    rest: Pick<FitnessRequest, 'learningRate' | 'isTrial'>,
  ): Promise<Fitness> =>
    judgeRequest(requestOf(subject.rule, subject.flipped, { surrogate, seed, ...rest }))
  const onFreshSeeds = (rest: Pick<FitnessRequest, 'learningRate'>): Promise<readonly Fitness[]> =>
    Promise.all(seedsOf(finalSeeds, 'final').map((seed) => judge(seed, rest)))

  const source = { path: 'candidate.opt', text: subject.rule }
  const [program] = compile(source, loader).value?.programs ?? []
  if (program === undefined || declaredLearningRate(program) === undefined)
    return { ...subject, trials: [], rivals: [], runs: await onFreshSeeds({}) }
  const trials: Fitness[] = []
  const { learningRate, rivals } = await chooseRate<Fitness>({
    grid: [...new Set(probe.flatMap(({ learningRates }) => learningRates))],
    allows: (rate) => allowsLearningRate(program, rate),
    trialSeeds: Array.from({ length: TRIAL_ATTEMPTS }, (_, attempt) =>
      seedsOf(TRIAL_SEEDS, 'rate', 'trial', attempt),
    ),
    seeds: seedsOf(rateSeeds, 'rate', 'run'),
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
