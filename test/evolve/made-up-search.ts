import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import type { Entry, Work } from '../../src/evolve/journal.ts'
import type { SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import { search, type SearchResult } from '../../src/evolve/search.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import type { Space } from '../../src/mutate/space/space.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { findProtocol, type Protocol } from '../../src/tasks/protocol.ts'
import { published } from '../mutate/published.ts'
import { loader, source } from '../stdlib/library.ts'

/** A small search. */
export const configuration: SearchConfiguration = {
  seed: 5,
  particles: 2,
  timesteps: 2,
  children: 2,
  initial: 4,
  selection: { kind: 'published' },
  reuse: 'exact',
  filters: [],
  ladder: false,
  finalists: 2,
  finalSeeds: 2,
  rateSeeds: 2,
}
/** What makes it race. */
export const racing = {
  selection: { kind: 'racing', contenders: 2, rounds: 6, confidence: 0.8 },
} as const
export const protocol = findProtocol('quick')!
export const baselines = [{ name: 'sgd', text: source('std/sgd').text }]

const BEST_RATE = 0.1

/** Judges by the text, with some noise from the seed, and by the learning rate; a quarter of the rules fail. */
export function fitnessOf({
  source: { text },
  seed,
  surrogate,
  learningRate,
  isTrial = false,
}: FitnessRequest): Fitness {
  const random = createRandom(childKey(rootKey(9), text))
  const steps = learningRate === undefined ? 25 : isTrial ? 2 : 10
  if (random.chance(0.25)) return { surrogate, seed, steps: 5, failure: 'it failed' }
  const noise = createRandom(childKey(rootKey(seed), text, surrogate)).uniform()
  const decades = Math.abs(Math.log10(learningRate ?? BEST_RATE) - Math.log10(BEST_RATE))
  const score = random.uniform() + 0.1 * noise - 0.1 * decades
  return {
    surrogate,
    seed,
    steps,
    score,
    learningRate: learningRate ?? BEST_RATE,
    ...(!isTrial && { testMetric: score / 2 }),
  }
}

export interface Run {
  readonly entries: Entry[]
  readonly requests: FitnessRequest[]
  readonly result: SearchResult
}

export interface Changes {
  readonly past?: readonly Entry[]
  readonly judge?: (request: FitnessRequest) => Promise<Fitness>
  readonly given?: readonly Module[]
  readonly configuration?: Partial<SearchConfiguration>
  readonly protocol?: Protocol
  readonly concurrency?: number
  readonly space?: Space
}

/** A whole search; what `past` holds is recognised, and nothing else may be written in its place. */
export async function run({
  past = [],
  judge = (request) => Promise.resolve(fitnessOf(request)),
  given = [],
  configuration: changed,
  protocol: judgedBy = protocol,
  concurrency = 3,
  space = published,
}: Changes = {}): Promise<Run> {
  const entries: Entry[] = []
  const requests: FitnessRequest[] = []
  const result = await search({ ...configuration, ...changed }, given, baselines, {
    space,
    loader,
    protocol: judgedBy,
    concurrency,
    past,
    minutes: () => 0,
    onEvent: () => undefined,
    write: (entry) => entries.push(entry) <= past.length,
    judge: (request) => {
      requests.push(request)
      return judge(request)
    },
  })
  return { entries, requests, result }
}

export const workOf = (entries: readonly Entry[]): Work[] =>
  entries.filter((entry) => entry.kind === 'work')
