import {
  evaluationsOf,
  type Evaluated,
  type Final,
  type JournalFitness,
} from '../evolve/journal.ts'
import type { MeanInterval } from '../tasks/mean-interval.ts'
import {
  sharesAgain,
  tunedDifference,
  tunedInterval,
  type ChosenFrom,
  type MeasuredRival,
} from '../tasks/tuned-interval.ts'
import { seeded, type Measure } from './measure.ts'
import { isClear, pairedDifferences } from './statistics.ts'

/** A rule run on fresh seeds with a learning rate that was chosen on others. */
export type Rejudged = Pick<Evaluated, 'trials' | 'rivals' | 'learningRate' | 'runs'>

/** What a comparison with another rule shows. */
export type Verdict = 'better' | 'worse' | 'not shown'

/** How a rule did on fresh seeds, and beside another rule where it is compared with one. */
export interface Standing {
  /** One per run that was tested; a run that was ended early is. */
  readonly values: readonly number[]
  /** With an interval that covers the choice of the learning rate; absent when a run failed: the others do not speak for it. */
  readonly mean: MeanInterval | undefined
  /** Runs that left nothing to test: they diverged. */
  readonly failed: number
  /** Runs that were ended early and count with what they had reached. */
  readonly endedEarly: number
  /** Why the rule has no mean, or why runs of it failed. */
  readonly failure: string | undefined
  /** To the other rule, paired by seed; absent without another rule, and where a run of either failed. */
  readonly difference: MeanInterval | undefined
  /** Absent where there is no difference, or one seed alone. */
  readonly verdict: Verdict | undefined
}

/** How a rule stands by a measure, compared with `reference` where one is given. */
export function standingOf(
  judged: Rejudged,
  reference: Rejudged | undefined,
  measure: Measure,
): Standing {
  const { runs } = judged
  const own = seeded(runs, measure)
  const others = reference && seeded(reference.runs, measure)
  const isWhole = runs.length > 0 && own.length === runs.length
  const isComparable = isWhole && others !== undefined && others.length === reference?.runs.length
  const from = chosenFrom(judged, measure)
  const difference = isComparable
    ? tunedDifference(
        pairedDifferences(own, others),
        from,
        reference && chosenFrom(reference, measure),
      )
    : undefined
  const values = own.map(({ value }) => value)
  return {
    values,
    mean: isWhole ? tunedInterval(values, from) : undefined,
    failed: runs.length - own.length,
    endedEarly: runs.filter((run) => run.failure !== undefined && measure.of(run) !== undefined)
      .length,
    failure: isWhole ? undefined : failureOf(judged, measure),
    difference,
    verdict: verdictOf(difference),
  }
}

function verdictOf(difference: MeanInterval | undefined): Verdict | undefined {
  if (difference?.halfWidth === undefined) return undefined
  if (!isClear(difference)) return 'not shown'
  return difference.mean > 0 ? 'better' : 'worse'
}

/** Why a rule has no runs on fresh seeds, or why one of them failed. */
function failureOf(judged: Rejudged, measure: Measure): string {
  const reason = (runs: readonly JournalFitness[]): string | undefined =>
    runs.find(({ failure }) => failure !== undefined)?.failure
  if (judged.runs.length > 0)
    return reason(judged.runs.filter((run) => measure.of(run) === undefined)) ?? 'it failed'
  if (evaluationsOf(judged).length === 0) return 'it allows no learning rate of the probe'
  const runs = judged.rivals.flatMap((rival) => rival.runs)
  return `no learning rate works on every seed: ${reason(runs) ?? reason(judged.trials) ?? 'it failed'}`
}

/** The rivals that came through on every seed, as a choice; undefined where there was none to make. */
function chosenFrom(judged: Rejudged, measure: Measure): ChosenFrom | undefined {
  const complete = judged.rivals.flatMap(({ learningRate, runs }) => {
    const scores = runs.flatMap(({ score }) => score ?? [])
    const measures = runs.flatMap((run) => measure.of(run) ?? [])
    const rival: MeasuredRival = { scores, measures }
    return scores.length === runs.length && measures.length === runs.length
      ? [{ learningRate, rival }]
      : []
  })
  const chosen = complete.findIndex(({ learningRate }) => learningRate === judged.learningRate)
  return chosen < 0 ? undefined : { rivals: complete.map(({ rival }) => rival), chosen }
}

/** A learning rate that was run at full length for the choice. */
export interface RivalStanding {
  readonly learningRate: number
  readonly isChosen: boolean
  /** Mean of what the choice goes by; undefined when it failed on a seed. */
  readonly score: number | undefined
  /** In how many resamples of the seeds it would have been chosen, as a share. */
  readonly again: number
}

/** All rivals of a choice, from the largest learning rate to the smallest. */
export function rivalStandings(judged: Rejudged): readonly RivalStanding[] {
  const byScore: Measure = { name: 'score', isShare: false, of: ({ score }) => score }
  const from = chosenFrom(judged, byScore)
  const shares = from === undefined ? [] : sharesAgain(from)
  let place = 0
  return judged.rivals.map(({ learningRate, runs }) => {
    const scores = runs.flatMap(({ score }) => score ?? [])
    const isWhole = scores.length === runs.length
    return {
      learningRate,
      isChosen: learningRate === judged.learningRate,
      score: isWhole ? scores.reduce((sum, score) => sum + score, 0) / scores.length : undefined,
      again: (isWhole ? shares[place++] : undefined) ?? 0,
    }
  })
}

/** The baseline that rules are compared with: Adam, or the first there is. */
export function mainBaseline(finals: readonly Final[]): Final | undefined {
  const baselines = finals.filter(({ of }) => of === undefined)
  return baselines.find(({ name }) => name.toLowerCase() === 'adam') ?? baselines[0]
}
