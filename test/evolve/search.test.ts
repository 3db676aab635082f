import { beforeAll, describe, expect, test } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import { writeEntry, type Entry, type EntryOf, type Work } from '../../src/evolve/journal.ts'
import type { SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import { search, type SearchResult } from '../../src/evolve/search.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { findProtocol, type Protocol } from '../../src/tasks/protocol.ts'
import { published } from '../mutate/published.ts'
import { loader, source } from '../stdlib/library.ts'

const configuration: SearchConfiguration = {
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
}
const racing = { selection: { kind: 'racing', contenders: 2, rounds: 6, confidence: 0.8 } } as const
const protocol = findProtocol('quick')!
const baselines = [{ name: 'sgd', text: source('std/sgd').text }]

/** Judges by the text alone, with some noise from the seed; a quarter of the rules fail. */
function fitnessOf({ source: { text }, seed, surrogate, learningRate }: FitnessRequest): Fitness {
  const random = createRandom(childKey(rootKey(9), text))
  const steps = learningRate === undefined ? 25 : 10
  if (random.chance(0.25)) return { surrogate, seed, steps: 5, failure: 'it failed' }
  const noise = createRandom(childKey(rootKey(seed), text, surrogate)).uniform()
  const score = random.uniform() + 0.1 * noise
  return {
    surrogate,
    seed,
    steps,
    score,
    learningRate: learningRate ?? 0.1,
    testAccuracy: score / 2,
  }
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
  readonly protocol?: Protocol
  readonly concurrency?: number
}

/** A whole search; what `past` holds is recognised, and nothing else may be written in its place. */
async function run({
  past = [],
  judge = (request) => Promise.resolve(fitnessOf(request)),
  given = [],
  configuration: changed,
  protocol: judgedBy = protocol,
  concurrency = 3,
}: Changes = {}): Promise<Run> {
  const entries: Entry[] = []
  const requests: FitnessRequest[] = []
  const result = await search({ ...configuration, ...changed }, given, baselines, {
    space: published,
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

describe.each([
  ['published selection', {}],
  ['racing', racing],
  ['racing, reuse up to a factor and a ladder', { ...racing, reuse: 'scale', ladder: true }],
  ['no reuse', { reuse: 'off' }],
] as const)('with %s a search writes the same journal', (_, changed) => {
  let expected: Run
  beforeAll(async () => {
    expected = await run({ configuration: changed })
  })

  test.each([1, 2, 4, 9])(
    '%i at a time, in whatever order the judge answers',
    async (concurrency) => {
      const judge = unsteady(createRandom(rootKey(concurrency)))
      const { entries, result } = await run({ judge, concurrency, configuration: changed })
      expect(textOf(entries)).toEqual(textOf(expected.entries))
      expect(result).toEqual(expected.result)
    },
  )

  test('after an interruption anywhere', async () => {
    const count = expected.requests.length
    for (const after of [0, 1, 2, 5, Math.floor(count / 2), count - 1]) {
      const known = new Map<string, Fitness>()
      const key = (request: FitnessRequest): string => JSON.stringify(request)
      let asked = 0
      const interrupted = run({
        configuration: changed,
        judge: async (request) => {
          if (asked++ >= after) throw new Error('interrupted')
          known.set(key(request), fitnessOf(request))
          return known.get(key(request))!
        },
      })
      await expect(interrupted).rejects.toThrow('interrupted')
      const paid = new Set<string>()
      const again = await run({
        configuration: changed,
        judge: async (request) => {
          const fitness = known.get(key(request))
          if (fitness === undefined) paid.add(key(request))
          return fitness ?? fitnessOf(request)
        },
      })
      expect(textOf(again.entries)).toEqual(textOf(expected.entries))
      expect(paid.size).toBe(new Set(expected.requests.map(key)).size - known.size)
    }
  })
})

test('another seed gives another journal', async () => {
  const { entries } = await run({ configuration: { seed: 6, timesteps: 0 } })
  expect(textOf(entries)[0]).not.toBe(textOf(whole.entries)[0])
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
        const { seed, surrogate } = request
        return Promise.resolve(isInitial ? fitness : { surrogate, seed, steps: 0, failure: 'no' })
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
    expect(requests.every(({ source: { text } }) => text === baselines[0]!.text)).toBe(true)
  })
})

describe('racing', () => {
  let raced: Run
  beforeAll(async () => {
    raced = await run({ configuration: { ...racing, particles: 3, timesteps: 4, children: 4 } })
  })
  const selections = (): EntryOf<'select'>[] =>
    raced.entries.filter((entry) => entry.kind === 'select')

  test('runs the parent and its best children on seeds that nothing else was run with', () => {
    const seeds = new Set<number>()
    for (const { race, particle, timestep } of selections()) {
      const [parent, ...children] = race!.contenders
      const before = selections().find(
        (other) => other.particle === particle && other.timestep === timestep - 1,
      )
      if (before !== undefined) expect(parent!.slot).toBe(before.slot)
      expect(children.length).toBeLessThanOrEqual(racing.selection.contenders)
      for (const { slot } of children)
        expect(slot.startsWith(`particle/${particle}/${timestep}/`)).toBe(true)
      const own = parent!.runs.map(({ seed }) => seed)
      expect(own.length).toBeGreaterThan(0)
      for (const { runs } of children)
        expect(runs.map(({ seed }) => seed)).toEqual(own.slice(0, runs.length))
      for (const seed of own) {
        expect(seeds.has(seed) || seed === configuration.seed).toBe(false)
        seeds.add(seed)
      }
    }
    expect(selections()).toHaveLength(12)
  })

  test('keeps the parent unless a child was better on those seeds', () => {
    const meanOf = (runs: readonly Fitness[]): number =>
      runs.reduce((sum, { score }) => sum + score!, 0) / runs.length
    const changed = selections().filter(({ race, slot }) => slot !== race!.contenders[0]!.slot)
    expect(changed.length).toBeGreaterThan(0)
    for (const { race, slot, score } of changed) {
      const winner = race!.contenders.find((contender) => contender.slot === slot)!
      expect(score).toBe(meanOf(winner.runs))
      const parent = race!.contenders[0]!.runs
      if (parent.every((run) => run.score !== undefined))
        expect(score).toBeGreaterThan(meanOf(parent))
    }
  })

  test('the rules that raced come first, by their mean over fresh seeds', () => {
    const contenders = new Set(
      selections().flatMap(({ race }) => race!.contenders.map(({ slot }) => slot)),
    )
    const places = raced.result.best.map(({ slot }) => contenders.has(slot))
    expect(places.slice(0, 3)).toEqual([true, true, true])
    expect(raced.result.finals[0]!.of).toBe(raced.result.best[0]!.slot)
  })
})

describe('nothing is paid for twice', () => {
  const given = (text: string): Module => adopt(published, parse({ path: 'given.opt', text }).value)
  const judged = async (texts: readonly string[], reuse: SearchConfiguration['reuse']) => {
    const { entries, requests } = await run({
      given: texts.map(given),
      configuration: { initial: 0, timesteps: 0, finalists: 0, reuse },
      judge: ({ seed, surrogate, learningRate = 0.3 }) =>
        Promise.resolve({ surrogate, seed, steps: 5, score: 1, learningRate }),
    })
    const asked = requests.filter(({ source: { text } }) => text !== baselines[0]!.text)
    return { works: workOf(entries), asked: asked.length }
  }

  test('a rule that does the same as an earlier one gets its result', async () => {
    const { works, asked } = await judged(
      ['update = lr * max(g, w)\n', 'update = max(w, g) * lr\n', 'update = lr * min(g, w)\n'],
      'exact',
    )
    expect(asked).toBe(works.length - 1)
    expect(works[1]!.attempts[0]).toMatchObject({
      like: { slot: 'given/0', factor: 1 },
      fitness: { score: 1, steps: 0, learningRate: 0.3 },
    })
    expect(works[1]!.attempts[0]!.rule).toContain('max(w, g)')
    expect(works[2]!.attempts[0]!.like).toBeUndefined()
  })

  test('up to a factor and a sign, with the learning rate that belongs to it', async () => {
    const rules = ['update = lr * g\n', 'update = -4 * lr * g\n', 'update = lr * g^3\n']
    const { works, asked } = await judged(rules, 'scale')
    expect(asked).toBe(2)
    expect(works[1]!.attempts[0]).toMatchObject({
      integrity: { flipped: true },
      like: { slot: 'given/0', factor: -4 },
      fitness: { score: 1, steps: 0, learningRate: 0.075 },
    })
    expect((await judged(rules, 'exact')).asked).toBe(3)
    expect((await judged(['update = lr * g\n', 'update = g * lr\n'], 'off')).asked).toBe(2)
  })

  test('a failure counts for those like it', async () => {
    const rules = ['update = lr * g\n', 'update = g * lr\n']
    const { entries } = await run({
      given: rules.map(given),
      configuration: { initial: 0, timesteps: 0, finalists: 0 },
      judge: ({ seed, surrogate }) =>
        Promise.resolve({ surrogate, seed, steps: 5, failure: 'the loss diverged' }),
    })
    expect(workOf(entries)[1]!.attempts[0]).toMatchObject({
      like: { slot: 'given/0' },
      fitness: { failure: 'the loss diverged', steps: 0 },
    })
  })
})

describe('the ladder', () => {
  let climbed: Run
  beforeAll(async () => {
    climbed = await run({ configuration: { ladder: true, initial: 12 } })
  })
  const rungs = (rung: number): EntryOf<'rung'>[] =>
    climbed.entries.filter((entry) => entry.kind === 'rung' && entry.rung === rung) as never

  test('takes the best of one rung to the next, and the best of the last to the final table', () => {
    const mean = ({ runs }: EntryOf<'rung'>): number =>
      runs.every(({ score }) => score !== undefined)
        ? runs.reduce((sum, { score }) => sum + score!, 0) / runs.length
        : -Infinity
    const best = (rung: number): string[] =>
      [...rungs(rung)].sort((a, b) => mean(b) - mean(a)).map(({ of }) => of)
    const [first, second] = protocol.ladder
    expect(rungs(1).length).toBeLessThanOrEqual(first!.entrants)
    expect(rungs(2).map(({ of }) => of)).toEqual(best(1).slice(0, second!.entrants))
    const finals = climbed.result.finals.flatMap(({ of }) => of ?? [])
    expect(finals).toEqual(best(2).slice(0, configuration.finalists))
    for (const { searched, runs } of rungs(2))
      for (const { surrogate } of [searched, ...runs])
        expect(surrogate).toBe(second!.surrogate.name)
  })

  test('ends in a table of one surrogate, the same seeds for all', () => {
    const { finals } = climbed.result
    const surrogate = protocol.ladder.at(-1)!.surrogate.name
    for (const { searched, runs } of finals)
      for (const run of [searched, ...runs]) expect(run.surrogate).toBe(surrogate)
    const seeds = finals
      .filter(({ runs }) => runs.length > 0)
      .map(({ runs }) => runs.map(({ seed }) => seed))
    for (const each of seeds) expect(each).toEqual(seeds[0])
  })

  test('takes each finalist apart', () => {
    const { ablations, finals } = climbed.result
    const finalists = finals.flatMap(({ of, name }) => (of === undefined ? [] : [name]))
    expect(new Set(ablations.map(({ of }) => of))).toEqual(new Set(finalists))
    for (const { of, rule } of ablations)
      expect(rule).not.toBe(finals.find(({ name }) => name === of)!.rule)
  })
})

test('where the evolution has a surrogate of its own, particles are judged by it first', async () => {
  const other: Protocol = { ...protocol, evolution: { ...protocol.evolution, name: 'other' } }
  const { entries, result } = await run({ protocol: other })
  const entered = entries.filter((entry) => entry.kind === 'enter')
  expect(entered).toHaveLength(configuration.particles)
  for (const { fitness } of entered) expect(fitness.surrogate).toBe('other')
  for (const { slot, attempts } of workOf(entries))
    for (const { fitness } of attempts)
      expect(fitness.surrogate).toBe(slot.startsWith('initial/') ? protocol.initial.name : 'other')
  for (const { fitness, slot } of result.best) expect([slot, fitness.surrogate]).toEqual([slot, 'other'])
})
