import { describe, expect, it } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import type { Evaluated, Final, Work } from '../../src/evolve/journal.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { outcomePage } from '../../src/report/outcome-page.ts'
import { baselineUnits, inTurns, type Compared } from '../../src/study/baselines.ts'
import { baselinesOutcome } from '../../src/study/baselines-outcome.ts'
import { armsOf, CHECKED, UNCHECKED, type Searched } from '../../src/study/filters.ts'
import { filtersOutcome } from '../../src/study/filters-outcome.ts'
import type { Outcome, OutcomeTable } from '../../src/study/outcome.ts'
import { surrogateUnits, type Ranked } from '../../src/study/surrogates.ts'
import { surrogatesOutcome } from '../../src/study/surrogates-outcome.ts'
import { readMarkup } from '../report/markup.ts'
import { loader, source } from '../stdlib/library.ts'

const table = ({ tables }: Outcome, title: string): OutcomeTable =>
  tables.find((each) => each.title === title)!

const run = (seed: number, score: number | undefined, learningRate = 0.1): Fitness => ({
  ...{ surrogate: 'short', seed, steps: 50, learningRate },
  ...(score === undefined
    ? { failure: 'the loss diverged' }
    : { score, testMetric: score - 0.01, testLoss: 1 }),
})

const sgd = { name: 'sgd', text: source('std/sgd').text, flipped: false }

describe('surrogates', () => {
  const grounds = ['a:short', 'b:long'].map((name) => ({
    ...{ name, task: name.slice(0, 1), surrogate: name.slice(2), metric: ACCURACY },
  }))

  it('judge every rule on all of them with seeds of their own', async () => {
    const asked: (FitnessRequest & { task: string })[] = []
    const [unit] = surrogateUnits([sgd], grounds, 4, 3)
    const { found } = await unit!.run((task, request) => {
      asked.push({ task, ...request })
      return Promise.resolve(run(request.seed, 0.5))
    })
    expect(found.map((runs) => runs.length)).toEqual([3, 3])
    expect(asked.map(({ task, surrogate }) => `${task}:${surrogate}`).sort()).toEqual([
      ...['a:short', 'a:short', 'a:short', 'b:long', 'b:long', 'b:long'],
    ])
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(6)
    expect(asked.every(({ learningRate }) => learningRate === undefined)).toBe(true)
  })

  const ranked: readonly Ranked[] = Array.from({ length: 8 }, (_, rule) => ({
    rule: `rule ${rule}`,
    found: [
      [run(1, 0.4 + 0.05 * rule, 0.1), run(2, 0.42 + 0.05 * rule, rule < 2 ? 0.01 : 0.1)],
      // The other way round, and the last one fails.
      [run(1, 0.9 - 0.1 * rule), rule === 7 ? run(2, undefined) : run(2, 0.9 - 0.1 * rule)],
    ],
  }))
  const outcome = surrogatesOutcome(ranked, {
    ...{ grounds, protocol: 'sketch', scale: 1, seed: 4, seeds: 2, rules: 9 },
    backends: ['wasm', 'wasm'],
  })

  it('are told by how they order the rules, and by how they repeat themselves', () => {
    const { rows } = table(outcome, 'Rank correlations')
    expect(rows.map(([from, to, , rho]) => [from, to, rho!.slice(0, 5)])).toEqual([
      ['a:short', 'b:long', '-1.00'],
      ['a:short', 'itself, other seeds', '1.00 '],
      ['b:long', 'itself, other seeds', '1.00 '],
    ])
  })

  it('carry the error of the chosen learning rate', () => {
    const [a, b] = table(outcome, 'Error of one evaluation and of its learning rate').rows
    // Two points between the seeds of each rule.
    expect(a).toEqual(['a:short', '0 of 16', '1.41', '2 of 8', '100'])
    expect(b).toEqual(['b:long', '1 of 16', '0.00', '0 of 8', '100'])
    const { rows } = table(outcome, 'Rules')
    expect(rows[0]).toEqual(['rule 0', '41.00 ± 12.71 %', '0.1, 0.01', '90.00 ± 0.00 %', '0.1'])
    expect(rows.at(-1)![3]).toBe('the loss diverged')
  })
})

/** A rule tuned on two seeds, of which the chosen rate is the better one by `lead`, then run on three. */
const evaluated = (mean: number, lead: number): Evaluated => ({
  ...{ rule: sgd.text, flipped: false, trials: [run(1, 0.2)], learningRate: 0.1 },
  rivals: [0, 1].map((rival) => ({
    learningRate: 10 ** -(rival + 1),
    runs: [run(10, mean - rival * lead), run(11, mean - rival * lead + 0.001)],
  })),
  runs: [0, 1, 2].map((seed) => run(20 + seed, mean + 0.001 * seed)),
})

describe('baselines', () => {
  it('are tuned and run on every task as finalists are', async () => {
    const asked = new Map<string, FitnessRequest[]>()
    const [unit] = baselineUnits([{ ...sgd, isPublished: false }], {
      ...{ tasks: ['a', 'b'], surrogate: findProtocol('sketch')!.evolution, seed: 1 },
      ...{ finalSeeds: 3, rateSeeds: 2, loader },
    })
    const { on } = await unit!.run((task, request) => {
      asked.set(task, [...(asked.get(task) ?? []), request])
      const { seed, learningRate, isTrial = false } = request
      return Promise.resolve(
        run(seed, 1 - Math.abs(Math.log10(learningRate!) + 1) / 10 - (isTrial ? 0.1 : 0)),
      )
    })
    expect(on.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.1])
    for (const { trials, rivals, runs } of on) {
      expect(trials.length).toBe(2 * 7)
      expect(rivals.every((rival) => rival.runs.length === 2)).toBe(true)
      expect(runs.length).toBe(3)
    }
    const seedsOn = (task: string): Set<number> => new Set(asked.get(task)!.map(({ seed }) => seed))
    expect([...seedsOn('a')].filter((seed) => seedsOn('b').has(seed))).toEqual([])
  })

  it('come in turns with what they are compared with', () => {
    const named = (name: string, isPublished: boolean) => ({ ...sgd, name, isPublished })
    const order = inTurns(
      ['p1', 'p2'].map((name) => named(name, true)),
      ['a', 'b', 'c', 'd'].map((name) => named(name, false)),
    ).map(({ name }) => name)
    expect(order).toEqual(['a', 'p1', 'b', 'c', 'p2', 'd'])
  })

  const compared: readonly Compared[] = [
    { rule: 'ours', isPublished: true, on: [evaluated(0.8, 0.1), evaluated(0.5, 0.1)] },
    { rule: 'worse', isPublished: false, on: [evaluated(0.7, 0.1), evaluated(0.6, 0.1)] },
    { rule: 'best', isPublished: false, on: [evaluated(0.75, 0.1), evaluated(0.7, 0)] },
  ]
  const outcome = baselinesOutcome(compared, {
    tasks: ['a', 'b'].map((name) => ({ name, metric: ACCURACY, backend: 'cpu' })),
    ...{ protocol: 'sketch', surrogate: 'short', scale: 1, seed: 1 },
    ...{ finalSeeds: 3, rateSeeds: 2, rules: 3 },
  })

  it('are ranked, the published ones compared with the best of the others', () => {
    const [first, second, third] = table(outcome, 'a').rows
    expect([first![0], second![0], third![0]]).toEqual(['ours', 'best', 'worse'])
    expect(first![4]).toMatch(/^\+5\.00 ± 0\.0/)
    expect(first!.at(-1)).toBe('better')
    expect(second![4]).toBe('reference')
    expect(table(outcome, 'b').rows.at(-1)!.slice(-1)).toEqual(['worse'])
    expect(table(outcome, 'Places').rows.map(([rule, , mean]) => [rule, mean])).toEqual([
      ['best', '1.5'],
      ['ours', '2.0'],
      ['worse', '2.5'],
    ])
    expect(outcome.lead).toContain('on a 1 of them are clearly better than best')
  })

  it('say how sure the choice of the learning rate is', () => {
    const chosen = table(outcome, 'a').rows.map((row) => row[5])
    expect(chosen).toEqual(['100 %', '100 %', '100 %'])
  })
})

describe('tests before training', () => {
  const work = (slot: string, score: number | undefined, thrown: number): Work => ({
    ...{ kind: 'work', slot },
    rejections: thrown === 0 ? [] : [{ reason: 'integrity', count: thrown }],
    attempts: [
      {
        ...{ rule: sgd.text, fingerprint: slot, fitness: run(1, score) },
        integrity: { accepted: true, flipped: false, loss: 1 },
      },
    ],
  })
  const final = (mean: number): Final => ({
    ...{ kind: 'final', slot: 'final/best-1', name: 'best-1', of: 'initial/0', score: mean },
    ...evaluated(mean, 0.1),
  })
  const searched = (arm: string, seed: number, mean: number, failures: number): Searched => ({
    ...{ arm, seed, selections: [], finals: [final(mean)], steps: 500 },
    works: Array.from({ length: 4 }, (_, index) =>
      work(`initial/${index}`, index < failures ? undefined : 0.5, arm === UNCHECKED ? 0 : 3),
    ),
  })
  const arms = armsOf(['signs', 'all'], ['signs', 'cosine'])
  const outcome = filtersOutcome(
    [1, 2].flatMap((seed) => [
      searched(CHECKED, seed, 0.7 + 0.02 * seed, 1),
      searched(UNCHECKED, seed, 0.65 + 0.03 * seed, 2),
    ]),
    {
      ...{ task: 'a', metric: ACCURACY, backend: 'cpu', protocol: 'sketch', scale: 1, arms },
      ...{ space: 'published', searches: 2, seed: 1, budget: '5 min', extent: '4 drawn' },
    },
  )

  it('are none, the check, and the check with a filter each', () => {
    expect(arms).toEqual([
      { name: 'integrity', isChecked: true, filters: [] },
      { name: 'none', isChecked: false, filters: [] },
      { name: 'integrity, signs', isChecked: true, filters: ['signs'] },
      { name: 'integrity, all', isChecked: true, filters: ['signs', 'cosine'] },
    ])
  })

  it('are told by what searches found, paired by seed', () => {
    const [check, none, signs] = table(outcome, 'What searches found').rows
    expect(check!.slice(0, 2)).toEqual(['integrity', '2'])
    expect(check![3]).toBe('reference')
    // Differences of -4 and -3 points.
    expect(none![3]).toBe('-3.50 ± 6.35')
    expect(signs![1]).toBe('0')
    const rows = table(outcome, 'The best rule of each search').rows
    expect(rows.filter(([arm]) => arm === 'none').map((row) => row.at(-1))).toEqual([
      ...['worse', 'worse'],
    ])
  })

  it('are told by what was trained in vain', () => {
    const [check, none] = table(outcome, 'What they trained').rows
    expect(check!.slice(1)).toEqual(['24', '8', expect.stringMatching(/^0\.25 \(/), '1,000', '100'])
    expect(none!.slice(1)).toEqual(['0', '8', expect.stringMatching(/^0\.50 \(/), '1,000', '200'])
  })

  it('make a page that is whole', () => {
    const page = outcomePage(outcome, 'optc study integrity')
    expect(() => readMarkup(page)).not.toThrow()
    for (const { title } of outcome.tables) expect(page).toContain(title)
    for (const remark of outcome.remarks) expect(page).toContain(remark.slice(0, 40))
  })
})
