import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTally, type Tally } from '../../src/hosts/cli/evolving/search-tally.ts'
import type { JournalFitness } from '../../src/evolve/journal.ts'
import type { SearchEvent } from '../../src/evolve/search-event.ts'
import { configuration, resumedEvents, searchEvents, type TimedEvent } from './search-events.ts'

function tallyOf(events: readonly TimedEvent[]): Tally {
  const { count, read } = createTally(configuration)
  for (const [at, event] of events) count(event, at)
  return read()
}

const events = searchEvents(configuration, 100)
const at = (all: readonly SearchEvent[]): readonly TimedEvent[] =>
  all.map((event, index) => [index, event])
const fitness = (surrogate: string, score: number): JournalFitness => ({
  ...{ surrogate, score, seed: 1, steps: 100 },
})
const rejudged = (searched: JournalFitness, ...scores: readonly number[]) => ({
  ...{ rule: '', flipped: false, searched },
  runs: scores.map((score) => fitness(searched.surrogate, score)),
})

describe('the tally of a search', () => {
  it('is that of the whole however often it was killed, but for what this process did', () => {
    const whole = tallyOf(events)
    fc.assert(
      fc.property(fc.nat(events.length), (count) => {
        const { freshEvaluations, freshSteps, freshWork, freshWorks, stage, ...rest } = tallyOf(
          resumedEvents(events, count),
        )
        expect(rest).toEqual({
          ...whole,
          freshEvaluations: undefined,
          freshSteps: undefined,
          freshWork: undefined,
          freshWorks: undefined,
          stage: undefined,
        })
        const later = events.slice(count)
        expect(freshEvaluations).toBe(later.filter(([, { kind }]) => kind === 'evaluation').length)
        expect(freshWork).toBe(freshSteps)
        expect(freshSteps).toBe(
          later.reduce(
            (sum, [, event]) => sum + (event.kind === 'evaluation' ? event.fitness.steps : 0),
            0,
          ),
        )
        expect(freshWorks).toBe(
          later.filter(([, event]) => event.kind === 'entry' && event.entry.kind === 'work').length,
        )
        expect(stage?.done).toBe(stage?.slots)
      }),
    )
  })

  it('knows what fills the slots of a selection', () => {
    const select = { kind: 'select', timestep: 1, slot: 'particle/0/1/0', score: 0.5 } as const
    const race = tallyOf(
      at([
        { kind: 'stage', name: 'selection of time step 1', slots: 2 },
        { kind: 'entry', entry: { ...select, particle: 0 }, recalled: true },
        { kind: 'entry', entry: { ...select, particle: 1 }, recalled: false },
      ]),
    )
    expect(race.stage).toMatchObject({ done: 2, fresh: 1 })
    const step = tallyOf(
      at([
        { kind: 'stage', name: 'time step 1 of 2', slots: 2 },
        { kind: 'entry', entry: { ...select, particle: 0 }, recalled: false },
      ]),
    )
    expect(step.stage).toMatchObject({ done: 0, fresh: 0 })
  })

  it('compares the scores of one surrogate only, the one that judges now', () => {
    const searched = fitness('wide', 0.9)
    const { best } = tallyOf([
      ...events,
      ...at([
        { kind: 'stage', name: 'rung 1 of 1', slots: 2 },
        {
          ...{ kind: 'entry', recalled: false },
          entry: {
            ...{ kind: 'rung', slot: 'ladder/1/0', rung: 1, of: 'particle/0/3/2' },
            ...rejudged(searched, 0.2, 0.4),
          },
        },
        {
          ...{ kind: 'entry', recalled: false },
          entry: {
            ...{ kind: 'final', slot: 'final/adam', name: 'adam' },
            ...{ rule: '', flipped: false, trials: [], rivals: [], learningRate: 0.1 },
            runs: [fitness('wide', 0.8)],
          },
        },
      ]),
    ])
    expect(best).toMatchObject({ slot: 'particle/0/3/2', mutation: 'arity' })
    expect(best?.score).toBeCloseTo(0.3, 12)
  })

  it('gives a rule no score that failed one of its runs', () => {
    const searched = fitness('wide', 0.9)
    const failed: JournalFitness = { surrogate: 'wide', seed: 2, steps: 9, failure: 'diverged' }
    const rung = (of: string, runs: readonly JournalFitness[]): SearchEvent => ({
      ...{ kind: 'entry', recalled: false },
      entry: { kind: 'rung', slot: `ladder/1/${of}`, rung: 1, of, ...rejudged(searched), runs },
    })
    const { best } = tallyOf(
      at([
        { kind: 'stage', name: 'rung 1 of 1', slots: 2 },
        rung('initial/0', [fitness('wide', 0.8), failed]),
        rung('initial/1', [fitness('wide', 0.2), fitness('wide', 0.4)]),
        rung('initial/2', [failed, failed]),
      ]),
    )
    expect(best?.slot).toBe('initial/1')
  })

  it('counts draws for a rule until that is judged', () => {
    const draw = (slot: string, rejected: number): SearchEvent => ({ kind: 'draw', slot, rejected })
    const begun = [
      { kind: 'stage', name: 'initial rules', slots: 2 },
      draw('initial/0', 100),
      draw('initial/0', 300),
      draw('initial/1', 7),
    ] as const
    expect(tallyOf(at(begun)).drawing).toBe(307)
    const rejections = [{ reason: 'cycle', count: 350 }]
    const judged = tallyOf(
      at([
        ...begun,
        {
          ...{ kind: 'entry', recalled: false },
          entry: { kind: 'work', slot: 'initial/0', rejections, attempts: [] },
        },
      ]),
    )
    expect(judged).toMatchObject({ drawing: 7, rejections: [['cycle', 350]] })
    const stopped = tallyOf(
      at([
        ...begun,
        {
          ...{ kind: 'entry', recalled: false },
          entry: { kind: 'stop', stage: 'initial rules', begun: 0 },
        },
      ]),
    )
    expect(stopped.drawing).toBe(0)
  })

  it('charges a budget with the search alone', () => {
    const evaluation: SearchEvent = {
      ...{ kind: 'evaluation', fitness: fitness('wide', 0.5), recalled: false },
    }
    const { steps, budgetSteps, searching } = tallyOf(
      at([
        { kind: 'stage', name: 'initial rules', slots: 1 },
        evaluation,
        { kind: 'stage', name: 'rung 1 of 2', slots: 1 },
        evaluation,
        { kind: 'stage', name: 'final evaluation', slots: 1 },
        evaluation,
      ]),
    )
    expect({ steps, budgetSteps, searching }).toEqual({
      ...{ steps: 300, budgetSteps: 100, searching: false },
    })
  })
})
