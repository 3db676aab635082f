import { beforeAll, describe, expect, test } from 'vitest'
import type { Fitness } from '../../src/evolve/fitness.ts'
import { evaluationsOf, type EntryOf } from '../../src/evolve/journal.ts'
import type { SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import type { Protocol, Surrogate } from '../../src/tasks/protocol.ts'
import { published } from '../mutate/published.ts'
import {
  baselines,
  configuration,
  protocol,
  racing,
  run,
  workOf,
  type Run,
} from './made-up-search.ts'

describe('racing', () => {
  let raced: Run
  beforeAll(async () => {
    raced = await run({ configuration: { ...racing, particles: 3, timesteps: 6, children: 4 } })
  })
  const selections = (): EntryOf<'select'>[] =>
    raced.entries.filter((entry) => entry.kind === 'select')
  const races = () =>
    selections().flatMap(({ race, ...rest }) => (race ? [{ ...race, ...rest }] : []))
  const before = ({ particle, timestep }: EntryOf<'select'>): EntryOf<'select'> | undefined =>
    selections().find((other) => other.particle === particle && other.timestep === timestep - 1)
  const meanOf = (runs: readonly Fitness[]): number =>
    runs.reduce((sum, { score }) => sum + score!, 0) / runs.length

  test('runs the parent and its best children on seeds that nothing else was run with', () => {
    const seeds = new Set<number>()
    expect(selections()).toHaveLength(18)
    expect(races().length).toBeGreaterThan(5)
    for (const selection of selections()) {
      const { particle, timestep, race } = selection
      if (race === undefined) continue
      const [parent, ...children] = race.contenders
      const former = before(selection)
      if (former !== undefined) expect(parent!.slot).toBe(former.slot)
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
  })

  test('spends nothing where no child is above what is known of the parent', () => {
    const children = (particle: number, timestep: number): readonly number[] =>
      workOf(raced.entries)
        .filter(({ slot }) => slot.startsWith(`particle/${particle}/${timestep}/`))
        .flatMap(({ attempts }) => attempts.at(-1)?.fitness.score ?? [])
    let spared = 0
    for (const selection of selections()) {
      const former = before(selection)
      if (former === undefined) continue
      const best = Math.max(...children(selection.particle, selection.timestep))
      expect(selection.race !== undefined).toBe(best > former.score)
      if (selection.race !== undefined) continue
      spared += 1
      expect(selection).toMatchObject({ slot: former.slot, score: former.score })
    }
    expect(spared).toBeGreaterThan(0)
  })

  test('keeps the parent unless a child was better on those seeds', () => {
    const changed = races().filter(({ contenders, slot }) => slot !== contenders[0]!.slot)
    expect(changed.length).toBeGreaterThan(0)
    for (const { contenders, slot, score } of changed) {
      const winner = contenders.find((contender) => contender.slot === slot)!
      expect(score).toBe(meanOf(winner.runs))
      const parent = contenders[0]!.runs
      if (parent.every((run) => run.score !== undefined))
        expect(score).toBeGreaterThan(meanOf(parent))
    }
  })

  test('the rules that raced come first, by their mean over fresh seeds', () => {
    const contenders = new Set(races().flatMap((race) => race.contenders.map(({ slot }) => slot)))
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
    for (const final of finals)
      for (const run of evaluationsOf(final)) expect(run.surrogate).toBe(surrogate)
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

describe('other tasks', () => {
  const [first, second] = protocol.ladder
  const named = (name: string): Surrogate => ({ ...protocol.evolution, name })
  const several: Protocol = {
    ...protocol,
    ladder: [
      { ...first!, surrogate: named('here') },
      { ...second!, surrogate: named('there'), task: 'perplexity' },
    ],
    finals: [
      { stage: 'fine-tuning', task: 'flowers', surrogate: named('flowers') },
      { stage: 'supplement', task: 'words', surrogate: named('words'), isSupplement: true },
    ],
  }
  let climbed: Run
  beforeAll(async () => {
    climbed = await run({ protocol: several, configuration: { ladder: true, initial: 12 } })
  })
  const mean = (runs: readonly Fitness[]): number =>
    runs.reduce((sum, { score }) => sum + score!, 0) / runs.length

  test('of a rung put rules in order, and leave them the scores of their search', () => {
    const rungs = climbed.entries.filter((entry) => entry.kind === 'rung')
    const [here, there] = [1, 2].map((number) => rungs.filter(({ rung }) => rung === number))
    expect(there!.length).toBeGreaterThan(1)
    const passed = there!.filter(({ runs }) => runs.every(({ score }) => score !== undefined))
    const order = passed.sort((a, b) => mean(b.runs) - mean(a.runs)).map(({ of }) => of)
    const { best } = climbed.result
    expect(best.slice(0, order.length).map(({ slot }) => slot)).toEqual(order)
    for (const { slot, score, fitness } of best.slice(0, order.length)) {
      expect(score).toBe(mean(here!.find(({ of }) => of === slot)!.runs))
      expect(fitness.surrogate).toBe('here')
    }
  })

  test('have the final table made once more, tuned anew, after that of the search', () => {
    const { finals, transfers, ablations } = climbed.result
    for (const final of finals)
      for (const each of evaluationsOf(final)) expect(each.surrogate).toBe('here')
    expect(transfers.map(({ task, name }) => [task, name])).toEqual(
      ['flowers', 'words'].flatMap((task) => finals.map(({ name }) => [task, name])),
    )
    for (const { task, name, rule, rivals, runs, ...rest } of transfers) {
      const final = finals.find((each) => each.name === name)!
      expect(rule).toBe(final.rule)
      for (const each of evaluationsOf({ rivals, runs, ...rest })) expect(each.surrogate).toBe(task)
      expect(runs.map(({ seed }) => seed)).toEqual(
        runs.length === 0 ? [] : final.runs.map(({ seed }) => seed),
      )
      if (runs.length > 0) expect(rivals.length).toBeGreaterThan(1)
    }
    const kinds = climbed.entries.map(({ kind }) => kind)
    expect(kinds.indexOf('transfer')).toBe(kinds.lastIndexOf('ablation') + 1)
    expect(ablations.length).toBeGreaterThan(0)
  })

  test('give the same journal whatever is judged at a time, and from any place of it', async () => {
    const change = { protocol: several, configuration: { ladder: true, initial: 12 } } as const
    expect((await run({ ...change, concurrency: 1 })).entries).toEqual(climbed.entries)
    const past = climbed.entries.slice(0, -3)
    expect((await run({ ...change, past })).entries).toEqual(climbed.entries)
  })

  test('are not looked at where the ladder is not climbed', async () => {
    const { result, requests } = await run({ protocol: several })
    expect(result.transfers).toEqual([])
    expect(new Set(requests.map(({ surrogate }) => surrogate))).toEqual(
      new Set([protocol.initial.name]),
    )
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
  for (const { fitness, slot } of result.best)
    expect([slot, fitness.surrogate]).toEqual([slot, 'other'])
})
