import { rejectionWords } from '../../../evolve/rejection.ts'
import { slotWords } from '../../../report/run.ts'
import { formatDuration } from '../progress.ts'
import type { SearchClock } from './search-clock.ts'
import type { StageTally, Tally } from './search-tally.ts'
import { timeLeft } from './time-left.ts'

/** `1,234`. */
const formatCount = (count: number): string => count.toLocaleString('en-US')

/** `12 %` of a whole; `0 %` of nothing. */
function formatShare(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`
}

/** A score in six or more characters: accuracies have four decimals. */
export function formatScore(score: number): string {
  const size = Math.abs(score)
  return size !== 0 && (size < 0.001 || size >= 1000) ? score.toExponential(2) : score.toFixed(4)
}

/** `1 rule`, `2 rules`. */
function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `143/300`. */
export function stageCount({ done, slots }: StageTally): string {
  return `${formatCount(done)}/${formatCount(slots)}`
}

/** `12.1/min`, `13 min 2 s left`, as far as this process can know them; `now` is on the clock of the stage's start. */
export function stagePace(stage: StageTally, now: number): readonly string[] {
  const { fresh, done, slots, stopped, startedAt } = stage
  const seconds = (now - startedAt) / 1000
  const ending = stopped ? ['budget used up'] : []
  if (fresh === 0 || seconds <= 0) return ending
  const rate = fresh / seconds
  const left = `${formatDuration((slots - done) / rate)} left`
  return [`${formatRate(60 * rate)}/min`, done < slots ? left : formatDuration(seconds), ...ending]
}

/** `12.1`; evaluations of this process in a minute. */
function evaluationRate({ freshEvaluations }: Tally, elapsed: number): string | undefined {
  if (freshEvaluations === 0 || elapsed <= 0) return undefined
  return formatRate((60_000 * freshEvaluations) / elapsed)
}

function formatRate(rate: number): string {
  return rate >= 100 ? formatCount(Math.round(rate)) : rate.toPrecision(3)
}

/**
 * `1,940 of 2,300 rules`, `2 h 17 min left to the final table`: races and that table count, too. A budget says how far the
 * rules go.
 */
export function searchFacts(tally: Tally, clock: SearchClock): readonly string[] {
  const { works, expectedWorks } = tally
  const counted =
    clock.budget === undefined
      ? `${formatCount(works)} of ${countOf(expectedWorks, 'rule')}`
      : countOf(works, 'rule')
  const left = timeLeft(tally, clock)
  return left === undefined || left <= 0
    ? [counted]
    : [counted, `${formatDuration(left / 1000)} left to the final table`]
}

/** `0.8712`, `particle 12, time step 2, child 3`, `operator`. */
export function bestFacts({ best }: Tally): readonly string[] {
  if (best === undefined) return ['none yet']
  return [
    formatScore(best.score),
    slotWords(best.slot),
    ...(best.mutation === undefined ? [] : [best.mutation]),
  ]
}

/** `12.1/min on 2 workers`, `640 in all`, `12 % failed`, `412,000 steps`. */
export function evaluationFacts(
  tally: Tally,
  { workers, elapsed }: SearchClock,
): readonly string[] {
  const { evaluations, failed, steps } = tally
  const rate = evaluationRate(tally, elapsed)
  return [
    ...(rate === undefined ? [] : [`${rate}/min on ${countOf(workers, 'worker')}`]),
    `${formatCount(evaluations)} in all`,
    `${formatShare(failed, evaluations)} failed`,
    countOf(steps, 'step'),
  ]
}

/** `103 of 743 rules do as an earlier one (14 %)`. */
export function cacheFacts({ hits, attempts }: Tally): readonly string[] {
  const share = formatShare(hits, attempts)
  return [`${formatCount(hits)} of ${countOf(attempts, 'rule')} (${share}) do as an earlier one`]
}

/** `5,012 of 5,755 draws (87 %)`, and for each reason its share of all draws. */
export function rejectionFacts({ rejections, drawing, attempts }: Tally): {
  readonly all: string
  readonly reasons: readonly string[]
} {
  const rejected = rejections.reduce((sum, [, count]) => sum + count, drawing)
  const draws = rejected + attempts
  return {
    all: `${formatCount(rejected)} of ${countOf(draws, 'draw')} (${formatShare(rejected, draws)})`,
    reasons: rejections.map(([reason, count]) => `${formatShare(count, draws)} ${worded(reason)}`),
  }
}

/** A reason as the table of reasons has it; one of another version under its name. */
function worded(reason: string): string {
  return rejectionWords(reason) ?? reason
}

/** `12 min 3 s of 30 min 0 s used`, `17 min 57 s left`; nothing when there is no budget, or no use for it any more. */
export function budgetFacts(
  { budgetSteps, freshSteps, searching }: Tally,
  { budget, elapsed, spentBefore }: SearchClock,
): readonly string[] {
  if (budget === undefined || !searching) return []
  if ('steps' in budget) {
    const left = Math.max(0, budget.steps - budgetSteps)
    const used = `${formatCount(budgetSteps)} of ${countOf(budget.steps, 'step')} used`
    if (freshSteps === 0 || elapsed <= 0) return [used]
    return [used, `${formatDuration((left * elapsed) / freshSteps / 1000)} left`]
  }
  const used = (spentBefore + elapsed) / 1000
  const whole = 60 * budget.minutes
  return [
    `${formatDuration(used)} of ${formatDuration(whole)} used`,
    `${formatDuration(Math.max(0, whole - used))} left`,
  ]
}

/** The numbers of a whole run, a line each. */
export function summaryLines(tally: Tally, clock: SearchClock): readonly string[] {
  const { evaluations, freshEvaluations, failed, steps, rejections, attempts, hits } = tally
  const rate = evaluationRate(tally, clock.elapsed)
  const earlier = evaluations - freshEvaluations
  const before = earlier === 0 ? '' : ` (${formatCount(earlier)} in earlier processes)`
  const trained = [
    `${countOf(evaluations, 'evaluation')}${before}`,
    `${formatCount(failed)} failed`,
    countOf(steps, 'training step'),
    ...(rate === undefined ? [] : [`${rate} a minute on ${countOf(clock.workers, 'worker')}`]),
  ]
  const reasons = rejections.map(([reason, count]) => `  ${formatCount(count)} ${worded(reason)}`)
  return [
    trained.join(', '),
    `${formatCount(hits)} of ${countOf(attempts, 'rule')} (${formatShare(hits, attempts)}) took the score of one that does the same`,
    `${rejectionFacts(tally).all} thrown away${reasons.length === 0 ? '' : ':'}`,
    ...reasons,
  ]
}
