import picocolors from 'picocolors'
import {
  evaluationsOf,
  type Evaluated,
  type Final,
  type JournalFitness,
} from '../../../evolve/journal.ts'
import type { SearchResult } from '../../../evolve/search.ts'
import { plainInterval, testMeasure, type Measure } from '../../../study/measure.ts'
import { ACCURACY, type Metric } from '../../../tasks/metric.ts'
import { mainBaseline, rivalStandings, standingOf } from '../../../study/standing.ts'
import type { Paint } from '../output.ts'
import { renderTable } from '../table.ts'
import { formatScore } from './search-facts.ts'

/** What the table goes by beside the results. */
export interface FinalTableSetting {
  /** Where the rules were that the search began with. */
  readonly given: readonly { readonly path: string }[]
  /** That of the task. */
  readonly metric?: Metric
}

/**
 * The finalists beside the baselines, then what their learning rates were chosen from, then each finalist with parts taken
 * out: mean over fresh seeds on held-out data with an interval of 95 % that covers the choice of the learning rate, and the
 * difference from Adam, or of an ablation from its finalist, paired by seed. The figures are those of the report.
 */
export function finalTable(
  { finals, ablations }: SearchResult,
  paint: Paint = picocolors.createColors(false),
  { given, metric = ACCURACY }: FinalTableSetting = { given: [] },
): string {
  const measure = testMeasure(finals, metric)
  const head = ['rule', 'from', 'lr', 'search score', 'test, fresh seeds', 'difference', 'remarks']
  const right = head.slice(2, 6)
  const reference = mainBaseline(finals)
  const rows = finals.map((final) => {
    const [rate, ...rest] = cells(final, final === reference ? undefined : reference, measure)
    const from = final.of === undefined ? 'baseline' : originOf(final.of, given)
    return [final.name, from, rate!, textOf(final.score), ...rest]
  })
  const compared =
    reference === undefined ? '' : `difference: from ${reference.name}, the same seeds; `
  const table = [
    renderTable(head, rows, paint, right),
    `${compared}intervals of 95 %, the choice of the learning rate covered\n`,
    `\n${rateTable(finals, paint)}`,
    `${costText([...finals, ...ablations])}\n`,
  ].join('')
  if (ablations.length === 0) return table
  const parts = ablations.map((ablation) => {
    const whole = finals.find(({ name }) => name === ablation.of)
    return [ablation.of, ablation.removed, ...cells(ablation, whole, measure)]
  })
  const ablationHead = ['rule', 'without', 'lr', ...head.slice(4)]
  return `${table}\n${renderTable(ablationHead, parts, paint, right)}difference: from the whole rule\n`
}

/** The learning rates that ran at full length, the chosen one first, then the others by their scores. */
function rateTable(finals: readonly Final[], paint: Paint): string {
  const head = ['rule', 'lr', 'validation', 'chosen again', 'rivals']
  const rows = finals.flatMap((final) => {
    const rivals = [...rivalStandings(final)].sort(
      (a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity),
    )
    const chosen = rivals.find(({ isChosen }) => isChosen)
    if (chosen?.score === undefined) return []
    const others = rivals
      .filter(({ isChosen }) => !isChosen)
      .map(({ learningRate, score }) => `${learningRate} (${textOf(score) || 'failed'})`)
    return [
      [
        final.name,
        String(chosen.learningRate),
        textOf(chosen.score),
        `${(100 * chosen.again).toFixed(0)} %`,
        others.join(', '),
      ],
    ]
  })
  const seeds = Math.max(
    ...finals.flatMap(({ rivals }) => rivals.map(({ runs }) => runs.length)),
    0,
  )
  if (rows.length === 0) return ''
  return `${renderTable(head, rows, paint, head.slice(1, 4))}validation: mean over ${seeds} other seeds, by which the learning rate was chosen; chosen again: in how many resamples of them\n`
}

/** What the evaluation took, and how much of it the learning rates. */
function costText(evaluated: readonly Evaluated[]): string {
  const sum = (runs: readonly JournalFitness[]): number =>
    runs.reduce((total, { steps }) => total + steps, 0)
  const all = sum(evaluated.flatMap(evaluationsOf))
  const fresh = sum(evaluated.flatMap(({ runs }) => runs))
  const text = (steps: number): string => steps.toLocaleString('en-US')
  return `${text(all)} training steps, ${text(all - fresh)} of them to choose learning rates (--rate-seeds)`
}

const textOf = (score: number | undefined): string =>
  score === undefined ? '' : formatScore(score)

/** The file of a rule that the search began with, or the slot of one that it found. */
function originOf(slot: string, given: readonly { readonly path: string }[]): string {
  const [, index] = /^given\/(\d+)$/.exec(slot) ?? []
  return given[Number(index)]?.path ?? slot
}

function cells(
  judged: Evaluated,
  reference: Evaluated | undefined,
  measure: Measure,
): readonly string[] {
  const { learningRate, runs } = judged
  const { mean, difference, failed, failure, endedEarly } = standingOf(judged, reference, measure)
  const remarks = [
    ...(failed > 0 ? [`${failed} of ${runs.length} failed: ${failure}`] : []),
    ...(runs.length === 0 && failure !== undefined ? [failure] : []),
    ...(endedEarly > 0 ? [`${endedEarly} of ${runs.length} ended early`] : []),
  ]
  return [
    learningRate === undefined ? '' : String(learningRate),
    mean === undefined ? '' : plainInterval(mean, measure),
    difference === undefined ? '' : plainInterval(difference, measure, '+'),
    remarks.join('; '),
  ]
}
