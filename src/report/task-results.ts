import type { EntryOf, Final } from '../evolve/journal.ts'
import { metricSchema, type Metric } from '../tasks/metric.ts'
import type { FinalTask } from '../tasks/protocol.ts'
import { metricOf, testMeasure, validationMeasure, type Measure } from '../study/measure.ts'
import { standingOf } from '../study/standing.ts'

/** What the finalists and the baselines came to on one task. */
export interface TaskResults {
  readonly task: string
  /** What the table calls it beside other tasks; undefined for the search's own. */
  readonly stage: string | undefined
  readonly isSupplement: boolean
  /** What results are compared by, and what learning rates were chosen by. */
  readonly test: Measure
  readonly score: Measure
  /** On another task as on the search's own, but for what the search ranked rules by. */
  readonly finals: readonly Final[]
}

/** What results on several tasks are read from. */
export interface Evaluations {
  readonly configuration: Readonly<Record<string, unknown>>
  readonly finals: readonly Final[]
  readonly transfers: readonly EntryOf<'transfer'>[]
}

/** The results of a run, the search's task first, then the others in the order of the protocol. */
export function taskResults(run: Evaluations): readonly TaskResults[] {
  const { configuration, finals, transfers } = run
  if (finals.length === 0) return []
  const { task } = configuration
  const own = typeof task === 'string' ? task : '?'
  return [
    { task: own, stage: undefined, ...resultsOf(finals, metricOf(configuration)) },
    ...[...new Set(transfers.map((each) => each.task))].map((other) => {
      const evaluated = transfers.filter((each) => each.task === other)
      const { stage, isSupplement } = finalTaskOf(configuration, other) ?? {}
      return {
        task: other,
        stage: stage ?? 'other task',
        ...resultsOf(
          evaluated.map((each) => asFinal(each, finals)),
          otherMetric(configuration, other),
        ),
        isSupplement: isSupplement ?? false,
      }
    }),
  ]
}

function resultsOf(
  finals: readonly Final[],
  metric: Metric,
): Pick<TaskResults, 'finals' | 'test' | 'score' | 'isSupplement'> {
  const whole = finals.flatMap(({ rivals }) => rivals.flatMap(({ runs }) => runs))
  const [test, score] = [testMeasure(finals, metric), validationMeasure(whole, metric)]
  return { finals, test, score, isSupplement: false }
}

function asFinal(
  { kind: _, task: __, ...evaluated }: EntryOf<'transfer'>,
  finals: readonly Final[],
): Final {
  const of = finals.find(({ name }) => name === evaluated.name)?.of
  return { kind: 'final', ...evaluated, ...(of !== undefined && { of }) }
}

/** The task in the run's protocol; undefined where its journal does not tell. */
function finalTaskOf(
  configuration: Evaluations['configuration'],
  task: string,
): FinalTask | undefined {
  const { judging } = configuration as { judging?: { finals?: readonly FinalTask[] } }
  return judging?.finals?.find((each) => each.task === task)
}

/** The metric of another task as the configuration tells of it. */
export function otherMetric(configuration: Evaluations['configuration'], task: string): Metric {
  const { otherTasks = [] } = configuration as {
    otherTasks?: readonly { task: string; metric?: unknown }[]
  }
  const { data } = metricSchema.safeParse(otherTasks.find((each) => each.task === task)?.metric)
  return metricOf(data === undefined ? {} : { metric: data })
}

/** How rules rank on several tasks; supplements do not count in the mean. */
export interface Ranking {
  readonly name: string
  /** From 1, the best, on each task; those that are equal, as all that failed are, share their places. */
  readonly ranks: readonly number[]
  readonly mean: number
}

/** The rules of all results by their mean ranks, the best first. */
export function rankings(results: readonly TaskResults[]): readonly Ranking[] {
  const columns = results.map(({ finals, test }) =>
    ranksOf(finals.map((final) => [final.name, standingOf(final, undefined, test).mean?.mean])),
  )
  const names = results[0]?.finals.map(({ name }) => name) ?? []
  return names
    .filter((name) => columns.every((column) => column.has(name)))
    .map((name) => {
      const ranks = columns.map((column) => column.get(name)!)
      const counted = ranks.filter((_, index) => !results[index]!.isSupplement)
      return { name, ranks, mean: counted.reduce((sum, rank) => sum + rank, 0) / counted.length }
    })
    .sort((a, b) => a.mean - b.mean)
}

function ranksOf(
  values: readonly (readonly [name: string, value: number | undefined])[],
): ReadonlyMap<string, number> {
  const known = values.map(([name, value]) => [name, value ?? -Infinity] as const)
  return new Map(
    known.map(([name, own]) => {
      const better = known.filter(([, value]) => value > own).length
      const equal = known.filter(([, value]) => value === own).length
      return [name, better + (equal + 1) / 2]
    }),
  )
}
