import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createLiveView, type LiveView } from '../../src/hosts/cli/evolving/live-view.ts'
import type { World } from '../../src/hosts/cli/world.ts'
import type { SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { createScreen } from './screen.ts'
import { configuration, resumedEvents, searchEvents, type TimedEvent } from './search-events.ts'

interface ViewOptions {
  /** Undefined when standard error is no terminal. */
  readonly columns?: number
  readonly rows?: number
  readonly env?: World['env']
  readonly configuration?: SearchConfiguration
  readonly spentBefore?: number
}

/** A view with a clock of its own, and all that it writes, piece by piece. */
function createView(options: ViewOptions): {
  readonly view: LiveView
  readonly pieces: readonly string[]
  readonly wait: (until: number) => void
  readonly play: (events: readonly TimedEvent[]) => void
} {
  let now = 0
  const pieces: string[] = []
  const { columns, rows, env = { NO_COLOR: '1' }, spentBefore = 0 } = options
  const isTerminal = columns !== undefined
  const stderr = { write: (text: string) => void pieces.push(text), isTerminal, columns, rows }
  const world: World = {
    ...{ cwd: '/', env, stderr, stdout: stderr, signal: new AbortController().signal },
    ...{ readStdin: () => Promise.resolve(new Uint8Array()), now: () => now },
  }
  const view = createLiveView(world, {
    ...{ configuration: options.configuration ?? configuration, workers: 2, spentBefore },
    ...{ protocol: findProtocol('quick')!, given: 0, baselines: 1 },
  })
  onTestFinished(view.end)
  return {
    ...{ view, pieces },
    wait: (until) => void (now = until),
    play: (events) => {
      for (const [at, event] of events) {
        now = at
        view.onEvent(event)
      }
    },
  }
}

/** What is on the screen after those events, framed. */
function screenAfter(events: readonly TimedEvent[], options: ViewOptions): string {
  const { view, pieces, play } = createView(options)
  play(events)
  view.end()
  const screen = createScreen(options.columns ?? 1000)
  for (const piece of pieces) screen.write(piece)
  return `${screen.text()}--- summary\n${view.summary()}\n`
}

const golden = (name: string): string => join(import.meta.dirname, 'live-view', `${name}.txt`)
const whole = searchEvents(configuration, 6000)
const quick = searchEvents(configuration, 1000)
const half = whole.slice(0, Math.floor(whole.length / 2))

const large: SearchConfiguration = {
  ...configuration,
  ...{ particles: 50, timesteps: 6, children: 6, initial: 200, budget: { minutes: 60 } },
}
const largeEvents = searchEvents(large, 3000)
const untilStep = (events: readonly TimedEvent[], name: string): readonly TimedEvent[] =>
  events.slice(
    0,
    events.findIndex(([, event]) => event.kind === 'stage' && event.name.startsWith(name)) - 20,
  )

describe('in a terminal', () => {
  it.each<[string, readonly TimedEvent[], ViewOptions]>([
    ['nothing-yet', [], { columns: 80 }],
    ['first-event', whole.slice(0, 1), { columns: 80 }],
    ['half-80', half, { columns: 80 }],
    ['half-40', half, { columns: 40 }],
    ['whole-80', whole, { columns: 80 }],
    ['resumed', resumedEvents(whole, half.length).slice(0, half.length + 10), { columns: 80 }],
    ['just-resumed', resumedEvents(whole, half.length).slice(0, half.length), { columns: 80 }],
    ['failures', searchEvents(configuration, 6000, () => undefined).slice(0, 30), { columns: 80 }],
    [
      'losses',
      searchEvents(
        configuration,
        6000,
        (index, timestep) => -(10 ** -(index % 7)) / (1 + timestep),
      ),
      { columns: 80 },
    ],
    ['fifty', untilStep(largeEvents, 'time step 4'), { columns: 80, configuration: large }],
    ['fifty-40', untilStep(largeEvents, 'time step 4'), { columns: 40, configuration: large }],
    [
      'steps-budget',
      half,
      { columns: 80, configuration: { ...configuration, budget: { steps: 100_000 } } },
    ],
    [
      'budget-used-up',
      [
        ...half,
        [
          half.at(-1)![0],
          {
            ...{ kind: 'entry', recalled: false },
            entry: { kind: 'stop', stage: 'time step 1 of 3', begun: 20 },
          },
        ],
      ],
      {
        ...{ columns: 80, spentBefore: 600_000 },
        configuration: { ...configuration, budget: { minutes: 15 } },
      },
    ],
  ])('%s', async (name, events, options) => {
    await expect(screenAfter(events, options)).toMatchFileSnapshot(golden(name))
  })

  it('stays in its place, within the terminal, and is drawn a few times a second at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 21, max: 130 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 5, max: 800 }),
        (columns, rows, particles, pace) => {
          const sized = { ...configuration, particles, initial: 2 * particles, children: 1 }
          const { pieces, play } = createView({ columns, rows, configuration: sized })
          const events = searchEvents(sized, pace)
          play(events)
          const screen = createScreen(columns)
          for (const piece of pieces) {
            screen.write(piece)
            // The cursor stands below the panel.
            expect(screen.height()).toBeLessThanOrEqual(Math.min(rows, 21))
          }
          for (const line of screen.text().split('\n')) expect(line.length).toBeLessThan(columns)
          expect(pieces.length).toBeLessThanOrEqual(events.at(-1)![0] / 250 + 1)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is coloured where colour is wanted, and says the same', () => {
    const plain = createView({ columns: 80 })
    const coloured = createView({ columns: 80, env: {} })
    for (const { play } of [plain, coloured]) play(half)
    expect(coloured.pieces.join('')).toContain('\u001b[1m')
    expect(plain.pieces.join('')).not.toContain('\u001b[1m')
    const shown = [plain, coloured].map(({ pieces }) => {
      const screen = createScreen(80)
      for (const piece of pieces) screen.write(piece)
      return screen.text()
    })
    expect(shown[1]).toBe(shown[0])
  })

  it('goes on with its times while nothing happens', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { view, pieces, play, wait } = createView({
      ...{ columns: 80, configuration: { ...configuration, budget: { minutes: 1 } } },
    })
    play(whole.slice(0, 1))
    wait(4000)
    vi.advanceTimersByTime(1000)
    expect(pieces.at(-1)).toContain('4.0 s of 1 min 0 s used, 56 s left')
    view.end()
    const { length } = pieces
    wait(9000)
    vi.advanceTimersByTime(9000)
    expect(pieces.length).toBe(length)
  })

  it('never hides the cursor, and is silent after its end', () => {
    const { view, pieces, play } = createView({ columns: 80 })
    play(half)
    view.end()
    const { length } = pieces
    play(whole.slice(half.length))
    view.end()
    expect(pieces.length).toBe(length)
    expect(pieces.join('')).not.toContain('\u001b[?')
  })
})

describe('elsewhere', () => {
  it.each<[string, readonly TimedEvent[], ViewOptions]>([
    ['plain', quick, {}],
    ['plain-resumed', resumedEvents(quick, half.length), {}],
    ['plain-dumb', quick.slice(0, half.length), { columns: 1000, env: { TERM: 'dumb' } }],
  ])('%s', async (name, events, options) => {
    await expect(screenAfter(events, options)).toMatchFileSnapshot(golden(name))
  })

  it('is a line every 10 seconds or at the end of a stage, without any control', () => {
    const { view, pieces, play } = createView({})
    const events = searchEvents(configuration, 100)
    play(events)
    view.end()
    const stages = events.filter(([, { kind }]) => kind === 'stage').length
    expect(pieces.length).toBeGreaterThanOrEqual(stages)
    expect(pieces.length).toBeLessThanOrEqual(stages + events.at(-1)![0] / 10_000)
    for (const piece of pieces) expect(piece).toMatch(/^[^\u001b\r\n]+\n$/)
  })
})
