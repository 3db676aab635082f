import { describe, expect, it } from 'vitest'
import {
  raceOf,
  RIVALS,
  type Race,
  type RaceQuestion,
} from '../../src/hosts/playground/answers/race.ts'
import { readRaceState, writeRaceState } from '../../src/hosts/playground/panes/race-state.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'
import { SURFACES } from '../../src/language/plot/surfaces.ts'

const question: RaceQuestion = {
  ...{ kind: 'race', text: standardLibrary['std/sgd']!, fileName: 'mine.opt' },
  ...{ surface: 'quadratic', steps: 40, values: {} },
}
const never = new AbortController().signal

async function race(change: Partial<RaceQuestion> = {}): Promise<Race> {
  const answer = await raceOf({ ...question, ...change }, never, () => undefined)
  if (answer.kind === 'none') throw new Error(answer.reason)
  return answer
}

describe('a race', () => {
  it('is held by the rule and all rivals from one place, each after the other', async () => {
    const reported: number[] = []
    const answer = await raceOf(question, never, ({ racers }) => reported.push(racers.length))
    expect(reported).toEqual([1, 2, 3, 4])
    expect(answer).toMatchObject({ kind: 'race', name: 'SGD' })
    const { racers, surface } = answer as Race
    expect(racers.map(({ name }) => name)).toEqual(['SGD', 'Adam', 'SGD', 'Lion', 'Muon'])
    expect(racers).toHaveLength(RIVALS.length + 1)
    for (const { path, isTuned } of racers) {
      expect(path.points[0]).toEqual(surface.start)
      expect(path.values.at(-1)).toBeLessThan(path.values[0]!)
      expect(isTuned).toBe(true)
    }
    // Equal rules take equal paths.
    expect(racers[0]!.path).toEqual(racers[2]!.path)
    expect(racers.map(({ isMatrix }) => isMatrix)).toEqual([false, false, false, false, true])
  })

  it('takes the learning rate that is given, and tells the one that it has found', async () => {
    const tuned = await race()
    const found = tuned.racers[0]!.path.learningRate
    const rate = (of: Race) => of.parameters.find(({ name }) => name === 'lr')
    expect(rate(tuned)).toMatchObject({ value: found, initial: found })
    const given = await race({ values: { lr: 0.003 } })
    expect(given.racers[0]).toMatchObject({ isTuned: false, path: { learningRate: 0.003 } })
    expect(rate(given)).toMatchObject({ value: 0.003 })
    // On the quadratic (x² + 20 y²) / 2 each step takes 0.3 % of x.
    const [, [x]] = given.racers[0]!.path.points as [unknown, readonly [number, number]]
    expect(x).toBeCloseTo(-2 * 0.997, 6)
  })

  it('leaves out values that a rule may not have, and names that it lacks', async () => {
    const usual = await race()
    const hostile = { lr: -1, weight_decay: NaN, constructor: 3, toString: 4 }
    expect((await race({ values: hostile })).racers[0]).toEqual(usual.racers[0])
  })

  it('starts where it is told to, within what is drawn', async () => {
    expect((await race({ start: [-1, 0.5] })).surface.start).toEqual([-1, 0.5])
    const { surface } = await race({ start: [1e300, -1e300] })
    expect(surface.start).toEqual([surface.high[0], surface.low[1]].map(Math.fround))
    expect((await race({ surface: 'nothing' })).surface.name).toBe(SURFACES[0]!.name)
  })

  it('ends when it is given up', async () => {
    const controller = new AbortController()
    const text = 'update = lr * g / sqrt(1 + g^2)'
    const running = raceOf({ ...question, text, steps: 1000 }, controller.signal, () => undefined)
    controller.abort()
    await expect(running).rejects.toThrow(/abort/i)
  })

  it('says why there is none', async () => {
    const answer = async (text: string): Promise<unknown> =>
      raceOf({ ...question, text }, never, () => undefined)
    expect(await answer('update = lr *')).toEqual({
      ...{ kind: 'none', reason: 'The program has errors.' },
    })
    expect(await answer('schedule half(t) = 0.5^t')).toEqual({
      ...{ kind: 'none', reason: 'The program declares no optimizer.' },
    })
  })
})

describe('the state of a race in an address', () => {
  it('is what it was', () => {
    const state = { surface: 'beale', steps: 300, values: { lr: 0.1 }, start: [1, 2] as const }
    expect(readRaceState(writeRaceState(state))).toEqual(state)
    expect(writeRaceState(readRaceState(undefined))).toBeUndefined()
  })

  it.each([
    null,
    3,
    'x',
    [],
    { surface: '<script>', steps: 1e9, values: [1], start: [1] },
    { surface: 7, steps: '10', values: { lr: 'x' }, start: [NaN, null] },
  ])('is the first one instead of %j', (given) => {
    expect(readRaceState(given)).toEqual(readRaceState(undefined))
  })
})
