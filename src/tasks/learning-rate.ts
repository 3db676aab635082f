import type { OpenTask } from './open-task.ts'
import type { EarlyStop, ProbeRound, TrainingPlan } from './protocol.ts'
import type { Mover } from './session.ts'
import { train, type CurvePoint, type TrainOptions, type TrainResult } from './train.ts'

/** Makes what moves the weights of one run: peak learning rate, where it has one, and the schedules' T. */
export type OptimizerMaker = (learningRate: number | undefined, totalSteps: number) => Mover

/** What to try learning rates for. */
export interface TuneOptions {
  readonly task: OpenTask
  readonly optimizer: OptimizerMaker
  readonly plan: TrainingPlan
  readonly seed: number
  /** Whether a learning rate may be tried; all may when absent. */
  readonly allows?: (learningRate: number) => boolean
  readonly signal?: AbortSignal
  /** Called before and after each trial. */
  readonly onTrial?: (trial: TrialProgress) => void
  readonly onProgress?: TrainOptions['onProgress']
}

/** Where a probe is. */
export interface TrialProgress {
  readonly learningRate: number
  /** Number of this trial from 0, and of all that may come. */
  readonly index: number
  readonly count: number
  /** Present once the trial is over. */
  readonly trial?: Trial
}

/** One learning rate tried. */
export interface Trial {
  readonly learningRate: number
  readonly result: TrainResult
  /** What trials are ranked by: the best validation metric, or minus the last loss where there is none; divergence last. */
  readonly score: number
}

/** The best learning rate, or why there is none. */
export type TuneResult =
  | { readonly ok: true; readonly learningRate: number; readonly trials: readonly Trial[] }
  | { readonly ok: false; readonly reason: string; readonly trials: readonly Trial[] }

/**
 * Tries the plan's learning rates, each for a few epochs from the same weights and batches, and answers the one with
 * the best validation score. A round whose best training accuracy is below its limit ends the probe.
 */
export async function tuneLearningRate(options: TuneOptions): Promise<TuneResult> {
  const { allows = () => true } = options
  const trials: Trial[] = []
  const probe = options.plan.probe
    .map((round) => ({ ...round, learningRates: round.learningRates.filter(allows) }))
    .filter(({ learningRates }) => learningRates.length > 0)
  if (probe.length === 0) return { ok: false, reason: NOTHING_ALLOWED, trials }
  const count = probe.reduce((total, round) => total + round.learningRates.length, 0)
  for (const round of probe) {
    for (const learningRate of round.learningRates) {
      const place = { learningRate, index: trials.length, count }
      options.onTrial?.(place)
      const trial = await tryLearningRate(options, round, learningRate)
      trials.push(trial)
      options.onTrial?.({ ...place, trial })
      if (trial.result.stopped === INTERRUPTED) return { ok: false, reason: INTERRUPTED, trials }
    }
    const best = bestTrial(trials)
    const reached = best && trainMetric(best.result.curve)
    if (options.task.task.chance !== undefined && !((reached ?? 0) >= round.failBelow))
      return {
        ok: false,
        reason: `no learning rate reached a training accuracy of ${round.failBelow}`,
        trials,
      }
  }
  const best = bestTrial(trials)
  if (best === undefined || !Number.isFinite(best.score))
    return { ok: false, reason: 'the loss diverged with every learning rate', trials }
  return { ok: true, learningRate: best.learningRate, trials }
}

/** The full run of the plan with a given learning rate, or of a rule that has none. */
export function trainByPlan(
  options: Omit<TuneOptions, 'onTrial'> & { readonly learningRate: number | undefined },
): Promise<TrainResult> {
  const { plan, learningRate } = options
  return train({
    ...runOptions(options, learningRate),
    steps: plan.epochs * plan.epochSteps,
    stopWhen: stopBelow(plan.stop),
    test: true,
  })
}

/** A short run as the round of a probe makes it. */
export async function tryLearningRate(
  options: Omit<TuneOptions, 'onTrial'>,
  round: ProbeRound,
  learningRate: number,
): Promise<Trial> {
  const epochSteps = round.epochSteps ?? options.plan.epochSteps
  const result = await train({
    ...runOptions(options, learningRate),
    steps: round.epochs * epochSteps,
    evaluateEvery: epochSteps,
    stopWhen: stopBelow(round.stop),
    test: false,
  })
  const score = result.diverged === undefined ? (result.bestScore ?? -Infinity) : -Infinity
  return { learningRate, result, score }
}

function runOptions(
  options: Omit<TuneOptions, 'onTrial'>,
  learningRate: number | undefined,
): TrainOptions {
  const { task, optimizer, plan, seed, signal, onProgress } = options
  return {
    task,
    optimizer: (totalSteps) => optimizer(learningRate, totalSteps),
    seed,
    totalSteps: plan.totalSteps,
    batchSize: plan.batchSize,
    evaluateEvery: plan.epochSteps,
    ...(plan.augmentation && { augmentation: plan.augmentation }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  }
}

/**
 * A rule for `train` that ends a run with too low a training accuracy; a run without accuracies goes on. The reason is the
 * same whenever it ends.
 */
export function stopBelow(stop: EarlyStop): (curve: readonly CurvePoint[]) => string | undefined {
  return (curve) => {
    const accuracy = trainMetric(curve)
    if (curve.length < stop.afterEpoch || accuracy === undefined || accuracy >= stop.below)
      return undefined
    return `training accuracy below ${stop.below} after epoch ${stop.afterEpoch}`
  }
}

const INTERRUPTED = 'interrupted'
const NOTHING_ALLOWED = 'it allows no learning rate of the probe'

const trainMetric = (curve: readonly CurvePoint[]): number | undefined => curve.at(-1)?.trainMetric

/** The first of those with the highest score. */
function bestTrial(trials: readonly Trial[]): Trial | undefined {
  return trials.reduce<Trial | undefined>(
    (best, trial) => (best === undefined || trial.score > best.score ? trial : best),
    undefined,
  )
}
