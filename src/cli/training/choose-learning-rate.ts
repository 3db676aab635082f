import { tuneLearningRate, type Trial, type TuneOptions } from '../../tasks/learning-rate.ts'
import type { OpenTask } from '../../tasks/open-task.ts'
import type { ProbeRound, TrainingPlan } from '../../tasks/protocol.ts'

/** Sizes of the runs that a learning rate is chosen for. */
export interface RunSizes {
  readonly steps: number
  readonly batchSize: number
  readonly evaluateEvery: number
}

/** What the probe found. */
export type Choice =
  | { readonly ok: true; readonly learningRate: number; readonly trials: readonly Trial[] }
  | { readonly ok: false; readonly reason: string; readonly trials: readonly Trial[] }

/** The learning rates of the published probe (arXiv 2404.06679), the likeliest first. */
const DECADES = [1e-2, 1e-3, 1e-1, 1e-4, 1, 1e-5, 10]

/** How many are tried around the best of them. */
const THIRDS = 2

/** Steps of one epoch of a trial, and epochs, where a step costs something. */
const EPOCH_STEPS = 20
const EPOCHS = 3

/** Steps of one trial that does not end early. */
export function trialSteps(task: OpenTask, sizes: RunSizes): number {
  const { epochSteps, epochs } = planOf(task, sizes, DECADES)
  return epochSteps * epochs
}

/** Steps that {@link chooseLearningRate} takes when no trial ends early. */
export function probeSteps(task: OpenTask, sizes: RunSizes): number {
  return trialSteps(task, sizes) * (DECADES.length + THIRDS)
}

/**
 * The best learning rate of the powers of ten from 10 to 1e-5, and then of it, 3 times it and a third of it, after short
 * runs of equal length; of those, what `allows` does. For a function of a few variables the runs are whole ones.
 */
export async function chooseLearningRate(
  options: Omit<TuneOptions, 'plan'> & { readonly allows: (learningRate: number) => boolean },
  sizes: RunSizes,
): Promise<Choice> {
  const tune = (rates: readonly number[], before: number): ReturnType<typeof tuneLearningRate> =>
    tuneLearningRate({
      ...options,
      plan: planOf(options.task, sizes, rates),
      onTrial: (trial) =>
        options.onTrial?.({
          ...trial,
          index: before + trial.index,
          count: DECADES.length + THIRDS,
        }),
    })
  const decades = DECADES.filter(options.allows)
  if (decades.length === 0)
    return { ok: false, reason: 'it allows no learning rate of the probe', trials: [] }
  const coarse = await tune(decades, 0)
  if (!coarse.ok) return coarse
  const near = [3 * coarse.learningRate, coarse.learningRate / 3]
    .map((rate) => Number(rate.toPrecision(1)))
    .filter(options.allows)
  if (near.length === 0) return coarse
  const fine = await tune(near, DECADES.length)
  const trials = [...coarse.trials, ...fine.trials]
  if (!fine.ok && fine.trials.some(({ result }) => result.stopped === 'interrupted'))
    return { ...fine, trials }
  const best = trials.reduce((a, b) => (b.score > a.score ? b : a))
  return { ok: true, learningRate: best.learningRate, trials }
}

function planOf(
  open: OpenTask,
  { steps, batchSize, evaluateEvery }: RunSizes,
  learningRates: readonly number[],
): TrainingPlan {
  const { task } = open
  const isFunction = task.kind === 'function'
  const round: ProbeRound = {
    learningRates,
    epochs: isFunction ? Math.max(1, Math.ceil(steps / evaluateEvery)) : EPOCHS,
    stop: { afterEpoch: 1, below: isFunction ? 0 : 1.2 * task.chanceAccuracy },
    failBelow: 0,
  }
  return {
    batchSize,
    epochSteps: isFunction ? evaluateEvery : EPOCH_STEPS,
    totalSteps: steps,
    warmupSteps: 0,
    holdSteps: 0,
    probe: [round],
    epochs: round.epochs,
    stop: round.stop,
  }
}
