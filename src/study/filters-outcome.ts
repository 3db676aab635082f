import { drawIntervals, type IntervalRow } from '../draw/intervals-svg.ts'
import type { JournalFitness } from '../evolve/journal.ts'
import { meanInterval } from '../tasks/mean-interval.ts'
import { ACCURACY, type Metric } from '../tasks/metric.ts'
import { CHECKED, type Arm, type Searched } from './filters.ts'
import { testMeasure, type Measure } from './measure.ts'
import { numbers, words, type Drawing, type Outcome, type OutcomeTable } from './outcome.ts'
import { standingOf, type Standing } from './standing.ts'
import { shareOf } from './statistics.ts'
import { differenceText, intervalText, meanText } from './texts.ts'

/** What searches were compared under. */
export interface FilterFacts {
  readonly task: string
  readonly metric: Metric | undefined
  readonly backend: string
  readonly protocol: string
  readonly scale: number
  readonly space: string
  readonly arms: readonly Arm[]
  readonly searches: number
  readonly seed: number
  /** What each search may use, in words. */
  readonly budget: string
  /** How large each search was asked to be, in words. */
  readonly extent: string
}

/** What searches with different tests before training found. */
export function filtersOutcome(searched: readonly Searched[], facts: FilterFacts): Outcome {
  const measure = testMeasure(
    searched.flatMap(({ finals }) => finals),
    facts.metric ?? ACCURACY,
  )
  const metric = measure.isShare ? (facts.metric ?? ACCURACY) : undefined
  return {
    title: 'Searches with and without tests before training',
    lead: leadOf(searched, facts, measure, metric),
    facts: [
      ['task', facts.task],
      ['protocol', facts.protocol],
      ['scale', String(facts.scale)],
      ['space', facts.space],
      ['searches', `${searched.length} of ${facts.arms.length * facts.searches}`],
      ['each', facts.extent],
      ['budget of each', facts.budget],
      ['first seed', String(facts.seed)],
      ['backend', facts.backend],
    ],
    tables: [
      bestTable(searched, facts, measure, metric),
      workTable(searched, facts.arms),
      searchTable(searched, facts.arms, measure, metric),
    ],
    drawings: [drawing(searched, facts, measure)],
    remarks: [
      'Each search goes on until its budget is used up, which is looked at between rules where it is a time and between time steps where it is a number of steps, or until its last time step.',
      'Searches of one seed begin with the same random numbers, but draw other rules as soon as a test rejects one.',
      'The best rule of a search is tuned anew and run on seeds that the search has not seen; its interval of 95 % holds what another choice of the learning rate would have changed.',
      `Without the integrity check no rule is flipped: what only descends with the opposite sign is trained as it is.`,
    ],
  }
}

/** How the best rule of a search did on fresh seeds, beside that of the search with the check alone and the same seed. */
function standing(
  one: Searched,
  searched: readonly Searched[],
  measure: Measure,
): Standing | undefined {
  const [best] = one.finals
  const reference = searched.find(({ arm, seed }) => arm === CHECKED && seed === one.seed)
  return best && standingOf(best, reference === one ? undefined : reference?.finals[0], measure)
}

const bestMean = (one: Searched, measure: Measure): number | undefined =>
  standing(one, [], measure)?.mean?.mean

const ofArm = (searched: readonly Searched[], { name }: Arm): readonly Searched[] =>
  searched.filter(({ arm }) => arm === name)

/** Differences from the check alone, paired by seed. */
function differencesOf(
  arm: Arm,
  searched: readonly Searched[],
  measure: Measure,
): readonly number[] {
  return ofArm(searched, arm).flatMap((one) => {
    const reference = searched.find(({ arm: name, seed }) => name === CHECKED && seed === one.seed)
    const [own, other] = [one, reference].map((each) => each && bestMean(each, measure))
    return own === undefined || other === undefined ? [] : [own - other]
  })
}

function leadOf(
  searched: readonly Searched[],
  { arms, task }: FilterFacts,
  measure: Measure,
  metric: Metric | undefined,
): string {
  const texts = arms
    .filter(({ name }) => name !== CHECKED)
    .flatMap((arm) => {
      const difference = meanInterval(differencesOf(arm, searched, measure))
      return difference === undefined ? [] : [`${arm.name} ${differenceText(difference, metric)}`]
    })
  const first = searched.length === 1 ? '1 search' : `${searched.length} searches`
  return texts.length === 0
    ? `${first} on ${task}.`
    : `${first} on ${task}. What the best rule reaches on fresh seeds, from that with the integrity check alone: ${texts.join('; ')}.`
}

function bestTable(
  searched: readonly Searched[],
  { arms }: FilterFacts,
  measure: Measure,
  metric: Metric | undefined,
): OutcomeTable {
  return {
    title: 'What searches found',
    columns: [words('tests'), ...['searches', `best, ${measure.name}`, 'difference'].map(numbers)],
    rows: arms.map((arm) => {
      const means = ofArm(searched, arm).flatMap((one) => bestMean(one, measure) ?? [])
      return [
        arm.name,
        String(means.length),
        meanText(meanInterval(means), metric),
        arm.name === CHECKED
          ? 'reference'
          : differenceText(meanInterval(differencesOf(arm, searched, measure)), metric),
      ]
    }),
    note: 'Mean over the searches of what their best rule reaches on fresh seeds, and the difference from searches with the check alone, paired by seed; 95 % intervals over the searches (Student), of which each chose its learning rates by itself.',
  }
}

function workTable(searched: readonly Searched[], arms: readonly Arm[]): OutcomeTable {
  return {
    title: 'What they trained',
    columns: [
      words('tests'),
      ...['thrown away', 'trained', 'failed', 'steps', 'of them for failures'].map(numbers),
    ],
    rows: arms.map((arm) => {
      const own = ofArm(searched, arm)
      const works = own.flatMap((one) => one.works)
      const thrown = works
        .flatMap(({ rejections }) => rejections)
        .reduce((sum, { count }) => sum + count, 0)
      const trained = works
        .flatMap(({ attempts }) => attempts)
        .filter(({ like }) => like === undefined)
        .map(({ fitness }) => fitness)
      const failed = trained.filter(({ score }) => score === undefined)
      const share = shareOf(failed.length, trained.length)
      const steps = own.reduce((sum, one) => sum + one.steps, 0)
      return [
        arm.name,
        thrown.toLocaleString('en-US'),
        trained.length.toLocaleString('en-US'),
        share === undefined ? '–' : `${share.value.toFixed(2)} (${intervalText(share.interval)})`,
        steps.toLocaleString('en-US'),
        stepsOf(failed).toLocaleString('en-US'),
      ]
    }),
    note: 'thrown away: draws that a test rejected, that had errors or were known. failed: share of the rules that were trained, with Wilson’s 95 % interval. steps: without the final evaluation.',
  }
}

const stepsOf = (runs: readonly JournalFitness[]): number =>
  runs.reduce((sum, { steps }) => sum + steps, 0)

function searchTable(
  searched: readonly Searched[],
  arms: readonly Arm[],
  measure: Measure,
  metric: Metric | undefined,
): OutcomeTable {
  return {
    title: 'The best rule of each search',
    columns: [
      words('tests'),
      ...['seed', 'lr', measure.name, 'difference'].map(numbers),
      words('remarks'),
    ],
    rows: arms.flatMap((arm) =>
      ofArm(searched, arm).map((one) => {
        const found = standing(one, searched, measure)
        return [
          arm.name,
          String(one.seed),
          String(one.finals[0]?.learningRate ?? ''),
          meanText(found?.mean, metric),
          differenceText(found?.difference, metric),
          found === undefined ? 'it found no rule' : (found.failure ?? found.verdict ?? ''),
        ]
      }),
    ),
    note: 'With 95 % intervals over the fresh seeds that hold the choice of the learning rate; difference: from the search with the check alone and the same seed.',
  }
}

function drawing(
  searched: readonly Searched[],
  { arms, task }: FilterFacts,
  measure: Measure,
): Drawing {
  const rows = arms.map((arm, index): IntervalRow => {
    const values = ofArm(searched, arm).flatMap((one) => bestMean(one, measure) ?? [])
    const mean = meanInterval(values)
    return {
      ...{ name: arm.name, color: index, values, mean: mean?.mean, halfWidth: mean?.halfWidth },
      ...(mean === undefined && { note: 'nothing was found' }),
    }
  })
  const size = { width: 600, height: 26 * rows.length + 52 }
  return {
    ...size,
    svg: drawIntervals(
      rows,
      { label: `${task}: ${measure.name}`, ...(measure.isShare && { unit: 'percent' as const }) },
      { width: size.width, description: 'The best rules of the searches' },
    ),
    caption:
      'What the best rules of the searches reach on fresh seeds: mean over the searches with its 95 % interval, single searches below.',
  }
}
