import type { MeanInterval } from '../../../tasks/mean-interval.ts'
import { worth, type Metric } from '../../../tasks/metric.ts'
import type { TrainResult } from '../../../tasks/train.ts'
import type { Output } from '../output.ts'
import { renderTable } from '../table.ts'
import { scoreOf } from './choose-learning-rate.ts'
import { lossText, meanOf, type Entry } from './contest.ts'

/** What the runs had in common. */
export interface Circumstances {
  readonly task: string
  /** What weights are judged by beside their loss, where the task has something. */
  readonly metric?: Metric
  /** What batches are made of, where there are batches. */
  readonly examples?: string
  /** Whether the task is a function, of which there is only the loss to see. */
  readonly isFunction: boolean
  readonly backend: string
  readonly seeds: readonly number[]
  readonly steps: number
  readonly batchSize: number
  /** Whether the contest was ended before its time. */
  readonly interrupted: boolean
}

/** One line: seeds, steps, backend. */
export function circumstancesText({
  examples,
  backend,
  seeds,
  steps,
  batchSize,
}: Circumstances): string {
  const batch = examples === undefined ? '' : ` of ${batchSize} ${examples}`
  const runs = seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`
  return `${runs}, ${steps.toLocaleString('en-US')} steps${batch}, backend ${backend}`
}

/** The table of all entries, the best first. */
export function renderSummary(unsorted: readonly Entry[], judged: Judged, output: Output): string {
  const entries = ranked(unsorted, judged)
  const scores = columnsOf(judged)
  const numbers = ['lr', ...scores.map(([name]) => name), 'steps/s']
  const notes = entries.map(remarksOn)
  const hasNotes = notes.some((note) => note !== '')
  const rows = entries.map((entry, index) => [
    entry.contender.label,
    entry.learningRate === undefined ? '' : String(entry.learningRate),
    ...scores.map(([, score, write]) => intervalText(meanOf(entry, score), write)),
    speedOf(entry) === undefined ? '' : speedText(speedOf(entry)!),
    ...(hasNotes ? [notes[index]!] : []),
  ])
  const table = renderTable(
    ['rule', ...numbers, ...(hasNotes ? [''] : [])],
    rows,
    output.paint,
    numbers,
  )
  const several = entries.some(({ runs }) => runs.length > 1)
  return several ? `${table}${output.paint.dim(noteOn(entries))}\n` : table
}

type Judged = Pick<Circumstances, 'metric' | 'isFunction'>

type Column = readonly [
  string,
  (result: TrainResult) => number | undefined,
  (value: number) => string,
]

/** What is measured of every rule: its title, where it is, and how it is written. */
function columnsOf({ metric, isFunction }: Judged): readonly Column[] {
  if (isFunction) return [['loss', (result) => result.finalLoss, lossText]]
  const testLoss: Column = ['test loss', (result) => result.testLoss, lossText]
  if (metric === undefined)
    return [testLoss, ['validation', (result) => result.finalLoss, lossText]]
  const text = (value: number): string => metricText(metric, value)
  return [
    [`test ${metric.name}`, (result) => result.testMetric, text],
    testLoss,
    ['validation', (result) => result.finalMetric, text],
  ]
}

/** What the intervals are of, and what the learning rates took. */
function noteOn(entries: readonly Entry[]): string {
  const runs = entries.flatMap(({ rivals }) => rivals.flatMap((rival) => rival.runs))
  if (runs.length === 0) return 'mean ± 95 % confidence interval over the seeds'
  const steps = runs.reduce((sum, run) => sum + run.steps, 0).toLocaleString('en-US')
  return `mean ± 95 % confidence interval over the seeds and the choice of lr, which took ${steps} steps of whole runs on other seeds (--rate-seeds)`
}

/**
 * Entries whose runs all ended before those with runs that did not, and these before those with none; among them by what the
 * first column of the table shows.
 */
function ranked(entries: readonly Entry[], judged: Judged): readonly Entry[] {
  const { metric } = judged
  const [, first] = columnsOf(judged)[0]!
  const worthOf = (entry: Entry): number => {
    const mean = meanOf(entry, (result) => first(result) ?? lastOf(result, metric))?.mean
    if (mean === undefined) return -Infinity
    return metric === undefined ? -mean : worth(metric, mean)
  }
  const level = ({ runs }: Entry): number => {
    const ended = runs.filter(({ result }) => result.diverged === undefined).length
    return ended === 0 ? 2 : ended < runs.length ? 1 : 0
  }
  return entries
    .map((entry) => ({ entry, level: level(entry), worth: worthOf(entry) }))
    .sort((a, b) => a.level - b.level || (a.worth === b.worth ? 0 : b.worth - a.worth))
    .map(({ entry }) => entry)
}

function remarksOn({ failed, runs }: Entry): string {
  if (failed !== undefined) return failed
  return runs
    .flatMap(({ seed, result }) => {
      if (result.diverged) return [`seed ${seed} diverged at step ${result.diverged.step}`]
      return result.stopped === undefined ? [] : [`seed ${seed}: ${result.stopped}`]
    })
    .join(', ')
}

/** What the last weights come to on the validation part, in what the first column shows. */
const lastOf = (result: TrainResult, metric: Metric | undefined): number | undefined =>
  metric === undefined ? result.finalLoss : result.finalMetric

/** A value of the metric with its unit. */
export function metricText({ unit }: Metric, value: number): string {
  return unit === 'share' ? percentText(value) : lossText(value)
}

const percentText = (share: number): string => `${(100 * share).toFixed(1)} %`

/** `84.1 % ± 0.9`, with as many decimals on either side. */
function intervalText(score: MeanInterval | undefined, write: (value: number) => string): string {
  if (score === undefined) return ''
  const mean = write(score.mean)
  if (score.halfWidth === undefined) return mean
  if (mean.endsWith(' %')) return `${mean} ± ${(100 * score.halfWidth).toFixed(1)}`
  if (mean.includes('e')) return `${mean} ± ${write(score.halfWidth)}`
  return `${mean} ± ${score.halfWidth.toFixed(mean.split('.')[1]?.length ?? 0)}`
}

/** The mean over all runs. */
function speedOf({ runs }: Entry): number | undefined {
  const sum = runs.reduce((total, { result }) => total + result.stepsPerSecond, 0)
  return runs.length === 0 ? undefined : sum / runs.length
}

/** Steps per second with three digits. */
export function speedText(speed: number): string {
  return speed >= 100 ? speed.toFixed(0) : speed.toPrecision(3)
}

/** Everything that came of a contest, for JSON. */
export function summaryJson(
  { isFunction: _, examples: __, ...circumstances }: Circumstances,
  entries: readonly Entry[],
): object {
  return {
    optc: 'train',
    ...circumstances,
    rules: entries.map(({ contender, learningRate, rivals, failed, runs }, index) => ({
      name: contender.label,
      file: contender.path,
      hyperparameters: contender.hyperparameters,
      learningRate,
      tried: rivals.map((rival) => ({
        learningRate: rival.learningRate,
        scores: rival.runs.map((run) => scoreOf(run) ?? null),
      })),
      failed,
      metric: scoreJson(
        meanOf(entries[index]!, (result) => result.testMetric ?? result.finalMetric),
      ),
      loss: scoreJson(meanOf(entries[index]!, (result) => result.testLoss ?? result.finalLoss)),
      stepsPerSecond: speedOf(entries[index]!),
      runs: runs.map(({ seed, result }) => ({ seed, ...result })),
    })),
  }
}

function scoreJson(score: MeanInterval | undefined): object | undefined {
  if (score === undefined) return undefined
  const { mean, halfWidth, count } = score
  return {
    mean,
    ...(halfWidth !== undefined && { low: mean - halfWidth, high: mean + halfWidth }),
    runs: count,
  }
}
