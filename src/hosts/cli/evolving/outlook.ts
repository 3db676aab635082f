import { requestOf } from '../../../evolve/context.ts'
import type { Protocol } from '../../../tasks/protocol.ts'
import { formatDuration } from '../progress.ts'
import { expectedWork, type ExpectedPart, type Extent } from './expected-work.ts'
import type { Pool } from './pool.ts'

/** Steps that the pace is measured over. */
const STEPS = 10
/** Runs of one epoch and of two: what they differ by is an epoch without what every run costs. */
const EPOCHS = [1, 2] as const

const nameOf = (epochs: number): string => `pace, ${epochs} of ${STEPS} steps`

/** The protocol with the short runs that `measurePace` asks for, which nothing climbs to. */
export function withPace(protocol: Protocol): Protocol {
  const runs = EPOCHS.map((epochs) => ({
    surrogate: {
      ...protocol.evolution,
      ...{ name: nameOf(epochs), probe: [], epochs, epochSteps: STEPS },
    },
    entrants: 0,
    seeds: 0,
  }))
  return { ...protocol, ladder: [...protocol.ladder, ...runs] }
}

/**
 * Milliseconds that one process takes for a training step of the evolution's surrogate, validation included, measured with a
 * rule of the library; undefined where that fails. The pool works under `withPace` of the protocol.
 */
export async function measurePace(
  pool: Pool,
  rule: string,
  now: () => number,
): Promise<number | undefined> {
  const times: number[] = []
  // The first run is slow: code is compiled and memory grows.
  for (const epochs of [EPOCHS[0], ...EPOCHS]) {
    const before = now()
    const { failure } = await pool.judge(
      requestOf(rule, false, { surrogate: nameOf(epochs), seed: 0, learningRate: 1e-3 }),
    )
    if (failure !== undefined) return undefined
    times.push(now() - before)
  }
  const pace = (times[2]! - times[1]!) / STEPS
  return pace > 0 ? pace : undefined
}

/** What a search will do, and how long that takes at most at that pace, a line each. */
export function outlookLines(
  extent: Extent,
  pace: number | undefined,
  workers: number,
): readonly string[] {
  const { configuration, protocol, given, baselines } = extent
  const { initial, particles, children, timesteps, budget, finalists, finalSeeds } = configuration
  const count = (number: number, noun: string): string =>
    `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
  const begins = [
    ...(given > 0 ? [count(given, 'given rule')] : []),
    ...(initial > 0 ? [count(initial, 'random rule')] : []),
  ].join(' and ')
  const others = configuration.ladder ? (protocol.finals?.length ?? 0) : 0
  const rules = initial + given + particles * children * timesteps
  const what = [
    begins,
    ...(timesteps > 0
      ? [
          `then ${count(timesteps, 'time step')} of ${count(particles, 'particle')} with ${children === 1 ? '1 child' : `${children} children`} each: ${count(rules, 'rule')} in all`,
        ]
      : []),
    ...(configuration.ladder ? ['the ladder'] : []),
    `at the end the best ${finalists} and ${count(baselines, 'known optimizer')} on ${count(finalSeeds, 'fresh seed')}`,
    ...(others > 0 ? [`then the same on ${count(others, 'other task')}`] : []),
  ].join('; ')
  const end = 'Ctrl-C ends it at any time, and it can go on from there'
  if (pace === undefined) return [what, end]
  const parts = Object.values(expectedWork(extent))
  const timeOf = (some: readonly ExpectedPart[]): number =>
    some.reduce((sum, { slots, steps }) => sum + slots * steps, 0) * (pace / workers)
  const isTimed = budget !== undefined && 'minutes' in budget
  const all = timeOf(parts.filter(({ isBudgeted }) => isBudgeted))
  const after = formatDuration(timeOf(parts.filter((part) => !part.isBudgeted)) / 1000)
  const search = isTimed
    ? `the budget of ${formatDuration(60 * budget.minutes)}`
    : `at most about ${formatDuration(all / 1000)}`
  return [
    what,
    `${search}, and about ${after} for the end; rules that fail early take less. ${end}`,
  ]
}
