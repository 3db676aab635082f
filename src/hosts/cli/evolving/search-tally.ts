import type { Attempt, Entry, JournalFitness, Work } from '../../../evolve/journal.ts'
import { meanScore } from '../../../evolve/scored.ts'
import type { SearchConfiguration } from '../../../evolve/search-configuration.ts'
import type { SearchEvent } from '../../../evolve/search-event.ts'
import { evaluationsIn } from '../../../evolve/stages.ts'
import { placesOf, type Protocol } from '../../../tasks/protocol.ts'
import type { Part, StepCosts } from './expected-work.ts'

/** The stage that runs. */
export interface StageTally {
  readonly name: string
  readonly slots: number
  /** Slots filled. */
  readonly done: number
  /** Those of them that this process filled. */
  readonly fresh: number
  /** On the world's clock. */
  readonly startedAt: number
  /** Whether the budget was used up in it; then `slots` are those begun. */
  readonly stopped: boolean
}

/** A rule and its score. */
export interface ScoredRule {
  readonly slot: string
  readonly score: number
  /** What made it from its parent. */
  readonly mutation: string | undefined
}

/** A particle through the time steps. */
export interface ParticleTally {
  readonly number: number
  /** Scores by time step, the first before the first one; holes where none is known. */
  readonly scores: readonly (number | undefined)[]
  /** What made its rule; undefined when no child was accepted. */
  readonly mutation: string | undefined
}

/** What was done of one part of a search. */
export interface PartTally {
  /** Slots filled. */
  readonly slots: number
  /** Training steps that filled them, as many of the evolution's as take as long. */
  readonly steps: number
}

/** All that is counted of a search. Recalled work is part of everything but the numbers called `fresh`. */
export interface Tally {
  readonly stage: StageTally | undefined
  /** Whether rules are still looked for: no ladder or final evaluation yet, and budget left. */
  readonly searching: boolean
  readonly evaluations: number
  readonly freshEvaluations: number
  /** Evaluations without a score. */
  readonly failed: number
  readonly steps: number
  readonly freshSteps: number
  /** The same as steps of the evolution that take as long. */
  readonly freshWork: number
  /** Steps that count against a budget: those before the ladder. */
  readonly budgetSteps: number
  /** Rules that passed the filters, and those among them that took the score of another. */
  readonly attempts: number
  readonly hits: number
  /** Draws thrown away for rules that are still being drawn. */
  readonly drawing: number
  /** Draws thrown away by reason, the commonest first; those of rules that were judged. */
  readonly rejections: readonly (readonly [reason: string, count: number])[]
  /** The best rule by the surrogate that judged last; baselines and ablations do not count. */
  readonly best: ScoredRule | undefined
  readonly particles: readonly ParticleTally[]
  /** Slots filled of the initial rules and all time steps, those filled by this process, and how many there will be. */
  readonly works: number
  readonly freshWorks: number
  readonly expectedWorks: number
  /** By part of the search, those begun. */
  readonly parts: Readonly<Partial<Record<Part, PartTally>>>
  /** Particles that there are as a share of those asked for: fewer when too few first rules can be trained. */
  readonly knownShare: number
}

/** Counts what happens in a search. */
export interface TallyKeeper {
  /** `now`: milliseconds on the world's clock. */
  readonly count: (event: SearchEvent, now: number) => void
  readonly read: () => Tally
}

/** Stages after the search itself, which its budget does not pay for. */
const AFTER_SEARCH = /^(rung|final|ablation)/
const SELECTION = /^selection/

/** What a tally weighs steps by, and where it reads which surrogates are trained on another task than the search's. */
export interface TallySetting {
  readonly stepCosts?: StepCosts | undefined
  readonly protocol?: Protocol
}

/** Nothing counted yet. */
export function createTally(
  configuration: SearchConfiguration,
  { stepCosts = new Map(), protocol }: TallySetting = {},
): TallyKeeper {
  const { particles, timesteps, children, initial } = configuration
  let stage: StageTally | undefined
  let evaluations = 0
  let freshEvaluations = 0
  let failed = 0
  let steps = 0
  let freshSteps = 0
  let freshWork = 0
  let budgetSteps = 0
  let attempts = 0
  let hits = 0
  let works = 0
  let freshWorks = 0
  let initialSlots = initial
  let stepSlots = particles * children
  let knownShare = 1
  let best: (ScoredRule & { readonly surrogate: string }) | undefined
  const elsewhere = new Set(
    (protocol === undefined ? [] : placesOf(protocol)).flatMap(({ task, surrogate }) =>
      task === undefined ? [] : [surrogate.name],
    ),
  )
  const rejections = new Map<string, number>()
  const drawing = new Map<string, number>()
  const parts = new Map<Part, PartTally>()
  const found = new Map<string, ScoredRule>()
  const histories: Particles = new Map()

  const offer = (fitness: JournalFitness, slot: string, score = fitness.score): void => {
    if (score === undefined || score === -Infinity) return
    const { surrogate } = fitness
    // Of another metric, perhaps: what the search goes by is shown.
    if (elsewhere.has(surrogate)) return
    if (best?.surrogate === surrogate && best.score >= score) return
    best = { surrogate, slot, score, mutation: found.get(slot)?.mutation }
  }
  const countWork = (work: Work, recalled: boolean): void => {
    works += 1
    drawing.delete(work.slot)
    if (!recalled) freshWorks += 1
    attempts += work.attempts.length
    hits += work.attempts.filter(({ like }) => like !== undefined).length
    for (const { reason, count } of work.rejections)
      rejections.set(reason, (rejections.get(reason) ?? 0) + count)
    const last = work.attempts.at(-1)
    if (last !== undefined) {
      remember(work, last, found)
      offer(last.fitness, work.slot)
    }
    rememberParent(work, found, histories)
  }
  const countEntry = ({ entry, recalled }: EntryEvent): void => {
    countPart(parts, entry, stepCosts)
    if (entry.kind === 'work') countWork(entry, recalled)
    if (entry.kind === 'enter') {
      offer(entry.fitness, entry.of)
      const particle = Number(entry.slot.split('/')[1])
      enter(histories, particle, 0, entry.fitness.score, found.get(entry.of)?.mutation)
    }
    if (entry.kind === 'select') {
      const { particle, timestep, slot, score } = entry
      enter(histories, particle, timestep, score, found.get(slot)?.mutation)
    }
    if ((entry.kind === 'rung' || entry.kind === 'final') && entry.of !== undefined)
      for (const run of entry.runs.slice(0, 1)) offer(run, entry.of, meanScore(entry.runs))
    if (stage === undefined) return
    if (entry.kind === 'stop') {
      drawing.clear()
      stage = { ...stage, slots: entry.begun, stopped: true }
    }
    if (fills(entry.kind, stage.name))
      stage = { ...stage, done: stage.done + 1, fresh: stage.fresh + (recalled ? 0 : 1) }
  }

  return {
    count: (event, now) => {
      if (event.kind === 'entry') return countEntry(event)
      if (event.kind === 'draw') return void drawing.set(event.slot, event.rejected)
      if (event.kind === 'stage') {
        const { name, slots } = event
        stage = { name, slots, done: 0, fresh: 0, startedAt: now, stopped: false }
        if (name.startsWith('initial')) initialSlots = slots
        if (name.startsWith('time step')) {
          stepSlots = slots
          knownShare = slots / (particles * children)
        }
        return
      }
      evaluations += 1
      if (!event.recalled) freshEvaluations += 1
      if (event.fitness.score === undefined) failed += 1
      steps += event.fitness.steps
      if (!event.recalled) {
        freshSteps += event.fitness.steps
        freshWork += event.fitness.steps * (stepCosts.get(event.fitness.surrogate) ?? 1)
      }
      if (stage === undefined || !AFTER_SEARCH.test(stage.name)) budgetSteps += event.fitness.steps
    },
    read: () => ({
      searching: stage === undefined || !(stage.stopped || AFTER_SEARCH.test(stage.name)),
      ...{ stage, evaluations, freshEvaluations, failed, steps, budgetSteps, attempts, hits, best },
      ...{ works, freshWorks, expectedWorks: initialSlots + timesteps * stepSlots },
      ...{ parts: Object.fromEntries(parts), knownShare, freshSteps, freshWork },
      drawing: [...drawing.values()].reduce((sum, rejected) => sum + rejected, 0),
      rejections: [...rejections].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
      particles: [...histories]
        .sort(([a], [b]) => a - b)
        .map(([number, particle]) => ({ number, ...particle })),
    }),
  }
}

type EntryEvent = Extract<SearchEvent, { kind: 'entry' }>
type Particles = Map<number, Omit<ParticleTally, 'number'>>

function countPart(parts: Map<Part, PartTally>, entry: Entry, stepCosts: StepCosts): void {
  const part = partOf(entry)
  if (part === undefined) return
  const { slots, steps } = parts.get(part) ?? { slots: 0, steps: 0 }
  const work = evaluationsIn(entry).reduce(
    (sum, fitness) => sum + fitness.steps * (stepCosts.get(fitness.surrogate) ?? 1),
    0,
  )
  parts.set(part, { slots: slots + 1, steps: steps + work })
}

/** The part of the search that an entry fills a slot of. */
function partOf(entry: Entry): Part | undefined {
  if (entry.kind === 'work') return entry.slot.startsWith('particle/') ? 'child' : 'initial'
  return entry.kind === 'run' || entry.kind === 'stop' || entry.kind === 'end'
    ? undefined
    : entry.kind
}

/** Whether an entry of this kind fills a slot of the stage; particles are chosen in selections. */
function fills(kind: EntryEvent['entry']['kind'], stage: string): boolean {
  if (kind === 'select') return SELECTION.test(stage)
  return kind !== 'run' && kind !== 'stop' && kind !== 'end'
}

function remember({ slot }: Work, attempt: Attempt, found: Map<string, ScoredRule>): void {
  const { mutation, fitness } = attempt
  if (fitness.score !== undefined) found.set(slot, { slot, score: fitness.score, mutation })
}

/** What a particle is before its first time step is told by its children only, where it was not judged once more. */
function rememberParent(
  { slot, parent }: Work,
  found: ReadonlyMap<string, ScoredRule>,
  histories: Particles,
): void {
  const [, particle] = /^particle\/(\d+)\//.exec(slot) ?? []
  const rule = parent === undefined ? undefined : found.get(parent)
  if (particle === undefined || rule === undefined || histories.has(Number(particle))) return
  enter(histories, Number(particle), 0, rule.score, rule.mutation)
}

function enter(
  histories: Particles,
  particle: number,
  timestep: number,
  score: number | undefined,
  mutation: string | undefined,
): void {
  const scores = [...(histories.get(particle)?.scores ?? [])]
  scores[timestep] = score
  histories.set(particle, { scores: Array.from(scores), mutation })
}
