import { describe, expect, test } from 'vitest'
import { writeEntry, type Entry, type EntryOf } from '../../src/evolve/journal.ts'
import type { Budget } from '../../src/evolve/search-configuration.ts'
import type { SearchEvent } from '../../src/evolve/search-event.ts'
import { createStages, stepsOf, type Slot, type Stages } from '../../src/evolve/stages.ts'

type Enter = EntryOf<'enter'>

const enter = (index: number): Enter => ({
  kind: 'enter',
  slot: `parent/${index}`,
  of: 'initial/0',
  fitness: { surrogate: 'quick', seed: 1, steps: 10, score: index },
})

interface Setting {
  readonly budget?: Budget
  readonly past?: readonly Entry[]
  readonly concurrency?: number
  readonly minutes?: () => number
}

function setUp({ budget, past = [], concurrency = 3, minutes = () => 0 }: Setting = {}) {
  const entries: Entry[] = []
  const events: SearchEvent[] = []
  const stages = createStages(budget, {
    concurrency,
    past,
    minutes,
    onEvent: (event) => events.push(event),
    write: (entry) => {
      entries.push(entry)
      const recorded = past[entries.length - 1]
      if (recorded !== undefined) expect(writeEntry(entry)).toBe(writeEntry(recorded))
      return recorded !== undefined
    },
  })
  return { stages, entries, events }
}

/** Slots that are filled in an order of their own, and which of them were begun. */
function slotsOf(count: number, onRun: (index: number) => void = () => undefined): Slot<Enter>[] {
  return Array.from({ length: count }, (_, index) => ({
    slot: `parent/${index}`,
    run: async () => {
      onRun(index)
      await new Promise((resolve) => setTimeout(resolve, (index * 5) % 7))
      return enter(index)
    },
  }))
}

const runOf = (stages: Stages, count: number, onRun?: (index: number) => void) =>
  stages.run('a stage', slotsOf(count, onRun), { isBudgeted: true })

describe('a stage', () => {
  test.each([1, 2, 4, 50])(
    'writes its entries in the order of its slots, %i at a time',
    async (concurrency) => {
      const { stages, entries } = setUp({ concurrency })
      let active = 0
      let most = 0
      const slots = slotsOf(20).map(({ slot, run }) => ({
        slot,
        run: async () => {
          most = Math.max(most, ++active)
          const entry = await run()
          active -= 1
          return entry
        },
      }))
      expect(await stages.run('a stage', slots)).toEqual(entries)
      expect(entries).toEqual(slots.map((_, index) => enter(index)))
      expect(most).toBe(Math.min(concurrency, 20))
    },
  )

  test('tells of its beginning and of each entry', async () => {
    const { stages, events } = setUp()
    await runOf(stages, 2)
    expect(events).toEqual([
      { kind: 'stage', name: 'a stage', slots: 2 },
      { kind: 'entry', entry: enter(0), recalled: false },
      { kind: 'entry', entry: enter(1), recalled: false },
    ])
  })

  test('rejects when one of its slots does, and writes nothing after that slot', async () => {
    const { stages, entries } = setUp()
    const slots = slotsOf(5)
    slots[2] = { slot: 'parent/2', run: () => Promise.reject(new Error('closed')) }
    await expect(stages.run('a stage', slots)).rejects.toThrow('closed')
    expect(entries.length).toBeLessThanOrEqual(2)
  })

  test('without slots is over at once', async () => {
    const { stages, entries } = setUp()
    expect(await runOf(stages, 0)).toEqual([])
    expect(entries).toEqual([])
  })
})

describe('a budget in minutes', () => {
  /** A clock that goes on by one minute with every slot that is begun. */
  function timed(budget: number, past: readonly Entry[] = [], spent = 0) {
    let begun = 0
    const run = setUp({ budget: { minutes: budget }, past, minutes: () => spent + begun })
    return { ...run, onRun: () => void (begun += 1) }
  }

  test('ends a stage between two slots, and says where', async () => {
    const { stages, entries, onRun } = timed(8)
    const works = await runOf(stages, 20, onRun)
    expect(works).toEqual(Array.from({ length: 8 }, (_, index) => enter(index)))
    expect(entries.at(-1)).toEqual({ kind: 'stop', stage: 'a stage', begun: 8 })
    expect(stages.isOver()).toBe(true)
  })

  test('does not count for stages that are not part of it', async () => {
    const { stages } = timed(0)
    expect(await stages.run('final evaluation', slotsOf(3))).toHaveLength(3)
  })

  test('ends a run that goes on where it ended the first', async () => {
    const first = timed(8)
    await runOf(first.stages, 20, first.onRun)
    const again = timed(8, first.entries)
    expect(await runOf(again.stages, 20)).toHaveLength(8)
    expect(again.entries).toEqual(first.entries)
    expect(again.stages.isOver()).toBe(true)
  })

  test('does not take back what an earlier process had time for', async () => {
    const past = Array.from({ length: 10 }, (_, index) => enter(index))
    const { stages, entries } = timed(8, past, 30)
    await runOf(stages, 20)
    expect(entries.slice(0, 10)).toEqual(past)
    expect(entries.at(-1)?.kind).toBe('stop')
  })
})

describe('a budget in steps', () => {
  test('is over between stages, not inside one', async () => {
    const { stages, entries } = setUp({ budget: { steps: 100 } })
    await runOf(stages, 9)
    expect(stages.isOver()).toBe(false)
    await runOf(stages, 9)
    expect(stages.isOver()).toBe(true)
    expect(entries).toHaveLength(18)
  })

  test('counts every step that an entry was paid for with', () => {
    const fitness = { surrogate: 'quick', seed: 1, steps: 7 }
    const rejudged = { rule: '', flipped: false, searched: fitness, runs: [fitness, fitness] }
    const rivals = [1, 0.1].map((learningRate) => ({ learningRate, runs: [fitness] }))
    const { rule, flipped, runs } = rejudged
    const evaluated = { rule, flipped, trials: [fitness, fitness], rivals, runs }
    const attempt = {
      rule: '',
      fingerprint: '',
      integrity: { accepted: true, flipped: false, learningRate: 1, loss: 0 },
      fitness,
    }
    const entries: readonly (readonly [Entry, number])[] = [
      [{ kind: 'run', version: '1', configuration: {} }, 0],
      [{ kind: 'work', slot: 'a', rejections: [], attempts: [attempt, attempt] }, 14],
      [{ kind: 'select', particle: 0, timestep: 1, slot: 'a', score: 1 }, 0],
      [
        {
          kind: 'select',
          particle: 0,
          timestep: 1,
          slot: 'a',
          score: 1,
          race: { decided: true, contenders: [{ slot: 'a', runs: [fitness, fitness] }] },
        },
        14,
      ],
      [{ kind: 'stop', stage: 'a', begun: 1 }, 0],
      [{ kind: 'rung', slot: 'a', rung: 1, of: 'b', ...rejudged }, 21],
      [{ kind: 'final', slot: 'a', name: 'adam', ...evaluated }, 42],
      [{ kind: 'ablation', slot: 'a', of: 'best-1', removed: 'g', ...evaluated }, 42],
    ]
    for (const [entry, steps] of entries) expect(stepsOf(entry)).toBe(steps)
  })
})
