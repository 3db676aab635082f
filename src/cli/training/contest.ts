import { meanInterval, type MeanInterval } from '../../tasks/mean-interval.ts'
import type { OpenTask } from '../../tasks/open-task.ts'
import { train, type TrainProgress, type TrainResult } from '../../tasks/train.ts'
import {
  chooseLearningRate,
  probeSteps,
  trialSteps,
  type RunSizes,
} from './choose-learning-rate.ts'
import { allowsLearningRate, LEARNING_RATE } from '../../language/learning-rate.ts'
import { ownLearningRate, type Contender } from './contenders.ts'

/** What every contender is put through. */
export interface ContestOptions {
  readonly task: OpenTask
  readonly contenders: readonly Contender[]
  readonly seeds: readonly number[]
  readonly sizes: RunSizes
  /** A number for all, each rule's own, or the best of a probe. */
  readonly learningRate: number | 'auto' | 'default'
  readonly signal: AbortSignal
  readonly watch: Watcher
}

/** Is told how the contest goes. */
export interface Watcher {
  /** Steps behind the contest, of `totalSteps`; `now` says what is being done. */
  readonly progress: (steps: number, now: string) => void
  readonly chosen: (entry: Entry) => void
  readonly finished: (entry: Entry, run: Run) => void
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
  /** Learning rates that were tried, in order, with their scores. */
  readonly tried: readonly { readonly learningRate: number; readonly score: number }[]
  /** Why it was not trained. */
  readonly failed?: string
  readonly runs: readonly Run[]
}

/** All steps of the contest when nothing ends early. */
export function totalSteps({
  task,
  contenders,
  seeds,
  sizes,
  learningRate,
}: Omit<ContestOptions, 'watch' | 'signal'>): number {
  const tuned = learningRate === 'auto' ? contenders.filter(({ tunable }) => tunable).length : 0
  return tuned * probeSteps(task, sizes) + contenders.length * seeds.length * sizes.steps
}

/**
 * Chooses a learning rate for each contender, then trains all of them with the first seed, then with the next. An aborted
 * signal ends it; what is finished is returned. Equal options give equal entries on one backend.
 */
export async function holdContest(options: ContestOptions): Promise<readonly Entry[]> {
  const { contenders, seeds, sizes, signal, watch } = options
  let behind = 0
  const entries: Entry[] = []
  for (const contender of contenders) {
    if (signal.aborted) break
    const budget =
      options.learningRate === 'auto' && contender.tunable ? probeSteps(options.task, sizes) : 0
    const entry = await enter(options, contender, seeds[0]!, (steps, now) =>
      watch.progress(behind + steps, now),
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
        const now = `${entry.contender.label}, seed ${seed}`
        const result = await runOnce(options, entry, seed, ({ step, trainLoss }) =>
          watch.progress(behind + step, `${now}, loss ${lossText(trainLoss)}`),
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
  { task, sizes, learningRate, signal }: ContestOptions,
  contender: Contender,
  seed: number,
  progress: Watcher['progress'],
): Promise<Entry> {
  const entry: Entry = { contender, tried: [], runs: [] }
  if (!contender.tunable || learningRate === 'default') {
    const own = ownLearningRate(contender)
    return own === undefined ? entry : { ...entry, learningRate: own }
  }
  if (learningRate !== 'auto') return { ...entry, learningRate }
  let trial = ''
  let first = 0
  const choice = await chooseLearningRate(
    {
      task,
      seed,
      signal,
      allows: (rate) => allowsLearningRate(contender.program, rate),
      optimizer: (rate, total) => build(contender, rate, total, seed),
      onTrial: ({ learningRate: rate, index }) => {
        trial = `${contender.label}, trying lr ${rate}`
        first = trialSteps(task, sizes) * index
        progress(first, trial)
      },
      onProgress: ({ step }) => progress(first + step, trial),
    },
    sizes,
  )
  const tried = choice.trials.map(({ learningRate: rate, score }) => ({
    learningRate: rate,
    score,
  }))
  return choice.ok
    ? { ...entry, tried, learningRate: choice.learningRate }
    : { ...entry, tried, failed: choice.reason }
}

function runOnce(
  { task, sizes, signal }: ContestOptions,
  { contender, learningRate }: Entry,
  seed: number,
  onProgress: (progress: TrainProgress) => void,
): Promise<TrainResult> {
  const optimizer = (total: number): ReturnType<Contender['rule']> =>
    build(contender, learningRate, total, seed)
  return train({ task, optimizer, seed, ...sizes, signal, onProgress })
}

function build(
  { rule, hyperparameters }: Contender,
  learningRate: number | undefined,
  total: number,
  seed: number,
): ReturnType<Contender['rule']> {
  const chosen = learningRate === undefined ? {} : { [LEARNING_RATE]: learningRate }
  return rule({ hyperparameters: { ...hyperparameters, ...chosen }, totalSteps: total, seed })
}

/** The mean of a score over the runs that have it. */
export function meanOf(
  entry: Entry,
  score: (result: TrainResult) => number | undefined,
): MeanInterval | undefined {
  return meanInterval(
    entry.runs.flatMap(({ result }) => (result.diverged ? [] : (score(result) ?? []))),
  )
}

/** A loss with three digits. */
export function lossText(loss: number): string {
  if (loss === 0) return '0'
  return Math.abs(loss) < 1e-3 ? loss.toExponential(2) : loss.toPrecision(3)
}
