import type { SearchEvent } from '../../../evolve/search-event.ts'
import type { World } from '../world.ts'
import { createOutput } from '../output.ts'
import { createRedrawnLines } from '../redrawn-lines.ts'
import { expectedWork, type Extent } from './expected-work.ts'
import { renderPanel } from './live-panel.ts'
import {
  bestFacts,
  budgetFacts,
  cacheFacts,
  evaluationFacts,
  rejectionFacts,
  searchFacts,
  stageCount,
  stagePace,
  summaryLines,
} from './search-facts.ts'
import type { SearchClock } from './search-clock.ts'
import { createTally, type StageTally, type Tally } from './search-tally.ts'

/** Shows how a search is doing. */
export interface LiveView {
  readonly onEvent: (event: SearchEvent) => void
  /** Writes a line above what is shown, or below the last one. */
  readonly log: (line: string) => void
  /** Shows the last state and leaves it there; what is written afterwards comes below. */
  readonly end: () => void
  /** What was done in all, a line for each kind of number, without a line break at the end. */
  readonly summary: () => string
}

export interface LiveViewOptions extends Extent {
  readonly workers: number
  /** Milliseconds that earlier processes took of a budget in minutes. */
  readonly spentBefore?: number
}

const REDRAW_MILLISECONDS = 250
const LINE_MILLISECONDS = 10_000
/** How often the panel's times go on while nothing happens. */
const TICK_MILLISECONDS = 1000
const MOST_ROWS = 20
const FEWEST_COLUMNS = 20

/**
 * A panel on standard error that is redrawn in its place when that is a terminal; otherwise a plain line at most every 10
 * seconds and at the end of a stage. Ends with `end`.
 */
export function createLiveView(world: World, options: LiveViewOptions): LiveView {
  const { configuration, workers, spentBefore = 0 } = options
  const { count, read } = createTally(configuration, options)
  const expected = expectedWork(options)
  const start = world.now()
  const clock = (): SearchClock => {
    const elapsed = world.now() - start
    return { workers, budget: configuration.budget, expected, elapsed, spentBefore }
  }
  const canRedraw = world.stderr.isTerminal && world.env['TERM'] !== 'dumb'
  let ended = false
  const show = canRedraw ? showPanel(world, read, clock) : showLines(world, read, clock)
  return {
    onEvent: (event) => {
      count(event, world.now())
      if (!ended) show.update()
    },
    log: (line) => {
      if (ended) world.stderr.write(`${line}\n`)
      else show.log(line)
    },
    end: () => {
      if (!ended) show.end()
      ended = true
    },
    summary: () => summaryLines(read(), clock()).join('\n'),
  }
}

interface Show {
  readonly log: (line: string) => void
  readonly update: () => void
  readonly end: () => void
}

function showPanel(world: World, read: () => Tally, clock: () => SearchClock): Show {
  const { stderr } = world
  const paint = createOutput(world).notePaint
  const lines = createRedrawnLines(stderr)
  let shownAt = -Infinity

  const draw = (): void => {
    shownAt = world.now()
    // The last column stays empty: some terminals go on to the next line when it is filled.
    const columns = Math.max(FEWEST_COLUMNS, (stderr.columns ?? 80) - 1)
    const size = { columns, rows: Math.min(MOST_ROWS, (stderr.rows ?? MOST_ROWS + 1) - 1) }
    lines.draw(renderPanel(read(), clock(), world.now(), size, paint))
  }
  const tick = setInterval(draw, TICK_MILLISECONDS).unref()
  return {
    log: (line) => {
      lines.log(line)
      draw()
    },
    update: () => {
      if (world.now() - shownAt >= REDRAW_MILLISECONDS) draw()
    },
    end: () => {
      clearInterval(tick)
      draw()
    },
  }
}

function showLines(world: World, read: () => Tally, clock: () => SearchClock): Show {
  let shownAt = world.now()
  let lineOf = ''
  const write = (): void => {
    const tally = read()
    const { stage } = tally
    if (stage === undefined) return
    shownAt = world.now()
    lineOf = `${stage.name} ${stageCount(stage)}`
    world.stderr.write(`${describe(stage, tally, clock(), shownAt)}\n`)
  }
  return {
    log: (line) => void world.stderr.write(`${line}\n`),
    update: () => {
      const { stage } = read()
      if (stage === undefined) return
      const isComplete = stage.slots > 0 && stage.done >= stage.slots
      const isShown = lineOf === `${stage.name} ${stageCount(stage)}`
      if (isComplete ? !isShown : world.now() - shownAt >= LINE_MILLISECONDS) write()
    },
    end: () => undefined,
  }
}

/** What the panel tells but the particles and the reasons, in one line. */
function describe(stage: StageTally, tally: Tally, clock: SearchClock, now: number): string {
  const budget = budgetFacts(tally, clock)
  const line = (label: string, facts: readonly string[]): string => `${label} ${facts.join(', ')}`
  return [
    line(`${stage.name}:`, [stageCount(stage), ...stagePace(stage, now)]),
    line('search', searchFacts(tally, clock)),
    ...(budget.length === 0 ? [] : [line('budget', budget)]),
    line('best', bestFacts(tally)),
    line('trained', evaluationFacts(tally, clock)),
    line('cache', cacheFacts(tally)),
    line('rejected', [rejectionFacts(tally).all]),
  ].join('; ')
}
