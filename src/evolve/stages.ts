import { evaluationsOf, type Entry, type EntryOf, type JournalFitness } from './journal.ts'
import type { Budget } from './search-configuration.ts'
import type { SearchEvent } from './search-event.ts'

/** What stages need of their surroundings. */
export interface StageHost {
  /** How many slots are filled at a time. The entries do not depend on it. */
  readonly concurrency: number
  /** What an earlier process of the same run wrote. */
  readonly past: readonly Entry[]
  /** Keeps an entry; whether an earlier process wrote it already. Called in an order that the configuration alone decides. */
  readonly write: (entry: Entry) => boolean
  readonly onEvent: (event: SearchEvent) => void
  /** Minutes that the run has taken, earlier processes included. */
  readonly minutes: () => number
  /**
   * Asked for again and again during long work: resolves at once or when others have had their turn, and says which, and
   * rejects when the search is to end. Without it drawing is one piece.
   */
  readonly pause?: () => Promise<boolean>
}

/** Told how many draws were thrown away; whether to go on. Rejects when the search is to end. */
export type GoesOn = (rejected: number) => Promise<boolean>

/** One place of a stage, and what fills it. */
export interface Slot<E extends Entry> {
  readonly slot: string
  /**
   * Makes what is to be judged, and takes its place before later ones: of one slot at a time, in their order. Whether it has
   * done so; where `goesOn` says no, it may have to begin anew.
   */
  readonly prepare?: (goesOn: GoesOn) => Promise<boolean>
  /** `goesOn` never says no. */
  readonly run: (goesOn: GoesOn) => Promise<E>
}

/** What is special about a stage. */
export interface StageTraits {
  /** Whether it ends when the time is used up. */
  readonly isBudgeted?: boolean
  /** Whether nothing is trained in it, so that nobody needs to watch it. */
  readonly isInstant?: boolean
}

/** Fills slots, several at a time, and writes their entries in the order of the slots. */
export interface Stages {
  /** The entries of the slots that were begun: all, or the first ones where the time was used up. */
  readonly run: <E extends Entry>(
    name: string,
    slots: readonly Slot<E>[],
    traits?: StageTraits,
  ) => Promise<readonly E[]>
  /** Whether no further stage is to be begun within the budget. */
  readonly isOver: () => boolean
  /** Writes that the run is complete. */
  readonly end: () => void
}

/**
 * Stages of a run. A budget in minutes ends a budgeted stage between two slots, or while one is prepared, which then has not
 * begun; where it did so is an entry, so that the run repeats. A budget in steps is looked at between stages alone, since only there it does not depend on the number of workers.
 */
export function createStages(budget: Budget | undefined, host: StageHost): Stages {
  const stops = new Map(
    host.past
      .filter((entry): entry is EntryOf<'stop'> => entry.kind === 'stop')
      .map((stop) => [stop.stage, stop.begun]),
  )
  let replayed = 0
  let steps = 0
  let stopped = false

  const record = (entry: Entry): void => {
    const recalled = host.write(entry)
    if (recalled) replayed += 1
    steps += stepsOf(entry)
    host.onEvent({ kind: 'entry', entry, recalled })
  }
  const timeIsOver = (): boolean =>
    budget !== undefined &&
    'minutes' in budget &&
    replayed >= host.past.length &&
    host.minutes() >= budget.minutes

  const watched =
    (slot: string, isOver: () => boolean): GoesOn =>
    async (rejected) => {
      if (await host.pause?.()) host.onEvent({ kind: 'draw', slot, rejected })
      return !isOver()
    }

  const run = async <E extends Entry>(
    name: string,
    slots: readonly Slot<E>[],
    { isBudgeted = false, isInstant = false }: StageTraits = {},
  ): Promise<readonly E[]> => {
    if (!isInstant) host.onEvent({ kind: 'stage', name, slots: slots.length })
    const limit = isBudgeted ? (stops.get(name) ?? slots.length) : slots.length
    const filled = new Map<number, E>()
    const written: E[] = []
    const isOver = (): boolean => isBudgeted && timeIsOver()
    let begun = 0
    /** The index of the next slot, prepared; undefined when there is none, or no time for it. */
    const next = inTurn(async () => {
      await host.pause?.()
      const index = begun
      if (index >= limit || isOver()) return undefined
      const { slot, prepare } = slots[index]!
      if (prepare !== undefined && !(await prepare(watched(slot, isOver)))) return undefined
      begun += 1
      return index
    })
    const fill = async (): Promise<void> => {
      for (let index = await next(); index !== undefined; index = await next()) {
        const { slot, run: work } = slots[index]!
        filled.set(index, await work(watched(slot, () => false)))
        for (let entry; (entry = filled.get(written.length)) !== undefined;) {
          written.push(entry)
          record(entry)
        }
      }
    }
    await Promise.all(Array.from({ length: host.concurrency }, fill))
    if (begun < slots.length) {
      stopped = true
      record({ kind: 'stop', stage: name, begun })
    }
    return written
  }

  return {
    run,
    end: () => record({ kind: 'end' }),
    isOver: () => stopped || (budget !== undefined && 'steps' in budget && steps >= budget.steps),
  }
}

/** The same work, one call of it at a time, in the order of the calls. */
export function inTurn<A extends readonly unknown[], T>(
  work: (...arguments_: A) => Promise<T>,
): (...arguments_: A) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (...arguments_) => {
    const result = last.then(() => work(...arguments_))
    last = result.catch(() => undefined)
    return result
  }
}

/** Training steps that an entry was paid for with. */
export function stepsOf(entry: Entry): number {
  return evaluationsIn(entry).reduce((total, { steps }) => total + steps, 0)
}

/** All that was trained for an entry. */
export function evaluationsIn(entry: Entry): readonly JournalFitness[] {
  switch (entry.kind) {
    case 'work':
      return entry.attempts.map(({ fitness }) => fitness)
    case 'enter':
      return [entry.fitness]
    case 'select':
      return entry.race?.contenders.flatMap(({ runs }) => runs) ?? []
    case 'rung':
      return [entry.searched, ...entry.runs]
    case 'final':
    case 'ablation':
    case 'transfer':
      return evaluationsOf(entry)
    case 'run':
    case 'stop':
    case 'end':
      return []
  }
}
