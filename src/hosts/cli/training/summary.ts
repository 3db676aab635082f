import type { MeanInterval } from '../../../tasks/mean-interval.ts'
import type { TrainResult } from '../../../tasks/train.ts'
import type { Output } from '../output.ts'
import { renderTable } from '../table.ts'
import { scoreOf } from './choose-learning-rate.ts'
import { lossText, meanOf, type Entry } from './contest.ts'

/** What the runs had in common. */
export interface Circumstances {
  readonly task: string
  readonly kind: 'function' | 'classification'
  readonly backend: string
  readonly seeds: readonly number[]
  readonly steps: number
  readonly batchSize: number
  /** Whether the contest was ended before its time. */
  readonly interrupted: boolean
}

/** One line: seeds, steps, backend. */
export function circumstancesText({
  kind,
  backend,
  seeds,
  steps,
  batchSize,
}: Circumstances): string {
  const batch = kind === 'classification' ? ` of ${batchSize} images` : ''
  const runs = seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`
  return `${runs}, ${steps.toLocaleString('en-US')} steps${batch}, backend ${backend}`
}

/** The table of all entries, the best first. */
export function renderSummary(
  unsorted: readonly Entry[],
  kind: Circumstances['kind'],
  output: Output,
): string {
  const entries = ranked(unsorted, kind)
  const classification = kind === 'classification'
  const scores: readonly (readonly [
    string,
    (result: TrainResult) => number | undefined,
    (value: number) => string,
  ])[] = classification
    ? [
        ['test accuracy', (result) => result.testAccuracy, percentText],
        ['test loss', (result) => result.testLoss, lossText],
        ['validation', (result) => result.finalAccuracy, percentText],
      ]
    : [['loss', (result) => result.finalLoss, lossText]]
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
function ranked(entries: readonly Entry[], kind: Circumstances['kind']): readonly Entry[] {
  const worth = (entry: Entry): number => {
    const score =
      kind === 'classification'
        ? meanOf(entry, ({ testAccuracy, finalAccuracy }) => testAccuracy ?? finalAccuracy)?.mean
        : -(meanOf(entry, ({ finalLoss }) => finalLoss)?.mean ?? Infinity)
    return score ?? -Infinity
  }
  const level = ({ runs }: Entry): number => {
    const ended = runs.filter(({ result }) => result.diverged === undefined).length
    return ended === 0 ? 2 : ended < runs.length ? 1 : 0
  }
  return entries
    .map((entry) => ({ entry, level: level(entry), worth: worth(entry) }))
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
export function summaryJson(circumstances: Circumstances, entries: readonly Entry[]): object {
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
      accuracy: scoreJson(
        meanOf(entries[index]!, (result) => result.testAccuracy ?? result.finalAccuracy),
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
