import { drawChart, type Dot } from '../draw/chart-svg.ts'
import { meanInterval } from '../tasks/mean-interval.ts'
import type { Metric } from '../tasks/metric.ts'
import { findProtocol, type Protocol, type Surrogate } from '../tasks/protocol.ts'
import { numbers, words, type Drawing, type Outcome, type OutcomeTable } from './outcome.ts'
import type { LoggedStage } from './published-log.ts'
import { rateErrorOf, type RateError } from './rate-error.ts'
import type { Replicated } from './replication.ts'
import {
  rankCorrelation,
  repeatDeviation,
  separation,
  shareOf,
  type Separation,
  type Share,
} from './statistics.ts'
import { correlationText, counted, differenceText, intervalText, scoreText } from './texts.ts'

/** What a replication was run under, for those who read it. */
export interface ReplicationFacts {
  readonly task: string
  readonly metric: Metric | undefined
  readonly protocol: Protocol
  readonly scale: number
  readonly seed: number
  readonly backend: string
  /** What the images are, where they are not those that the task is named after. */
  readonly data?: string
  /** Rules of the sample, evaluated or not. */
  readonly sample: number
}

/** The task that the log is about. */
export const LOGGED_TASK = 'cifar10'

/** Accuracies of the log are given with four digits; two evaluations of the same rule differ by so much (standard deviation). */
const LOGGED_DEVIATION = 0.0043

const STAGES: readonly LoggedStage[] = ['initial', 'evolution']
const COLOURS: Readonly<Record<LoggedStage, number>> = { initial: 1, evolution: 0 }

/** How what was found compares with what was logged. */
export function replicationOutcome(
  replicated: readonly Replicated[],
  facts: ReplicationFacts,
): Outcome {
  const { metric } = facts
  const rateError = rateErrorOf(replicated.flatMap(choicesOf))
  return {
    title: 'Rules of the published log, evaluated again',
    lead: leadOf(replicated, facts),
    facts: [
      ['task', facts.task],
      ['protocol', facts.protocol.name],
      ['scale', String(facts.scale)],
      ['rules', `${replicated.length} of ${facts.sample}`],
      ['seed', String(facts.seed)],
      ['backend', facts.backend],
    ],
    tables: [
      agreementTable(replicated, metric),
      failureTable(replicated),
      ...(rateError === undefined ? [] : [errorTable(replicated, rateError, metric)]),
      ruleTable(replicated, metric),
    ],
    drawings: [scatter(replicated, metric)],
    remarks: differences(replicated, facts),
  }
}

/** Scores by which rules are ranked: one that failed is below all others. */
const ranked = (score: number | undefined): number => score ?? -Number.MAX_VALUE

function leadOf(replicated: readonly Replicated[], facts: ReplicationFacts): string {
  const apart = separatedFailures(replicated)
  const correlations = STAGES.flatMap((stage) => {
    const rules = loggedUnder(stage, replicated)
    const rho = correlationOf(rules)
    return rho === undefined
      ? []
      : [`${correlationText(rho)} for ${rules.length} of the surrogate ${stage}`]
  })
  return [
    `${counted(replicated.length, 'rule')} of the published log were evaluated again on ${facts.task}, with runs ${facts.scale === 1 ? 'as long as' : `${facts.scale} times as long as`} the published ones.`,
    ...(correlations.length === 0
      ? []
      : [
          `Spearman's rank correlation of the logged and the found accuracies is ${correlations.join(' and ')}.`,
        ]),
    ...(apart === undefined
      ? []
      : [
          `A rule that failed in the log was below one that did not in ${percent(apart.value)} of pairs.`,
        ]),
  ].join(' ')
}

/** Rules with an accuracy logged under that surrogate. */
const loggedUnder = (
  stage: LoggedStage,
  replicated: readonly Replicated[],
): readonly Replicated[] =>
  replicated.filter((each) => each.stage === stage && each.logged !== undefined)

const correlationOf = (rules: readonly Replicated[]): ReturnType<typeof rankCorrelation> =>
  rankCorrelation(rules.map(({ logged, found }) => [ranked(logged), ranked(found.score)] as const))

function agreementTable(
  replicated: readonly Replicated[],
  metric: Metric | undefined,
): OutcomeTable {
  const groups: readonly (readonly [string, readonly Replicated[]])[] = [
    ...STAGES.map(
      (stage) => [`logged accuracy, ${stage}`, loggedUnder(stage, replicated)] as const,
    ),
    ['all with a logged accuracy', replicated.filter(({ logged }) => logged !== undefined)],
    ['evolution, failures lowest', replicated.filter(({ stage }) => stage === 'evolution')],
  ]
  return {
    title: 'Agreement',
    columns: [words('rules'), ...['n', 'Spearman', 'n', 'difference'].map(numbers)],
    rows: groups
      .filter(([, rules]) => rules.length > 0)
      .map(([name, rules]) => {
        const changes = rules.flatMap(({ logged, found }) =>
          logged === undefined || found.score === undefined ? [] : [found.score - logged],
        )
        return [
          name,
          String(rules.length),
          correlationText(correlationOf(rules)),
          String(changes.length),
          differenceText(meanInterval(changes), metric),
        ]
      }),
    note: 'Spearman: rank correlation of the logged and the found accuracy, with the 95 % interval of a bootstrap over the rules. difference: found minus logged, mean over the rules that came through both times and its 95 % interval (Student), in points. Each rule chose its learning rate by a probe of its own, so both intervals hold the error of the choice.',
  }
}

/** Whether rules that failed in the log are found below the others. */
function separatedFailures(replicated: readonly Replicated[]): Separation | undefined {
  // Only the log of the evolution holds failures.
  const evolution = replicated.filter(({ stage }) => stage === 'evolution')
  const [failed, others] = [true, false].map((isFailure) =>
    evolution
      .filter(({ logged }) => (logged === undefined) === isFailure)
      .map(({ found }) => ranked(found.score)),
  )
  return separation(failed!, others!)
}

function failureTable(replicated: readonly Replicated[]): OutcomeTable {
  const count = (loggedFails: boolean, foundFails: boolean): number =>
    replicated.filter(
      ({ logged, found }) =>
        (logged === undefined) === loggedFails && (found.score === undefined) === foundFails,
    ).length
  const row = (name: string, fails: boolean): readonly string[] => [
    name,
    String(count(fails, true)),
    String(count(fails, false)),
    shareText(shareOf(count(fails, fails), count(fails, true) + count(fails, false))),
  ]
  const apart = separatedFailures(replicated)
  return {
    title: 'Failures',
    columns: [words(''), ...['failed here', 'came through here', 'agreement'].map(numbers)],
    rows: [
      row('failed in the log', true),
      row('came through in the log', false),
      [
        'all',
        '',
        '',
        shareText(shareOf(count(true, true) + count(false, false), replicated.length)),
      ],
    ],
    note: `agreement: with Wilson's 95 % interval.${
      apart === undefined
        ? ''
        : ` A rule that failed in the log was below one that did not, both under the surrogate of the evolution, in ${percent(apart.value)} of pairs${apart.interval === undefined ? '' : ` (95 % interval ${apart.interval.map(percent).join(' to ')})`}.`
    }`,
  }
}

/** The choices of learning rates that can be compared. */
function choicesOf({ found, again }: Replicated): Parameters<typeof rateErrorOf>[0] {
  if (again === undefined) return []
  const [first, second] = again.swapped ?? []
  return [
    { own: found, ...(first && { other: first }) },
    { own: again.found, ...(second && { other: second }) },
  ]
}

function errorTable(
  replicated: readonly Replicated[],
  { count, changed, failed, mean, deviation }: RateError,
  metric: Metric | undefined,
): OutcomeTable {
  const pairs = replicated.flatMap(({ found, again }) =>
    found.score === undefined || again?.found.score === undefined
      ? []
      : [[found.score, again.found.score] as const],
  )
  const points = (value: number): string =>
    differenceText({ mean: value, halfWidth: undefined, count: 1 }, metric).replace('+', '')
  const repeated = repeatDeviation(pairs)
  return {
    title: 'Error of one evaluation and of its learning rate',
    columns: [words('what'), ...['n', 'value'].map(numbers)],
    rows: [
      ...(repeated === undefined
        ? []
        : [
            [
              'standard deviation from seed to seed, learning rate chosen anew',
              String(pairs.length),
              points(repeated),
            ],
          ]),
      ['learning rates that another seed chose otherwise', String(count), String(changed)],
      [
        'what the other choice changes, root mean square',
        String(count - failed),
        points(deviation),
      ],
      ['what the other choice changes, mean', String(count - failed), points(mean)],
      ...(failed === 0
        ? []
        : [['runs that failed with the other choice', String(count), String(failed)]]),
    ],
    note: `The first rules of the sample were evaluated with a second seed, and each seed with the other's learning rate. In the log, a rule that was evaluated again differs by ${points(LOGGED_DEVIATION)} (standard deviation).`,
  }
}

function ruleTable(replicated: readonly Replicated[], metric: Metric | undefined): OutcomeTable {
  const sorted = [...replicated].sort((a, b) => ranked(b.logged) - ranked(a.logged))
  const found = ({ score, failure }: Replicated['found']): string =>
    score === undefined ? (failure ?? 'failed') : scoreText(score, metric)
  return {
    title: 'Rules',
    columns: [
      words('rule'),
      words('surrogate'),
      ...['logged', 'found', 'lr', 'again', 'lr'].map(numbers),
    ],
    rows: sorted.map(({ rule, stage, logged, found: first, again }) => [
      rule,
      stage,
      logged === undefined ? 'failed' : `${(100 * logged).toFixed(2)} %`,
      found(first),
      String(first.learningRate ?? ''),
      again === undefined ? '' : found(again.found),
      String(again?.found.learningRate ?? ''),
    ]),
    note: 'again: with a second seed, the learning rate chosen anew.',
  }
}

function scatter(replicated: readonly Replicated[], metric: Metric | undefined): Drawing {
  const known = replicated.filter(({ logged }) => logged !== undefined)
  const scores = replicated.flatMap(({ found }) => found.score ?? [])
  const low = Math.min(...scores, 1)
  const bottom = low - 0.05 * (Math.max(...scores, low) - low)
  const dots = known.map(({ rule, stage, logged, found }): Dot => ({
    at: [logged!, found.score ?? bottom],
    color: COLOURS[stage],
    size: 4,
    ...(found.score === undefined && { hollow: true }),
    title: rule,
  }))
  const unit = metric?.unit === 'share' ? { unit: 'percent' as const } : {}
  const size = { width: 560, height: 300 }
  return {
    width: size.width,
    height: size.height + 60,
    svg: drawChart(
      {
        x: { label: 'logged accuracy', unit: 'percent', round: true },
        y: { label: `found ${metric?.name ?? 'score'}`, ...unit },
        series: [],
        dots,
      },
      {
        ...size,
        id: 'replication',
        description: 'What was found of each rule against what was logged',
        right: 14,
      },
    ),
    caption: `${STAGES.filter((stage) => known.some((each) => each.stage === stage))
      .map((stage) => `${stage === 'initial' ? 'orange' : 'blue'}: ${stage}`)
      .join(
        ', ',
      )}; rings at the lower edge failed here; rules that failed in the log are left out.`,
  }
}

/** What is not as it was published: all that is known of it. */
function differences(
  replicated: readonly Replicated[],
  { task, protocol, scale, seed, data }: ReplicationFacts,
): readonly string[] {
  const published = findProtocol('published')!
  const averaged = replicated.filter(({ rule }) => rule.includes('expMovAvg')).length
  const lengths = (stage: LoggedStage): string =>
    `${stage}: ${lengthText(protocol[stage])} (published: ${lengthText(published[stage])})`
  return [
    ...(scale === 1
      ? []
      : [
          `Everything is ${scale} times as long. ${STAGES.map(lengths).join('; ')}. The accuracies below which runs end and rules fail are smaller by the same factor, so fewer rules fail.`,
        ]),
    ...(task === LOGGED_TASK
      ? []
      : [
          `The task is ${task}, the log's is CIFAR-10: differences of accuracies say nothing, ranks may.`,
        ]),
    ...(data === undefined ? [] : [data]),
    `The published code sets no seeds and never shuffles. Here everything random follows from the seed ${seed}, another for each rule, and every epoch has its own order of the images.`,
    'The 5,000 validation images of CIFAR-10 are the last of the training images; which ones the log used is not known.',
    `The published moving average (expMovAvg) divides by zero on every step; here it is corrected by 1 - 0.95^(t+1). ${counted(averaged, 'rule')} of these ${averaged === 1 ? 'uses' : 'use'} it.`,
  ]
}

function lengthText({ epochs, epochSteps, probe }: Surrogate): string {
  const [round] = probe
  const trial = round === undefined ? 0 : round.epochs * (round.epochSteps ?? epochSteps)
  const count = (steps: number): string => steps.toLocaleString('en-US')
  return `runs of ${count(epochs * epochSteps)} steps, ${count(trial)} for each learning rate of the probe`
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

function shareText(share: Share | undefined): string {
  if (share === undefined) return '–'
  const { count, of, interval } = share
  return `${count} of ${of} (${intervalText(interval)})`
}
