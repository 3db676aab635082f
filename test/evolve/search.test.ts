import { beforeAll, describe, expect, test } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import { writeEntry, type Entry, type Work } from '../../src/evolve/journal.ts'
import { search, type SearchConfiguration, type SearchResult } from '../../src/evolve/search.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { published } from '../mutate/published.ts'
import { loader, source } from '../stdlib/library.ts'

const configuration: SearchConfiguration = {
  seed: 5,
  particles: 2,
  timesteps: 2,
  children: 2,
  initial: 4,
  finalists: 2,
  finalSeeds: 2,
}
const baselines = [{ name: 'sgd', text: source('std/sgd').text }]

/** Judges by the text alone; a quarter of the rules fail. */
function fitnessOf({ source: { text }, seed, learningRate }: FitnessRequest): Fitness {
  const random = createRandom(childKey(rootKey(seed), text))
  const failed = random.chance(0.25) && learningRate === undefined
  if (failed) return { seed, steps: 5, failure: 'it failed' }
  const score = random.uniform()
  return { seed, steps: 10, score, learningRate: learningRate ?? 0.1, testAccuracy: score / 2 }
}

interface Run {
  readonly entries: Entry[]
  readonly requests: FitnessRequest[]
  readonly result: SearchResult
}

interface Changes {
  readonly past?: readonly Entry[]
  readonly judge?: (request: FitnessRequest) => Promise<Fitness>
  readonly given?: readonly Module[]
  readonly configuration?: Partial<SearchConfiguration>
  readonly abortAfter?: number
}

async function run({
  past = [],
  judge,
  given = [],
  configuration: changed,
  abortAfter,
}: Changes = {}): Promise<Run> {
  const entries: Entry[] = []
  const requests: FitnessRequest[] = []
  const controller = new AbortController()
  const result = await search({ ...configuration, ...changed }, given, baselines, {
    space: published,
    loader,
    past,
    signal: controller.signal,
    onEvent: () => undefined,
    write: (entry) => {
      entries.push(entry)
      if (entries.length === abortAfter) controller.abort()
    },
    judge: (request) => {
      requests.push(request)
      return judge === undefined ? Promise.resolve(fitnessOf(request)) : judge(request)
    },
  })
  return { entries, requests, result }
}

const textOf = (entries: readonly Entry[]): string[] => entries.map(writeEntry)
const workOf = (entries: readonly Entry[]): Work[] =>
  entries.filter((entry) => entry.kind === 'work')
const scoreOf = (work: Work | undefined): number | undefined => work?.attempts.at(-1)?.fitness.score

/** A judge that is busy with a few rules at a time and answers out of order. */
function unsteady(random: Random): (request: FitnessRequest) => Promise<Fitness> {
  return (request) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(fitnessOf(request)), random.integer(8))
    })
}

let whole: Run
beforeAll(async () => {
  whole = await run()
})

describe('a search writes the same journal', () => {
  test.each([1, 2])('in whatever order the judge answers (%i)', async (number) => {
    const judge = unsteady(createRandom(rootKey(number)))
    const { entries, result } = await run({ judge })
    expect(textOf(entries)).toEqual(textOf(whole.entries))
    expect(result).toEqual(whole.result)
  })

  test('when it goes on from any part of it', async () => {
    for (let length = 0; length <= whole.entries.length; length += 1) {
      const past = whole.entries.slice(0, length)
      const { entries, result, requests } = await run({ past })
      expect(textOf([...past, ...entries])).toEqual(textOf(whole.entries))
      expect(result).toEqual(whole.result)
      if (length === whole.entries.length) expect(requests).toEqual([])
    }
  })

  test('another one with another seed', async () => {
    const { entries } = await run({ configuration: { seed: 6, timesteps: 0 } })
    expect(textOf(entries)[0]).not.toBe(textOf(whole.entries)[0])
  })
})

describe('an interrupted search', () => {
  test.each([1, 5, 9, 13])(
    'has written the first %i entries and goes on from them',
    async (count) => {
      const judge = unsteady(createRandom(rootKey(count)))
      const first = await run({ judge, abortAfter: count })
      expect(first.result.interrupted).toBe(true)
      // What was complete in that moment may still be written.
      expect(first.entries.length).toBeGreaterThanOrEqual(count)
      expect(textOf(first.entries)).toEqual(textOf(whole.entries.slice(0, first.entries.length)))
      const second = await run({ past: first.entries })
      expect(textOf([...first.entries, ...second.entries])).toEqual(textOf(whole.entries))
    },
  )

  test('asks for nothing more', async () => {
    const { requests } = await run({ abortAfter: 1, judge: unsteady(createRandom(rootKey(3))) })
    expect(requests.length).toBeLessThanOrEqual(configuration.initial)
  })
})

describe('what a search does', () => {
  test('the best initial rules become particles, and the best child of each its successor', () => {
    const works = workOf(whole.entries)
    const initial = works
      .filter(({ slot }) => slot.startsWith('initial/'))
      .flatMap((work) => scoreOf(work) ?? [])
      .sort((a, b) => b - a)
    expect(initial.length).toBeGreaterThanOrEqual(configuration.particles)
    const selections = whole.entries.filter((entry) => entry.kind === 'select')
    expect(selections).toHaveLength(configuration.particles * configuration.timesteps)
    for (const { particle, timestep, slot, score } of selections) {
      const children = works.filter((work) =>
        work.slot.startsWith(`particle/${particle}/${timestep}/`),
      )
      expect(children).toHaveLength(configuration.children)
      expect(score).toBe(Math.max(...children.flatMap((work) => scoreOf(work) ?? [])))
      expect(scoreOf(works.find((work) => work.slot === slot))).toBe(score)
    }
  })

  test('a child is new for its particle', () => {
    const works = workOf(whole.entries)
    for (let particle = 0; particle < configuration.particles; particle++) {
      const prints = works
        .filter(({ slot }) => slot.startsWith(`particle/${particle}/`))
        .flatMap(({ attempts }) => attempts.map(({ fingerprint }) => fingerprint))
      expect(prints.length).toBeGreaterThanOrEqual(configuration.children * configuration.timesteps)
      expect(new Set(prints).size).toBe(prints.length)
    }
  })

  test('a failed child is drawn again, up to three times', () => {
    const children = workOf(whole.entries).filter(({ slot }) => slot.startsWith('particle/'))
    expect(children.some(({ attempts }) => attempts.length > 1)).toBe(true)
    for (const { attempts } of children) {
      expect(attempts.length).toBeLessThanOrEqual(4)
      for (const { fitness } of attempts.slice(0, -1)) expect(fitness.score).toBeUndefined()
      expect(attempts.every(({ mutation }) => mutation !== undefined)).toBe(true)
    }
  })

  test('a particle whose children all fail stays what it is', async () => {
    const { entries } = await run({
      configuration: { timesteps: 1, children: 1, finalists: 0 },
      judge: (request) => {
        const fitness = fitnessOf(request)
        const isInitial = workOf(whole.entries).some(
          ({ slot, attempts }) =>
            slot.startsWith('initial/') && attempts[0]?.rule === request.source.text,
        )
        return Promise.resolve(
          isInitial ? fitness : { seed: request.seed, steps: 0, failure: 'no' },
        )
      },
    })
    const selections = entries.filter((entry) => entry.kind === 'select')
    expect(selections.map(({ slot }) => slot.split('/')[0])).toEqual(['initial', 'initial'])
    const children = workOf(entries).filter(({ slot }) => slot.startsWith('particle/'))
    expect(children.map(({ attempts }) => attempts.length)).toEqual([4, 4])
  })

  test('the best rules come first, each function once', () => {
    const scores = whole.result.best.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const prints = whole.result.best.map(({ attempt }) => attempt.fingerprint)
    expect(new Set(prints).size).toBe(prints.length)
  })

  test('the best and the baselines are run on seeds that nothing was decided with', () => {
    const finals = whole.entries.filter((entry) => entry.kind === 'final')
    expect(finals.map(({ name }) => name)).toEqual(['best-1', 'best-2', 'sgd'])
    const seeds = finals.map(({ runs }) => runs.map(({ seed }) => seed))
    expect(new Set(seeds.flat()).size).toBe(configuration.finalSeeds)
    expect(seeds.flat()).not.toContain(configuration.seed)
    expect(finals[0]!.rule).toBe(whole.result.best[0]!.attempt.rule)
  })
})

describe('given rules', () => {
  const given = (text: string): Module => adopt(published, parse({ path: 'given.opt', text }).value)
  const first = async (text: string): Promise<Run> =>
    run({ given: [given(text)], configuration: { initial: 0, timesteps: 0, finalists: 0 } })

  test('are judged like drawn ones', async () => {
    const { entries, requests } = await first('update = lr * sign(g)\n')
    expect(workOf(entries)[0]).toMatchObject({ slot: 'given/0', rejections: [], attempts: [{}] })
    expect(requests[0]).toMatchObject({ flipped: false, seed: configuration.seed })
  })

  test('are used with the sign that works', async () => {
    const { requests } = await first('update = -lr * g\n')
    expect(requests[0]!.flipped).toBe(true)
  })

  test('are not trained when they cannot work', async () => {
    const { entries, requests } = await first('update = lr\n')
    expect(workOf(entries)[0]).toMatchObject({
      rejections: [{ reason: 'integrity', count: 1 }],
      attempts: [],
    })
    expect(requests.filter(({ source: { path } }) => path === 'candidate.opt')).toEqual([])
  })
})
