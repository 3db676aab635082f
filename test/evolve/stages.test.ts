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
  readonly pause?: () => Promise<boolean>
}

function setUp({ budget, past = [], concurrency = 3, minutes = () => 0, pause }: Setting = {}) {
  const entries: Entry[] = []
  const events: SearchEvent[] = []
  const stages = createStages(budget, {
    concurrency,
    past,
    minutes,
    ...(pause && { pause }),
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
          const entry = await run(() => Promise.resolve(true))
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

/** Slots that need so many draws before they can be filled, and what was prepared and run, in order. */
function drawnSlots(
  draws: readonly number[],
  onDraw: () => void = () => undefined,
): { readonly slots: readonly Slot<Enter>[]; readonly log: string[] } {
  const log: string[] = []
  const slots = slotsOf(draws.length, (index) => log.push(`run ${index}`)).map(
    (each, index): Slot<Enter> => ({
      ...each,
      prepare: async (goesOn) => {
        for (let rejected = 1; rejected <= draws[index]!; rejected++) {
          onDraw()
          if (!(await goesOn(rejected))) return false
        }
        log.push(`prepared ${index}`)
        return true
      },
    }),
  )
  return { slots, log }
}

describe('slots that are prepared', () => {
  test.each([1, 2, 4, 50])('are so one at a time, in their order, %i at a time', async (count) => {
    const { stages, entries } = setUp({ concurrency: count })
    const { slots, log } = drawnSlots([3, 0, 5, 1, 0, 0, 2, 9, 1])
    await stages.run('a stage', slots)
    expect(log.filter((line) => line.startsWith('prepared'))).toEqual(
      slots.map((_, index) => `prepared ${index}`),
    )
    for (const [index] of slots.entries())
      expect(log.indexOf(`prepared ${index}`)).toBeLessThan(log.indexOf(`run ${index}`))
    expect(entries).toEqual(slots.map((_, index) => enter(index)))
  })

  test('begin when they are drawn: the first does not wait for the others', async () => {
    const { stages } = setUp()
    const { slots, log } = drawnSlots([1, 50, 50])
    await stages.run('a stage', slots)
    expect(log.indexOf('run 0')).toBeLessThan(log.indexOf('prepared 1'))
  })

  test('tell of themselves at every pause', async () => {
    let asked = 0
    const { stages, events } = setUp({
      concurrency: 1,
      // Others have their turn every second time.
      pause: () => Promise.resolve(asked++ % 2 === 1),
    })
    await stages.run('a stage', drawnSlots([4]).slots)
    expect(events.filter(({ kind }) => kind === 'draw')).toEqual([
      { kind: 'draw', slot: 'parent/0', rejected: 1 },
      { kind: 'draw', slot: 'parent/0', rejected: 3 },
    ])
  })

  test('end with the reason of the pause, and nothing of them is written', async () => {
    let asked = 0
    const { stages, entries } = setUp({
      pause: () => (++asked > 20 ? Promise.reject(new Error('ended')) : Promise.resolve(true)),
    })
    const { slots, log } = drawnSlots([1000])
    await expect(stages.run('a stage', slots)).rejects.toThrow('ended')
    expect([log, entries]).toEqual([[], []])
  })

  test('end with a budget, and the one that was being drawn has not begun', async () => {
    const draws = [2, 2, 2, 100, 2]
    let drawn = 0
    const timed = { budget: { minutes: 10 }, minutes: () => drawn }
    const first = setUp(timed)
    const before = drawnSlots(draws, () => (drawn += 1))
    await first.stages.run('a stage', before.slots, { isBudgeted: true })
    expect(drawn).toBe(10)
    expect(first.entries).toEqual([
      ...[0, 1, 2].map(enter),
      { kind: 'stop', stage: 'a stage', begun: 3 },
    ])
    expect(first.stages.isOver()).toBe(true)
    const again = setUp({ ...timed, past: first.entries })
    const after = drawnSlots(draws)
    await again.stages.run('a stage', after.slots, { isBudgeted: true })
    expect(again.entries).toEqual(first.entries)
    expect(after.log).not.toContain('prepared 3')
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
