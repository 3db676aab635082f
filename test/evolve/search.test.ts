import { beforeAll, describe, expect, test } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import { writeEntry, type Entry, type Work } from '../../src/evolve/journal.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { published } from '../mutate/published.ts'
import {
  baselines,
  configuration,
  fitnessOf,
  racing,
  run,
  workOf,
  type Run,
} from './made-up-search.ts'

const textOf = (entries: readonly Entry[]): string[] => entries.map(writeEntry)
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

  test('learning rates are chosen on seeds that neither the search nor the table has', () => {
    const finals = whole.entries.filter((entry) => entry.kind === 'final')
    for (const { trials, rivals, runs, learningRate } of finals.slice(1)) {
      const seedsOf = (fitness: readonly { readonly seed: number }[]): number[] => [
        ...new Set(fitness.map(({ seed }) => seed)),
      ]
      const chosenBy = seedsOf(rivals.flatMap((rival) => rival.runs))
      expect(chosenBy).toHaveLength(configuration.rateSeeds)
      const all = [configuration.seed, ...seedsOf(trials), ...chosenBy, ...seedsOf(runs)]
      expect(new Set(all).size).toBe(all.length)
      for (const rival of rivals) {
        expect(seedsOf(rival.runs)).toEqual(chosenBy)
        for (const run of rival.runs) expect(run.learningRate).toBe(rival.learningRate)
      }
      // The made-up judge likes 0.1 best.
      expect(learningRate).toBe(0.1)
      expect(rivals.map((rival) => rival.learningRate)).toEqual(
        expect.arrayContaining([0.22, 0.1, 0.046]),
      )
      for (const run of runs) expect(run.learningRate).toBe(0.1)
    }
    expect(finals.length).toBeGreaterThan(2)
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

test('finalists that behave alike, up to a factor, take one place', async () => {
  const given = (text: string): Module => adopt(published, parse({ path: 'given.opt', text }).value)
  const rules = [
    'update = lr * sign(g)\n',
    'update = lr * g\n',
    'update = 4 * lr * g\n',
    'update = -2 * g * lr\n',
    'update = lr * erfc(1e-3 * w) * g\n',
    'update = lr * (g - 1e-5 * w)\n',
    'update = lr * (g + 1e-2 * w)\n',
  ]
  const { result } = await run({
    given: rules.map(given),
    configuration: { initial: 0, timesteps: 0, finalists: 3, reuse: 'off' },
    judge: (request) => {
      const { surrogate, seed, learningRate = 0.1, source } = request
      const place = rules.findIndex((rule) => source.text.includes(rule.trim()))
      const score = 1 - 0.1 * place - 0.01 * Math.abs(Math.log10(learningRate) + 1)
      return Promise.resolve({ surrogate, seed, steps: 1, score, learningRate })
    },
  })
  const finalists = result.finals.flatMap(({ of }) => of ?? [])
  expect(finalists).toEqual(['given/0', 'given/1', 'given/6'])
})

test('finalists that do the same to vectors, but not to matrices, take two places', async () => {
  const rules = [
    'update = lr * g / max(norm(g, over = inputs), 1e-6)\n',
    'update = lr * g / max(abs(g), 1e-6)\n',
    'update = 2 * lr * g / max(abs(g), 1e-6)\n',
  ]
  const given = rules.map((text) => adopt(published, parse({ path: 'given.opt', text }).value))
  const { result } = await run({
    given,
    configuration: { initial: 0, timesteps: 0, finalists: 3, reuse: 'off' },
    judge: ({ surrogate, seed, learningRate = 0.1, source }) => {
      const score = 1 - 0.1 * rules.findIndex((rule) => source.text.includes(rule.trim()))
      return Promise.resolve({ surrogate, seed, steps: 1, score, learningRate })
    },
  })
  expect(result.finals.flatMap(({ of }) => of ?? [])).toEqual(['given/0', 'given/1'])
})

test('a rule without a learning rate goes through a search without one', async () => {
  const fixed = parse({ path: 'fixed.opt', text: 'optimizer Fixed() {\n  update = 0.1 * g\n}\n' })
  const { requests, entries, result } = await run({
    given: [adopt(published, fixed.value)],
    configuration: { ...racing, initial: 0, particles: 1, timesteps: 1, finalists: 1 },
    judge: ({ surrogate, seed }) => Promise.resolve({ surrogate, seed, steps: 1, score: 0.5 }),
  })
  const own = requests.filter(({ source }) => source.text.includes('Fixed'))
  expect(own.length).toBeGreaterThan(configuration.finalSeeds)
  for (const request of own) expect(request).not.toHaveProperty('learningRate')
  expect(workOf(entries)[0]!.attempts[0]!.integrity).not.toHaveProperty('learningRate')
  expect(result.finals[0]).toMatchObject({ of: 'given/0', trials: [], rivals: [] })
  expect(result.finals[0]).not.toHaveProperty('learningRate')
  expect(result.finals[0]!.runs).toHaveLength(configuration.finalSeeds)
})
