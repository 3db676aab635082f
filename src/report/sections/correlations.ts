import { drawChart } from '../../draw/chart-svg.ts'
import type { Final, JournalFitness } from '../../evolve/journal.ts'
import { meanInterval } from '../../tasks/mean-interval.ts'
import type { Context } from '../context.ts'
import { figure, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { seeded, validationMeasure, type Measure } from '../../study/measure.ts'
import { resultOf, searchScores } from '../run.ts'
import { otherMetric, taskResults } from '../task-results.ts'
import { rankCorrelation, type RankCorrelation } from '../../study/statistics.ts'

/** One stage of judging rules: what each rule that came to it reached, by the work that found it. */
interface Stage {
  readonly name: string
  readonly measure: Measure
  readonly values: ReadonlyMap<string, number>
}

interface Comparison {
  readonly from: Stage
  readonly to: Stage
  readonly pairs: readonly (readonly [number, number])[]
  readonly correlation: RankCorrelation | undefined
}

/** Whether a cheaper stage puts rules in the order of the next. */
export function correlationsSection(context: Context): Section | undefined {
  const comparisons = comparisonsOf(context)
  if (comparisons.length === 0) return undefined
  const rows = comparisons.map(({ from, to, pairs, correlation }): readonly Cell[] => [
    from.name,
    to.name,
    String(pairs.length),
    correlation === undefined ? '–' : coefficient(correlation.value),
    correlation?.interval === undefined
      ? '–'
      : `${coefficient(correlation.interval[0])} to ${coefficient(correlation.interval[1])}`,
  ])
  return {
    id: 'correlations',
    title: 'Does an earlier stage predict a later one?',
    body: [
      paragraph(
        'Spearman’s rank correlation between what rules reached in two stages, with the 95 % interval of a bootstrap over the rules. Only rules that passed the earlier stage came to the later, which makes correlations smaller than they are among all rules.',
      ),
      table(
        [
          { title: 'Stage' },
          { title: 'Next stage' },
          { title: 'Rules', isNumber: true },
          { title: 'Spearman', isNumber: true },
          { title: '95 % interval', isNumber: true },
        ],
        rows,
      ),
      tag(
        'div',
        { class: 'scatters' },
        ...comparisons
          .filter(({ pairs }) => pairs.length >= 2)
          .map((comparison, index) => scatter(comparison, index)),
      ),
    ].join('\n'),
  }
}

function coefficient(value: number): string {
  return value.toFixed(2).replace('-', '−')
}

function comparisonsOf({ run, score, test, protocol }: Context): readonly Comparison[] {
  const initial = new Map(
    run.enters.flatMap(({ of }) => {
      const value = resultOf(run.workAt.get(of))?.score
      return value === undefined ? [] : [[of, value] as const]
    }),
  )
  const entered = new Map(
    run.enters.flatMap(({ of, fitness }) =>
      fitness.score === undefined ? [] : [[of, fitness.score] as const],
    ),
  )
  const searched = new Map(
    [...searchScores(run)].flatMap(([slot, fitness]) =>
      fitness.score === undefined ? [] : [[slot, fitness.score] as const],
    ),
  )
  const rungs = [...new Set(run.rungs.map(({ rung }) => rung))]
    .sort((a, b) => a - b)
    .map((number): Stage => {
      const own = run.rungs.filter(({ rung }) => rung === number)
      const task = protocol?.ladder[number - 1]?.task
      if (task === undefined)
        return { name: `rung ${number}`, measure: score, values: means(own, score) }
      const runs = own.flatMap((entry) => entry.runs)
      const measure = validationMeasure(runs, otherMetric(run.configuration, task))
      return { name: `rung ${number} on ${task}`, measure, values: means(own, measure) }
    })
  const finals: Stage = {
    name: `final, ${test.name}`,
    measure: test,
    values: means(foundOf(run.finals), test),
  }
  const transfers = taskResults(run)
    .slice(1)
    .map(({ task, test: measure, finals: there }): Stage => ({
      name: `final on ${task}`,
      measure,
      values: means(foundOf(there), measure),
    }))
  const search: Stage = { name: 'search', measure: score, values: searched }
  const steps: readonly (readonly [Stage, Stage])[] = [
    [
      { name: 'initial rules', measure: score, values: initial },
      { name: 'particles’ surrogate', measure: score, values: entered },
    ],
    ...[search, ...rungs, finals].flatMap((stage, index, all): (readonly [Stage, Stage])[] =>
      index === 0 ? [] : [[all[index - 1]!, stage]],
    ),
    ...(rungs.length > 0 ? [[search, finals] as const] : []),
    ...transfers.map((there) => [finals, there] as const),
  ]
  return steps.flatMap(([from, to]): Comparison[] => {
    const pairs = [...from.values].flatMap(([slot, value]) => {
      const later = to.values.get(slot)
      return later === undefined ? [] : [[value, later] as const]
    })
    return pairs.length === 0 ? [] : [{ from, to, pairs, correlation: rankCorrelation(pairs) }]
  })
}

/** Those that the search found, with the work that found them. */
const foundOf = (finals: readonly Final[]): readonly (Final & { readonly of: string })[] =>
  finals.flatMap((final) => (final.of === undefined ? [] : [{ ...final, of: final.of }]))

/** The mean of each rule's runs; without rules of which one failed. */
function means(
  entries: readonly { readonly of: string; readonly runs: readonly JournalFitness[] }[],
  measure: Measure,
): ReadonlyMap<string, number> {
  return new Map(
    entries.flatMap(({ of, runs }) => {
      const values = seeded(runs, measure).map(({ value }) => value)
      const mean = values.length === runs.length ? meanInterval(values) : undefined
      return mean === undefined ? [] : [[of, mean.mean] as const]
    }),
  )
}

function scatter({ from, to, pairs, correlation }: Comparison, index: number): string {
  const unit = (measure: Measure): 'percent' | 'number' => (measure.isShare ? 'percent' : 'number')
  const drawing = drawChart(
    {
      x: { label: from.name, unit: unit(from.measure), round: true },
      y: { label: to.name, unit: unit(to.measure) },
      series: [],
      dots: pairs.map((at) => ({ at, color: 0, size: 3.6 })),
    },
    {
      width: 320,
      height: 190,
      id: `correlation-${index + 1}`,
      description: `${to.name} against ${from.name}`,
      right: 10,
    },
  )
  const found = correlation === undefined ? '' : `ρ = ${coefficient(correlation.value)}, `
  return figure(drawing, `${found}n = ${pairs.length}`)
}
