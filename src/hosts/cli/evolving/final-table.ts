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
import { rankings, taskResults, type TaskResults } from '../../../report/task-results.ts'
import type { Paint } from '../output.ts'
import { renderTable } from '../table.ts'
import { formatScore } from './search-facts.ts'

/** What the table goes by beside the results: the configuration of a run, or a part of it. */
export interface FinalTableSetting {
  /** Where the rules were that the search began with. */
  readonly given: readonly { readonly path: string }[]
  /** That of the task. */
  readonly metric?: Metric
  readonly task?: string
}

/**
 * The finalists beside the baselines, then what their learning rates were chosen from, then each finalist with parts taken
 * out: mean over fresh seeds on held-out data with an interval of 95 % that covers the choice of the learning rate, and the
 * difference from Adam, or of an ablation from its finalist, paired by seed; then the same on the other tasks, and how rules
 * rank on all of them. The figures are those of the report.
 */
export function finalTable(
  { finals, ablations, transfers }: Pick<SearchResult, 'finals' | 'ablations' | 'transfers'>,
  paint: Paint = picocolors.createColors(false),
  setting: FinalTableSetting = { given: [] },
): string {
  const { given, metric = ACCURACY } = setting
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
    `${costText([...finals, ...ablations, ...transfers])}\n`,
  ].join('')
  const results = taskResults({ configuration: { ...setting }, finals, transfers })
  return [
    table,
    ...(ablations.length === 0 ? [] : [ablationTable(ablations, finals, measure, paint)]),
    ...results.slice(1).map((each) => transferTable(each, paint)),
    ...(results.length > 1 ? [rankTable(results, paint)] : []),
  ].join('\n')
}

function ablationTable(
  ablations: SearchResult['ablations'],
  finals: readonly Final[],
  measure: Measure,
  paint: Paint,
): string {
  const parts = ablations.map((ablation) => {
    const whole = finals.find(({ name }) => name === ablation.of)
    return [ablation.of, ablation.removed, ...cells(ablation, whole, measure)]
  })
  const head = ['rule', 'without', 'lr', 'test, fresh seeds', 'difference', 'remarks']
  return `${renderTable(head, parts, paint, head.slice(2, 5))}difference: from the whole rule\n`
}

/** All rules on another task. */
function transferTable({ task, stage, test, finals }: TaskResults, paint: Paint): string {
  const reference = mainBaseline(finals)
  const head = ['rule', 'lr', 'chosen again', 'test, fresh seeds', 'difference', 'remarks']
  const rows = finals.map((final) => {
    const [rate, ...rest] = cells(final, final === reference ? undefined : reference, test)
    const again = rivalStandings(final).find(({ isChosen }) => isChosen)?.again
    return [final.name, rate!, again === undefined ? '' : percent(again), ...rest]
  })
  const table = renderTable(head, rows, paint, head.slice(1, 5))
  return `${paint.bold(`${stage} on ${task}`)}, ${test.name}\n${table}`
}

/** The place of each rule on each task, and the mean. */
function rankTable(results: readonly TaskResults[], paint: Paint): string {
  const numbers = results.map((_, index) => String(index + 1))
  const head = ['rule', 'mean rank', ...numbers]
  const rows = rankings(results).map(({ name, mean, ranks }) => [
    name,
    mean.toFixed(2),
    ...ranks.map(String),
  ])
  const legend = results.map(
    ({ task, isSupplement }, index) =>
      `${index + 1} ${task}${isSupplement ? ' (a supplement: not in the mean)' : ''}`,
  )
  return `${renderTable(head, rows, paint, head.slice(1))}${legend.join(', ')}\n`
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

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
        percent(chosen.again),
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
