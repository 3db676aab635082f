import type { MeanInterval } from '../../../tasks/mean-interval.ts'
import type { OpenTask } from '../../../tasks/open-task.ts'
import type { Problem } from '../../../tasks/problem.ts'
import { train, type TrainProgress, type TrainResult } from '../../../tasks/train.ts'
import type { Rival } from '../../../tasks/rate-choice.ts'
import type { RuleInUse } from '../../../tasks/session.ts'
import { tunedInterval, type ChosenFrom } from '../../../tasks/tuned-interval.ts'
import { chooseLearningRate, choiceSteps, scoreOf, type RunSizes } from './choose-learning-rate.ts'
import { LEARNING_RATE } from '../../../language/learning-rate.ts'
import { orTaskFailure } from '../task-option.ts'
import { ownLearningRate, type Contender } from './contenders.ts'
import type { RateGroup } from '../rate-groups.ts'
import { allowsRates, groupsOf } from './fine-tuning.ts'

/** What every contender is put through. */
export interface ContestOptions {
  readonly task: OpenTask
  readonly contenders: readonly Contender[]
  readonly seeds: readonly number[]
  readonly sizes: RunSizes
  /** A number for all, each rule's own, or one that is chosen for it. */
  readonly learningRate: number | 'auto' | 'default'
  /** On how many seeds beside `seeds` it is chosen. */
  readonly rateSeeds: number
  /** Variables with multiples of the learning rate; none when absent. */
  readonly rates?: readonly RateGroup[]
  /** Called with the last weights of each run that came to its end. */
  readonly onTrained?: (problem: Problem) => void
  readonly signal: AbortSignal
  readonly watch: Watcher
}

/** Is told how the contest goes. */
export interface Watcher {
  /** Steps behind the contest, of `totalSteps`; `now` says what is being done. */
  readonly progress: (steps: number, now: string) => void
  readonly chosen: (entry: Entry) => void
  readonly finished: (entry: Entry, run: Run) => void
  /** A run goes on. */
  readonly moved?: (run: RunName, progress: TrainProgress) => void
}

/** Which run it is. */
export interface RunName {
  /** The contender's. */
  readonly label: string
  /** Absent for one that a learning rate is chosen by. */
  readonly seed?: number
  /** The learning rate that is tried. */
  readonly trying?: number
}

/** One run. */
export interface Run {
  readonly seed: number
  readonly result: TrainResult
}

/** A contender and what came of it so far. */
export interface Entry {
  readonly contender: Contender
  /** Absent when it has none, or none was found. */
  readonly learningRate?: number
  /** The learning rates that were run at full length for the choice; none where it was not chosen. */
  readonly rivals: readonly Rival<TrainResult>[]
  /** Why it was not trained. */
  readonly failed?: string
  readonly runs: readonly Run[]
}

/** About all steps of the contest. */
export function totalSteps({
  task,
  contenders,
  seeds,
  sizes,
  learningRate,
  rateSeeds,
}: Omit<ContestOptions, 'watch' | 'signal'>): number {
  const tuned = learningRate === 'auto' ? contenders.filter(({ tunable }) => tunable).length : 0
  return (
    tuned * choiceSteps(task, sizes, rateSeeds) + contenders.length * seeds.length * sizes.steps
  )
}

/**
 * Chooses a learning rate for each contender, then trains all of them with the first seed, then with the next. An aborted
 * signal ends it; what is finished is returned. Equal options give equal entries on one backend.
 */
export async function holdContest(options: ContestOptions): Promise<readonly Entry[]> {
  const { task, contenders, seeds, sizes, rateSeeds, signal, watch } = options
  let behind = 0
  const entries: Entry[] = []
  for (const contender of contenders) {
    if (signal.aborted) break
    const budget =
      options.learningRate === 'auto' && contender.tunable ? choiceSteps(task, sizes, rateSeeds) : 0
    const entry = await orTaskFailure(
      () =>
        enter(options, contender, seeds[0]!, (steps, now) =>
          watch.progress(behind + Math.min(steps, budget), now),
        ),
      contender.label,
    )
    behind += budget
    if (signal.aborted) break
    entries.push(entry)
    watch.chosen(entry)
  }
  for (const seed of seeds) {
    for (const [index, entry] of entries.entries()) {
      if (signal.aborted) break
      if (entry.failed === undefined) {
        const { label } = entry.contender
        const now = `${label}, seed ${seed}`
        const result = await orTaskFailure(
          () =>
            runOnce(options, entry, seed, (progress) => {
              watch.moved?.({ label, seed }, progress)
              watch.progress(behind + progress.step, `${now}, loss ${lossText(progress.trainLoss)}`)
            }),
          now,
        )
        if (result.stopped === 'interrupted') break
        const run = { seed, result }
        entries[index] = { ...entry, runs: [...entry.runs, run] }
        watch.finished(entry, run)
      }
      behind += sizes.steps
    }
  }
  return entries
}

async function enter(
  { task, sizes, learningRate, rateSeeds, rates, signal, watch }: ContestOptions,
  contender: Contender,
  seed: number,
  progress: Watcher['progress'],
): Promise<Entry> {
  const entry: Entry = { contender, rivals: [], runs: [] }
  if (!contender.tunable || learningRate === 'default') {
    const own = ownLearningRate(contender)
    return own === undefined ? entry : { ...entry, learningRate: own }
  }
  if (learningRate !== 'auto') return { ...entry, learningRate }
  const choice = await chooseLearningRate({
    ...{ task, sizes, seed, rateSeeds, signal },
    allows: (rate) => allowsRates(contender.program, rate, rates),
    optimizer: (one) => (rate, total) => ruleOf(contender, rate, total, one, rates),
    onProgress: (steps, rate, run) => {
      if (run !== undefined) watch.moved?.({ label: contender.label, trying: rate }, run)
      progress(steps, `${contender.label}, trying lr ${rate}`)
    },
  })
  const rivals = choice.rivals.map(({ learningRate: rate, runs }) => ({
    learningRate: rate,
    runs: runs.flatMap((run) => run ?? []),
  }))
  return choice.learningRate === undefined
    ? { ...entry, rivals, failed: 'no learning rate works on every seed' }
    : { ...entry, rivals, learningRate: choice.learningRate }
}

function runOnce(
  { task, sizes, rates, onTrained, signal }: ContestOptions,
  { contender, learningRate }: Entry,
  seed: number,
  onProgress: (progress: TrainProgress) => void,
): Promise<TrainResult> {
  const optimizer = (total: number): RuleInUse =>
    ruleOf(contender, learningRate, total, seed, rates)
  return train({
    ...{ task, optimizer, seed, ...sizes, signal, onProgress },
    ...(onTrained && { onTrained }),
  })
}

/** What a contender moves the weights of a run with. */
export function ruleOf(
  { program, target, hyperparameters }: Contender,
  learningRate: number | undefined,
  total: number,
  seed: number,
  rates: readonly RateGroup[] = [],
): RuleInUse {
  const chosen = learningRate === undefined ? {} : { [LEARNING_RATE]: learningRate }
  return {
    ...{ program, target },
    settings: {
      hyperparameters: { ...hyperparameters, ...chosen },
      groups: groupsOf(rates, learningRate),
      ...{ totalSteps: total, seed },
    },
  }
}

/**
 * The mean of a score over the runs, with an interval that covers the choice of the learning rate; undefined when one of them
 * diverged: the others do not speak for it.
 */
export function meanOf(
  { runs, rivals, learningRate }: Entry,
  score: (result: TrainResult) => number | undefined,
): MeanInterval | undefined {
  const values = valuesOf(
    runs.map(({ result }) => result),
    score,
  )
  if (values === undefined) return undefined
  const complete = rivals.flatMap(({ learningRate: rate, runs: results }) => {
    const [scores, measures] = [valuesOf(results, scoreOf), valuesOf(results, score)]
    return scores === undefined || measures === undefined ? [] : [{ rate, scores, measures }]
  })
  const chosen = complete.findIndex(({ rate }) => rate === learningRate)
  const from: ChosenFrom | undefined = chosen < 0 ? undefined : { rivals: complete, chosen }
  return tunedInterval(values, from)
}

/** The values of all results; undefined when one has none. */
function valuesOf(
  results: readonly TrainResult[],
  value: (result: TrainResult) => number | undefined,
): readonly number[] | undefined {
  const values = results.flatMap((result) => (result.diverged ? [] : (value(result) ?? [])))
  return values.length === results.length ? values : undefined
}

/** A loss with three digits. */
export function lossText(loss: number): string {
  if (loss === 0) return '0'
  return Math.abs(loss) < 1e-3 ? loss.toExponential(2) : loss.toPrecision(3)
}
