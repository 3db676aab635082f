import { childKey, rootKey } from '../../../operators/random.ts'
import { tryLearningRate, type OptimizerMaker } from '../../../tasks/learning-rate.ts'
import type { OpenTask } from '../../../tasks/open-task.ts'
import type { ProbeRound, TrainingPlan } from '../../../tasks/protocol.ts'
import { chooseRate, type RateChoice } from '../../../tasks/rate-choice.ts'
import { train, type TrainProgress, type TrainResult } from '../../../tasks/train.ts'

/** Sizes of the runs that a learning rate is chosen for. */
export interface RunSizes {
  readonly steps: number
  readonly batchSize: number
  readonly evaluateEvery: number
}

/** What a learning rate is chosen for, and how. */
export interface ChoiceOptions {
  readonly task: OpenTask
  readonly optimizer: (seed: number) => OptimizerMaker
  readonly sizes: RunSizes
  readonly allows: (learningRate: number) => boolean
  /** The first seed of the runs that the choice is for. */
  readonly seed: number
  /** How many other seeds the choice is made by. */
  readonly rateSeeds: number
  readonly signal: AbortSignal
  /** Called before each run and during it: steps of the choice so far, the learning rate that is tried, how far its run is. */
  readonly onProgress: (steps: number, learningRate: number, progress?: TrainProgress) => void
}

/** The learning rates of the published probe (arXiv 2404.06679), the likeliest first. */
const DECADES = [1e-2, 1e-3, 1e-1, 1e-4, 1, 1e-5, 10]

/** How many are usually run at full length. */
const USUAL_RIVALS = 5

/** Steps of one epoch of a trial, and epochs, where a step costs something. */
const EPOCH_STEPS = 20
const EPOCHS = 3

/** About the steps that {@link chooseLearningRate} takes. */
export function choiceSteps(task: OpenTask, sizes: RunSizes, rateSeeds: number): number {
  const { epochSteps, epochs } = planOf(task, sizes)
  return epochSteps * epochs * DECADES.length + USUAL_RIVALS * rateSeeds * sizes.steps
}

/**
 * A learning rate for runs of a length, chosen as the final evaluation of a search chooses it, on seeds that follow from the
 * first one of those runs and are others. For a function of a few variables the short runs are whole ones. Runs that an
 * aborted signal leaves out have no result.
 */
export function chooseLearningRate({
  task,
  optimizer,
  sizes,
  allows,
  seed,
  rateSeeds,
  signal,
  onProgress,
}: ChoiceOptions): Promise<RateChoice<TrainResult | undefined>> {
  const plan = planOf(task, sizes)
  let behind = 0
  // One after the other: there is one backend.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = last.then(run)
    last = next
    return next
  }
  const watched = async (
    learningRate: number,
    run: (progress: (progress: TrainProgress) => void) => Promise<TrainResult>,
  ): Promise<TrainResult | undefined> => {
    if (signal.aborted) return undefined
    onProgress(behind, learningRate)
    const result = await run((progress) =>
      onProgress(behind + progress.step, learningRate, progress),
    )
    behind += result.steps
    return result
  }
  const seedsOf = (kind: string, count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => childKey(rootKey(seed), 'rate', kind, index).low)
  const short = (learningRate: number, one: number): Promise<number | undefined> =>
    inTurn(async () => {
      let score: number | undefined
      await watched(learningRate, async (onProgress) => {
        const options = { task, optimizer: optimizer(one), plan, seed: one, signal, onProgress }
        const trial = await tryLearningRate(options, plan.probe[0]!, learningRate)
        score = trial.score
        return trial.result
      })
      return score !== undefined && score > -Infinity ? score : undefined
    })
  const whole = (learningRate: number, one: number): Promise<TrainResult | undefined> =>
    inTurn(() =>
      watched(learningRate, (onProgress) => {
        const made = (total: number) => optimizer(one)(learningRate, total)
        return train({ task, optimizer: made, seed: one, ...sizes, signal, onProgress })
      }),
    )
  return chooseRate<TrainResult | undefined>({
    grid: DECADES,
    allows,
    trialSeeds: [seedsOf('trial', 1), seedsOf('another trial', 1)],
    seeds: seedsOf('run', rateSeeds),
    trial: short,
    run: whole,
    score: scoreOf,
  })
}

/** What learning rates are chosen by: the validation metric of the last weights, or minus their loss; undefined after a failure. */
export function scoreOf(result: TrainResult | undefined): number | undefined {
  if (result === undefined || result.diverged !== undefined || result.stopped !== undefined)
    return undefined
  return result.finalScore
}

/** The plan of the short runs. */
function planOf(open: OpenTask, { steps, batchSize, evaluateEvery }: RunSizes): TrainingPlan {
  const { isFunction, chance = 0 } = open.task
  const round: ProbeRound = {
    learningRates: DECADES,
    epochs: isFunction ? Math.max(1, Math.ceil(steps / evaluateEvery)) : EPOCHS,
    stop: { afterEpoch: 1, below: 1.2 * chance },
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
