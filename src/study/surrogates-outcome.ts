import { drawChart } from '../draw/chart-svg.ts'
import type { Fitness } from '../evolve/fitness.ts'
import { meanInterval } from '../tasks/mean-interval.ts'
import type { Metric } from '../tasks/metric.ts'
import { numbers, words, type Drawing, type Outcome, type OutcomeTable } from './outcome.ts'
import { rankCorrelation, repeatDeviation, type RankCorrelation } from './statistics.ts'
import type { Ground, Ranked } from './surrogates.ts'
import { correlationText, counted, differenceText, meanText } from './texts.ts'

/** What surrogates were compared under. */
export interface SurrogateFacts {
  readonly grounds: readonly (Ground & { readonly metric: Metric | undefined })[]
  readonly protocol: string
  readonly scale: number
  readonly seed: number
  readonly seeds: number
  readonly backends: readonly string[]
  /** Rules asked for, evaluated or not. */
  readonly rules: number
}

/** A rule that failed with any seed is below all others. */
const LOWEST = -Number.MAX_VALUE

/** How well each surrogate's order of the rules predicts that of each later one. */
export function surrogatesOutcome(ranked: readonly Ranked[], facts: SurrogateFacts): Outcome {
  const { grounds } = facts
  const pairs = pairsOf(grounds.length)
  const last = grounds.length - 1
  const predictions = grounds.slice(0, last).flatMap(({ name }, from) => {
    const rho = correlationOf(ranked, from, last)
    return rho === undefined ? [] : [`${name} ${correlationText(rho)}`]
  })
  return {
    title: 'How well surrogates predict each other',
    lead: `${counted(ranked.length, 'rule')} were judged on ${counted(grounds.length, 'surrogate')}. ${
      predictions.length === 0
        ? 'They are too few for a rank correlation.'
        : `Spearman's rank correlation with ${grounds[last]!.name}: ${predictions.join('; ')}.`
    }`,
    facts: [
      ['surrogates', grounds.map(({ name }) => name).join(', ')],
      ['protocol', facts.protocol],
      ['scale', String(facts.scale)],
      ['rules', `${ranked.length} of ${facts.rules}`],
      ['seeds a rule', String(facts.seeds)],
      ['seed', String(facts.seed)],
      ['backend', [...new Set(facts.backends)].join(', ')],
    ],
    tables: [pairTable(ranked, facts, pairs), errorTable(ranked, facts), ruleTable(ranked, facts)],
    drawings: pairs.slice(0, MOST_DRAWINGS).map(([from, to]) => scatter(ranked, facts, from, to)),
    remarks: [
      'Every seed chooses its learning rate anew by the probe of the surrogate, as a search does, so that what seeds differ by holds the error of the choice; intervals over the seeds (Student, 95 %) and over the rules (bootstrap, 95 %) cover it.',
      'Rules that failed with a seed rank lowest on that surrogate.',
    ],
  }
}

const MOST_DRAWINGS = 6

function pairsOf(count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, from) =>
    Array.from({ length: count - from - 1 }, (__, step) => [from, from + step + 1] as const),
  ).flat()
}

/** The mean over the seeds; undefined where one failed. */
function scoreOf(found: readonly Fitness[]): number | undefined {
  const scores = found.flatMap(({ score }) => score ?? [])
  return scores.length === found.length ? meanInterval(scores)?.mean : undefined
}

const rankable = ({ found }: Ranked, ground: number): number => scoreOf(found[ground]!) ?? LOWEST

const correlationOf = (
  ranked: readonly Ranked[],
  from: number,
  to: number,
): RankCorrelation | undefined =>
  rankCorrelation(ranked.map((rule) => [rankable(rule, from), rankable(rule, to)] as const))

/** Of one half of the seeds with the other, on the same surrogate. */
function selfCorrelation(ranked: readonly Ranked[], ground: number): RankCorrelation | undefined {
  return rankCorrelation(
    ranked.flatMap(({ found }) => {
      const runs = found[ground]!
      if (runs.length < 2) return []
      const [one, other] = [0, 1].map((half) => runs.filter((_, run) => run % 2 === half))
      return [[scoreOf(one!) ?? LOWEST, scoreOf(other!) ?? LOWEST] as const]
    }),
  )
}

function pairTable(
  ranked: readonly Ranked[],
  { grounds, seeds }: SurrogateFacts,
  pairs: readonly (readonly [number, number])[],
): OutcomeTable {
  return {
    title: 'Rank correlations',
    columns: [words('surrogate'), words('predicts'), ...['n', 'Spearman'].map(numbers)],
    rows: [
      ...pairs.map(([from, to]) => [
        grounds[from]!.name,
        grounds[to]!.name,
        String(ranked.length),
        correlationText(correlationOf(ranked, from, to)),
      ]),
      ...(seeds < 2
        ? []
        : grounds.map(({ name }, ground) => [
            name,
            'itself, other seeds',
            String(ranked.length),
            correlationText(selfCorrelation(ranked, ground)),
          ])),
    ],
    note: 'With the 95 % interval of a bootstrap over the rules. What one half of the seeds predicts of the other is about as well as any surrogate can be predicted by so few runs.',
  }
}

function errorTable(ranked: readonly Ranked[], { grounds }: SurrogateFacts): OutcomeTable {
  return {
    title: 'Error of one evaluation and of its learning rate',
    columns: [
      words('surrogate'),
      ...['failed', 'from seed to seed', 'other learning rate', 'steps a rule'].map(numbers),
    ],
    rows: grounds.map(({ name, metric }, ground) => {
      const found = ranked.map((rule) => rule.found[ground]!)
      const pairs = found.flatMap((runs) => neighbours(runs))
      const deviation = repeatDeviation(
        pairs.flatMap(([a, b]) =>
          a.score === undefined || b.score === undefined ? [] : [[a.score, b.score] as const],
        ),
      )
      const chosen = pairs.filter(
        ([a, b]) => a.learningRate !== undefined && b.learningRate !== undefined,
      )
      const changed = chosen.filter(([a, b]) => a.learningRate !== b.learningRate).length
      const all = found.flat()
      const steps = all.reduce((sum, run) => sum + run.steps, 0) / Math.max(found.length, 1)
      return [
        name,
        `${all.filter(({ score }) => score === undefined).length} of ${all.length}`,
        deviation === undefined
          ? '–'
          : differenceText({ mean: deviation, halfWidth: undefined, count: 1 }, metric).replace(
              '+',
              '',
            ),
        chosen.length === 0 ? '–' : `${changed} of ${chosen.length}`,
        Math.round(steps).toLocaleString('en-US'),
      ]
    }),
    note: 'from seed to seed: standard deviation of one evaluation, its learning rate chosen anew, in points where scores are shares. other learning rate: how often two seeds of a rule chose different ones.',
  }
}

const neighbours = (runs: readonly Fitness[]): readonly (readonly [Fitness, Fitness])[] =>
  runs.slice(1).map((run, index) => [runs[index]!, run] as const)

function ruleTable(ranked: readonly Ranked[], { grounds }: SurrogateFacts): OutcomeTable {
  const last = grounds.length - 1
  const sorted = [...ranked].sort((a, b) => rankable(b, last) - rankable(a, last))
  return {
    title: 'Rules',
    columns: [words('rule'), ...grounds.flatMap(({ name }) => [numbers(name), words('lr')])],
    rows: sorted.map(({ rule, found }) => [
      rule,
      ...found.flatMap((runs, ground) => {
        const failure = runs.find(({ score }) => score === undefined)
        const scores = runs.flatMap(({ score }) => score ?? [])
        const rates = runs.flatMap(({ learningRate }) => learningRate ?? [])
        return [
          failure === undefined
            ? meanText(meanInterval(scores), grounds[ground]!.metric)
            : (failure.failure ?? 'failed'),
          [...new Set(rates)].join(', '),
        ]
      }),
    ]),
    note: 'Mean over the seeds with its 95 % interval (Student), which covers the choice of the learning rate: each seed made its own.',
  }
}

function scatter(
  ranked: readonly Ranked[],
  { grounds }: SurrogateFacts,
  from: number,
  to: number,
): Drawing {
  const axis = (ground: number): { label: string; unit?: 'percent' } => ({
    label: grounds[ground]!.name,
    ...(grounds[ground]!.metric?.unit === 'share' && { unit: 'percent' }),
  })
  const rho = correlationOf(ranked, from, to)
  const size = { width: 420, height: 240 }
  return {
    width: size.width,
    height: size.height + 56,
    svg: drawChart(
      {
        x: { ...axis(from), round: true },
        y: axis(to),
        series: [],
        dots: ranked.flatMap(({ rule, found }) => {
          const [x, y] = [scoreOf(found[from]!), scoreOf(found[to]!)]
          return x === undefined || y === undefined
            ? []
            : [{ at: [x, y] as const, color: 0, size: 4, title: rule }]
        }),
      },
      {
        ...size,
        id: `surrogates-${from}-${to}`,
        description: `${grounds[to]!.name} against ${grounds[from]!.name}`,
        right: 12,
      },
    ),
    caption: `Rules that came through on both; ρ = ${correlationText(rho)}.`,
  }
}
