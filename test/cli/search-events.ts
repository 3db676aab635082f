import type { Attempt, Entry, JournalFitness } from '../../src/evolve/journal.ts'
import type { SearchConfiguration } from '../../src/evolve/search-configuration.ts'
import type { SearchEvent } from '../../src/evolve/search-event.ts'

/** An event, and the milliseconds since the start at which it happens. */
export type TimedEvent = readonly [at: number, event: SearchEvent]

export const configuration: SearchConfiguration = {
  ...{ seed: 1, particles: 6, timesteps: 3, children: 4, initial: 20 },
  ...{ selection: { kind: 'published' }, reuse: 'scale', filters: ['constant'] },
  ...{ ladder: false, finalists: 2, finalSeeds: 2, rateSeeds: 2 },
}

const MUTATIONS = ['operator', 'connection', 'arity', 'add-decay', 'change-decay'] as const

/** Numbers that look drawn, and are not: fractions in [0, 1). */
const fraction = (index: number): number => (index * 0.618034) % 1

const fitnessOf = (
  surrogate: string,
  score: number | undefined,
  steps: number,
): JournalFitness => ({
  ...{ surrogate, seed: 1, steps },
  ...(score === undefined ? { failure: 'no learning rate works' } : { score, learningRate: 0.1 }),
})

const attemptOf = (fitness: JournalFitness, mutation?: string, like?: string): Attempt => ({
  ...{ rule: 'update = lr * g\n', fingerprint: 'f', fitness },
  integrity: { accepted: true, flipped: false, learningRate: 0.1, loss: 1 },
  ...(mutation !== undefined && { mutation }),
  ...(like !== undefined && { like: { slot: like, factor: 2 } }),
})

/**
 * A whole search that was never run, an evaluation every `pace` milliseconds; `score` gives what the rule of that number
 * reaches in a time step, nothing when it fails.
 */
export function searchEvents(
  { particles, timesteps, children, initial }: SearchConfiguration,
  pace: number,
  score: (index: number, timestep: number) => number | undefined = (index, timestep) =>
    fraction(index) < 0.2 ? undefined : 0.5 + 0.3 * fraction(index + 7) + 0.02 * timestep,
): readonly TimedEvent[] {
  const events: TimedEvent[] = []
  let at = 0
  let index = 0
  const add = (event: SearchEvent): void => void events.push([at, event])
  const addEntry = (entry: Entry): void => add({ kind: 'entry', entry, recalled: false })

  const work = (slot: string, timestep: number, parent?: string): number | undefined => {
    index += 1
    const surrogate = timestep === 0 ? 'small' : 'large'
    const reached = score(index, timestep)
    const mutation = parent === undefined ? undefined : MUTATIONS[index % MUTATIONS.length]
    const like = index % 7 === 0 ? 'initial/0' : undefined
    const fitness = fitnessOf(surrogate, reached, like === undefined ? 700 : 0)
    if (like === undefined) {
      at += pace
      add({ kind: 'evaluation', fitness, recalled: false })
    }
    const rejections = [
      { reason: 'integrity', count: index % 5 },
      { reason: 'filter:constant', count: index % 3 },
      ...(parent === undefined ? [] : [{ reason: 'known', count: 1, mutation: 'arity' }]),
    ].filter(({ count }) => count > 0)
    addEntry({
      ...{ kind: 'work', slot, rejections, attempts: [attemptOf(fitness, mutation, like)] },
      ...(parent !== undefined && { parent }),
    })
    return reached
  }

  add({ kind: 'stage', name: 'initial rules', slots: initial })
  const first = Array.from({ length: initial }, (_, place) => {
    const slot = `initial/${place}`
    return { slot, score: work(slot, 0) }
  })
  const found = (candidates: typeof first): { slot: string; score: number }[] =>
    candidates
      .flatMap((one) => (one.score === undefined ? [] : [{ slot: one.slot, score: one.score }]))
      .sort((a, b) => b.score - a.score)
  let current = found(first).slice(0, particles)
  if (current.length > 0) add({ kind: 'stage', name: 'first particles', slots: current.length })
  current = current.map(({ slot }, particle) => {
    at += pace
    index += 1
    const fitness = fitnessOf('large', 0.6 + 0.001 * particle, 900)
    add({ kind: 'evaluation', fitness, recalled: false })
    addEntry({ kind: 'enter', slot: `parent/${particle}`, of: slot, fitness })
    return { slot, score: fitness.score! }
  })
  for (let timestep = 1; timestep <= timesteps && current.length > 0; timestep++) {
    const name = `time step ${timestep} of ${timesteps}`
    add({ kind: 'stage', name, slots: current.length * children })
    const broods = current.map((parent, particle) =>
      Array.from({ length: children }, (_, child) => {
        const slot = `particle/${particle}/${timestep}/${child}`
        return { slot, score: work(slot, timestep, parent.slot) }
      }),
    )
    current = current.map((parent, particle) => {
      const chosen = found(broods[particle]!)[0] ?? parent
      addEntry({ kind: 'select', particle, timestep, ...chosen })
      return chosen
    })
  }
  const finals = ['best-1', 'best-2', 'adam']
  add({ kind: 'stage', name: 'final evaluation', slots: finals.length })
  for (const [place, name] of finals.entries()) {
    const of = current[place]?.slot
    at += pace
    const fitness = fitnessOf('large', 0.8 + 0.01 * place, 500)
    add({ kind: 'evaluation', fitness, recalled: false })
    addEntry({
      ...{ kind: 'final', slot: `final/${name}`, name, rule: '', flipped: false },
      ...{ trials: [], rivals: [], runs: [fitness] },
      ...(name !== 'adam' && of !== undefined && { of }),
    })
  }
  return events
}

/** The events as a process sees them that goes on after `count` of them. */
export function resumedEvents(events: readonly TimedEvent[], count: number): readonly TimedEvent[] {
  const [before] = events[count] ?? [0]
  return events.map(([at, event], index): TimedEvent =>
    index < count && (event.kind === 'entry' || event.kind === 'evaluation')
      ? [0, { ...event, recalled: true }]
      : [Math.max(0, at - before), event],
  )
}
