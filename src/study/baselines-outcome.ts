import { drawIntervals, type IntervalRow } from '../draw/intervals-svg.ts'
import { evaluationsOf, type Evaluated } from '../evolve/journal.ts'
import { ACCURACY, type Metric } from '../tasks/metric.ts'
import type { Compared } from './baselines.ts'
import { testMeasure, type Measure } from './measure.ts'
import { numbers, words, type Drawing, type Outcome, type OutcomeTable } from './outcome.ts'
import { rivalStandings, standingOf, type Standing } from './standing.ts'
import { counted, differenceText, meanText } from './texts.ts'

/** What rules were compared under. */
export interface BaselineFacts {
  readonly tasks: readonly {
    readonly name: string
    readonly metric: Metric | undefined
    readonly backend: string
  }[]
  readonly protocol: string
  readonly surrogate: string
  readonly scale: number
  readonly seed: number
  readonly finalSeeds: number
  readonly rateSeeds: number
  /** Rules asked for, evaluated or not. */
  readonly rules: number
}

/** A rule on one task. */
interface Placed {
  readonly compared: Compared
  readonly evaluated: Evaluated
  readonly standing: Standing
}

/** The rules of one task, the best first. */
interface Ranking {
  readonly task: BaselineFacts['tasks'][number]
  readonly measure: Measure
  readonly placed: readonly Placed[]
  /** The best of the rules that the published ones are compared with. */
  readonly reference: Compared | undefined
}

/** How published rules stand beside others on every task. */
export function baselinesOutcome(compared: readonly Compared[], facts: BaselineFacts): Outcome {
  const rankings = facts.tasks.map((task, index) => rankingOf(compared, task, index))
  return {
    title: 'Published rules beside known optimizers',
    lead: leadOf(compared, rankings),
    facts: [
      ['tasks', facts.tasks.map(({ name }) => name).join(', ')],
      ['protocol', facts.protocol],
      ['surrogate', facts.surrogate],
      ['scale', String(facts.scale)],
      ['rules', `${compared.length} of ${facts.rules}`],
      ['fresh seeds', String(facts.finalSeeds)],
      ['seeds for learning rates', String(facts.rateSeeds)],
      ['seed', String(facts.seed)],
      ['backend', [...new Set(facts.tasks.map(({ backend }) => backend))].join(', ')],
    ],
    tables: [
      ...(rankings.length > 1 ? [placesTable(compared, rankings)] : []),
      ...rankings.map(taskTable),
    ],
    drawings: rankings.map(drawing),
    remarks: [
      'Every rule was tuned in the same way on each task: short runs of the learning rates of the probe, then whole runs of the best two and of their neighbours, a third of a decade apart, on seeds of their own.',
      'Intervals of 95 % over the fresh seeds hold what another choice of the learning rate would have changed.',
      'The reference is the best of many by its mean, which favours it: differences from it are a little too small.',
    ],
  }
}

function rankingOf(
  compared: readonly Compared[],
  task: BaselineFacts['tasks'][number],
  index: number,
): Ranking {
  const all = compared.map((each) => each.on[index]!)
  const measure = testMeasure(all, task.metric ?? ACCURACY)
  const alone = compared.map((each, place) => ({
    each,
    mean: standingOf(all[place]!, undefined, measure).mean?.mean ?? -Infinity,
  }))
  const reference = alone
    .filter(({ each, mean }) => !each.isPublished && mean > -Infinity)
    .sort((a, b) => b.mean - a.mean)[0]?.each
  const placed = alone
    .sort((a, b) => b.mean - a.mean || 0)
    .map(({ each }) => ({
      compared: each,
      evaluated: each.on[index]!,
      standing: standingOf(
        each.on[index]!,
        each === reference ? undefined : reference?.on[index],
        measure,
      ),
    }))
  return { task, measure, placed, reference }
}

/** Tables write as a metric does what may be a loss. */
const writtenAs = ({ task, measure }: Ranking): Metric | undefined =>
  measure.isShare ? (task.metric ?? ACCURACY) : undefined

function leadOf(compared: readonly Compared[], rankings: readonly Ranking[]): string {
  const published = compared.filter(({ isPublished }) => isPublished)
  const sentences = rankings.flatMap(({ task, placed, reference }) => {
    if (reference === undefined) return []
    const own = placed.filter((each) => each.compared.isPublished)
    const better = own.filter(({ standing }) => standing.verdict === 'better').length
    const worse = own.filter(({ standing }) => standing.verdict === 'worse').length
    return [
      `on ${task.name} ${better} of them are clearly better than ${reference.rule}, the best of the others, and ${worse} clearly worse`,
    ]
  })
  const first = `${counted(published.length, 'published rule')} were compared with ${compared.length - published.length} others`
  return sentences.length === 0 ? `${first}.` : `${first}: ${sentences.join('; ')}.`
}

function placesTable(compared: readonly Compared[], rankings: readonly Ranking[]): OutcomeTable {
  const placeOf = (rule: Compared, { placed }: Ranking): number =>
    placed.findIndex((each) => each.compared === rule) + 1
  const rows = compared
    .map((rule) => {
      const places = rankings.map((ranking) => placeOf(rule, ranking))
      return { rule, places, mean: places.reduce((sum, place) => sum + place, 0) / places.length }
    })
    .sort((a, b) => a.mean - b.mean)
  return {
    title: 'Places',
    columns: [
      words('rule'),
      words(''),
      numbers('mean place'),
      ...rankings.map(({ task }) => numbers(task.name)),
    ],
    rows: rows.map(({ rule, places, mean }) => [
      rule.rule,
      rule.isPublished ? 'published' : '',
      mean.toFixed(1),
      ...places.map(String),
    ]),
    note: 'Places by mean test results; those next to each other are often no further apart than chance.',
  }
}

function taskTable(ranking: Ranking): OutcomeTable {
  const { task, measure, placed, reference } = ranking
  const metric = writtenAs(ranking)
  const from = reference === undefined ? '' : `difference: from ${reference.rule}, the same seeds. `
  const steps = placed
    .flatMap(({ evaluated }) => evaluationsOf(evaluated))
    .reduce((sum, run) => sum + run.steps, 0)
  return {
    title: task.name,
    columns: [
      words('rule'),
      words(''),
      ...['lr', measure.name, 'difference', 'lr chosen again'].map(numbers),
      words('remarks'),
    ],
    rows: placed.map(({ compared, evaluated, standing }) => [
      compared.rule,
      compared.isPublished ? 'published' : '',
      String(evaluated.learningRate ?? ''),
      standing.mean === undefined ? '–' : meanText(standing.mean, metric),
      compared === reference ? 'reference' : differenceText(standing.difference, metric),
      chosenAgain(evaluated),
      standing.failure ?? standing.verdict ?? '',
    ]),
    note: `${from}Intervals of 95 %, the choice of the learning rate covered; lr chosen again: in how many resamples of the seeds it was chosen by. ${counted(steps, 'training step')} in all.`,
  }
}

function chosenAgain(evaluated: Evaluated): string {
  const chosen = rivalStandings(evaluated).find(({ isChosen }) => isChosen)
  return chosen === undefined ? '' : `${(100 * chosen.again).toFixed(0)} %`
}

const MOST_ROWS = 24

function drawing(ranking: Ranking): Drawing {
  const { task, measure, placed } = ranking
  // All published ones, and the best of the others.
  const others = placed.filter(({ compared }) => !compared.isPublished)
  const published = placed.length - others.length
  const shown = new Set(others.slice(0, Math.max(6, MOST_ROWS - published)))
  const rows = placed
    .filter((each) => each.compared.isPublished || shown.has(each))
    .map(({ compared, standing }): IntervalRow => ({
      name: compared.rule,
      color: compared.isPublished ? 1 : 0,
      values: standing.values,
      mean: standing.mean?.mean,
      halfWidth: standing.mean?.halfWidth,
      ...(standing.failure !== undefined && { note: standing.failure }),
    }))
  const size = { width: 560, height: 26 * rows.length + 52 }
  return {
    ...size,
    svg: drawIntervals(
      rows,
      {
        label: `${task.name}: ${measure.name}`,
        ...(measure.isShare && { unit: 'percent' as const }),
      },
      { width: size.width, description: `Rules on ${task.name}` },
    ),
    caption: `${task.name}: published rules (orange) and the best of the others (blue); means with 95 % intervals that cover the choice of the learning rate, single runs below them.`,
  }
}
