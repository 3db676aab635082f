import type { Space } from '../check/space.ts'
import type { ModuleLoader } from '../check/checked-module.ts'
import { childKey, createRandom, rootKey, type Key } from '../operators/random.ts'
import type { Module } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import {
  addRejections,
  createBreeder,
  type Breeder,
  type Candidate,
  type Draw,
  type Rejected,
} from './candidate.ts'
import type { Fitness, FitnessRequest } from './fitness.ts'
import type { Attempt, Entry, Final, Work } from './journal.ts'

/** Everything a search depends on beside the task and the protocol. */
export interface SearchConfiguration {
  readonly seed: number
  readonly particles: number
  readonly timesteps: number
  readonly children: number
  readonly initial: number
  /** How many of the best rules are trained anew with fresh seeds at the end, and with how many. */
  readonly finalists: number
  readonly finalSeeds: number
}

/** What a search needs of its surroundings. */
export interface SearchHost {
  readonly space: Space
  readonly loader: ModuleLoader
  /** Judges a rule; may run elsewhere, several at a time. */
  readonly judge: (request: FitnessRequest) => Promise<Fitness>
  /** What an earlier run of the same search wrote. */
  readonly past: readonly Entry[]
  /** Keeps an entry. Called in an order that depends on the configuration alone. */
  readonly write: (entry: Entry) => void
  readonly onEvent: (event: SearchEvent) => void
  /** No new work is begun after it; what is complete has been written. */
  readonly signal: AbortSignal
}

export type SearchEvent =
  | { readonly kind: 'stage'; readonly name: string; readonly slots: number }
  | { readonly kind: 'work'; readonly work: Work; readonly recalled: boolean }
  | { readonly kind: 'final'; readonly final: Final }

/** A rule of the search with its score. */
export interface Scored {
  readonly slot: string
  readonly attempt: Attempt
  readonly score: number
}

export interface SearchResult {
  /** Different functions, the best first. */
  readonly best: readonly Scored[]
  /** The finalists, then the baselines, on fresh seeds. */
  readonly finals: readonly Final[]
  readonly interrupted: boolean
}

/** Draws of one slot before it is given up, and judged rules of one child before it counts as failed. */
const MOST_DRAWS = 2000
const MOST_ATTEMPTS = 4

/**
 * Random rules (and given ones), the best of them as particles, and for each particle and time step some mutants of which
 * the best becomes the particle: arXiv 2404.06679, with every draw a function of (seed, particle, time step, child,
 * attempt). Then the best rules and the baselines on fresh seeds.
 */
export async function search(
  configuration: SearchConfiguration,
  given: readonly Module[],
  baselines: readonly { readonly name: string; readonly text: string }[],
  host: SearchHost,
): Promise<SearchResult> {
  const breeder = createBreeder(host.space, host.loader)
  const root = childKey(rootKey(configuration.seed), 'search')
  const recorder = createRecorder(host)
  const scored: Scored[] = []
  const keep = (works: readonly Work[]): Scored[] => {
    const found = works.flatMap(scoredOf)
    scored.push(...found)
    return found
  }

  const initialSlots = [
    ...given.map((module, index) => ({
      slot: `given/${index}`,
      run: () => judgeGiven(breeder, module, configuration, host),
    })),
    ...Array.from({ length: configuration.initial }, (_, index) => ({
      slot: `initial/${index}`,
      run: () => judgeDrawn(breeder, childKey(root, 'initial', index), configuration, host),
    })),
  ]
  const initial = keep(await recorder.stage('initial rules', initialSlots))
  let particles = distinct(initial).slice(0, configuration.particles)

  const known = particles.map((particle) => new Set([particle.attempt.fingerprint]))
  for (
    let timestep = 1;
    particles.length > 0 && timestep <= configuration.timesteps && !host.signal.aborted;
    timestep++
  ) {
    const slots = particles.flatMap((particle, index) => {
      const key = childKey(root, 'child', index, timestep)
      const parent = moduleOf(particle.attempt.rule)
      const draw = siblingDraws(breeder, parent, known[index]!, key, configuration.children)
      return Array.from({ length: configuration.children }, (_, child) => ({
        slot: `particle/${index}/${timestep}/${child}`,
        run: () => judgeChild((attempt) => draw(child, attempt), configuration, host),
      }))
    })
    const works = await recorder.stage(`time step ${timestep} of ${configuration.timesteps}`, slots)
    const children = keep(works)
    if (host.signal.aborted) break
    particles = particles.map((particle, index) => {
      const isOwn = ({ slot }: { readonly slot: string }): boolean =>
        slot.startsWith(`particle/${index}/${timestep}/`)
      for (const { attempts } of works.filter(isOwn))
        for (const attempt of attempts) known[index]!.add(attempt.fingerprint)
      const chosen = distinct(children.filter(isOwn))[0] ?? particle
      recorder.select(index, timestep, chosen)
      return chosen
    })
  }

  const best = distinct(scored)
  const finals = host.signal.aborted
    ? []
    : await runFinals(best, baselines, configuration, recorder, host)
  return { best, finals, interrupted: host.signal.aborted }
}

const moduleOf = (text: string): Module => parse({ path: 'candidate.opt', text }).value

/** The best first; of rules with one fingerprint only the best. Ties go to the earlier slot. */
function distinct(scored: readonly Scored[]): Scored[] {
  const seen = new Set<string>()
  return [...scored]
    .sort((a, b) => b.score - a.score)
    .filter(({ attempt }) => !seen.has(attempt.fingerprint) && seen.add(attempt.fingerprint))
}

function scoredOf({ slot, attempts }: Work): Scored[] {
  const attempt = attempts.at(-1)
  const score = attempt?.fitness.score
  return attempt === undefined || score === undefined ? [] : [{ slot, attempt, score }]
}

interface Outcome {
  readonly rejections: readonly Rejected[]
  readonly attempts: readonly Attempt[]
}

async function judgeAttempt(
  candidate: Candidate,
  seed: number,
  host: SearchHost,
): Promise<Attempt> {
  const rule = print(candidate.module)
  const fitness = await host.judge({
    source: { path: 'candidate.opt', text: rule },
    flipped: candidate.integrity.flipped,
    seed,
  })
  return {
    ...(candidate.mutation !== undefined && { mutation: candidate.mutation }),
    rule,
    fingerprint: candidate.fingerprint,
    integrity: candidate.integrity,
    fitness,
  }
}

async function judgeGiven(
  breeder: Breeder,
  module: Module,
  configuration: SearchConfiguration,
  host: SearchHost,
): Promise<Outcome> {
  const candidate = breeder.admit(module)
  if (typeof candidate === 'string')
    return { rejections: [{ reason: candidate, count: 1 }], attempts: [] }
  return { rejections: [], attempts: [await judgeAttempt(candidate, configuration.seed, host)] }
}

async function judgeDrawn(
  breeder: Breeder,
  key: Key,
  configuration: SearchConfiguration,
  host: SearchHost,
): Promise<Outcome> {
  const { candidate, rejections } = breeder.draw(createRandom(key), MOST_DRAWS)
  if (candidate === undefined) return { rejections, attempts: [] }
  return { rejections, attempts: [await judgeAttempt(candidate, configuration.seed, host)] }
}

/**
 * The mutants of one parent by child and attempt, attempt after attempt: each new for the particle and different from
 * those before it, in whatever order they are asked for.
 */
function siblingDraws(
  breeder: Breeder,
  parent: Module,
  known: ReadonlySet<string>,
  key: Key,
  children: number,
): (child: number, attempt: number) => Draw {
  const taken = new Set(known)
  const draws: Draw[] = []
  return (child, attempt) => {
    const wanted = attempt * children + child
    while (draws.length <= wanted) {
      const place = [draws.length % children, Math.floor(draws.length / children)]
      const random = createRandom(childKey(key, ...place))
      const draw = breeder.mutate(parent, taken, random, MOST_DRAWS)
      if (draw.candidate !== undefined) taken.add(draw.candidate.fingerprint)
      draws.push(draw)
    }
    return draws[wanted]!
  }
}

/** A mutant, redrawn while it fails. */
async function judgeChild(
  draw: (attempt: number) => Draw,
  configuration: SearchConfiguration,
  host: SearchHost,
): Promise<Outcome> {
  let rejections: readonly Rejected[] = []
  const attempts: Attempt[] = []
  while (attempts.length < MOST_ATTEMPTS && !host.signal.aborted) {
    const { candidate, rejections: more } = draw(attempts.length)
    rejections = addRejections(rejections, more)
    if (candidate === undefined) break
    const judged = await judgeAttempt(candidate, configuration.seed, host)
    attempts.push(judged)
    if (judged.fitness.score !== undefined) break
  }
  return { rejections, attempts }
}

interface Recorder {
  readonly stage: (
    name: string,
    slots: readonly { slot: string; run: () => Promise<Outcome> }[],
  ) => Promise<Work[]>
  readonly select: (particle: number, timestep: number, chosen: Scored) => void
  readonly finals: (
    slots: readonly { slot: string; run: () => Promise<Omit<Final, 'kind' | 'slot'>> }[],
  ) => Promise<Final[]>
}

/** Recalls what the past holds, runs the rest, and writes each stage in the order of its slots. */
function createRecorder(host: SearchHost): Recorder {
  const works = new Map<string, Work>()
  const finals = new Map<string, Final>()
  const selected = new Set<string>()
  for (const entry of host.past) {
    if (entry.kind === 'work') works.set(entry.slot, entry)
    if (entry.kind === 'final') finals.set(entry.slot, entry)
    if (entry.kind === 'select') selected.add(`${entry.particle} ${entry.timestep}`)
  }

  const inOrder = async <T extends Entry & { readonly slot: string }>(
    slots: readonly { slot: string; run: () => Promise<T> }[],
    known: ReadonlyMap<string, T>,
    onDone: (entry: T, recalled: boolean) => void,
  ): Promise<T[]> => {
    const done = new Map<string, T>()
    let written = 0
    const flush = (): void => {
      for (; written < slots.length; written++) {
        const { slot } = slots[written]!
        const entry = done.get(slot)
        if (entry === undefined) return
        if (!known.has(slot)) host.write(entry)
      }
    }
    await Promise.all(
      slots.map(async ({ slot, run }) => {
        const recalled = known.get(slot)
        if (recalled === undefined && host.signal.aborted) return
        const entry = recalled ?? (await run())
        if (recalled === undefined && host.signal.aborted) return
        done.set(slot, entry)
        onDone(entry, recalled !== undefined)
        flush()
      }),
    )
    return slots.flatMap(({ slot }) => done.get(slot) ?? [])
  }

  return {
    stage: (name, slots) => {
      host.onEvent({ kind: 'stage', name, slots: slots.length })
      return inOrder(
        slots.map(({ slot, run }) => ({
          slot,
          run: async (): Promise<Work> => {
            const { rejections, attempts } = await run()
            return { kind: 'work', slot, rejections: [...rejections], attempts: [...attempts] }
          },
        })),
        works,
        (work, recalled) => host.onEvent({ kind: 'work', work, recalled }),
      )
    },
    select: (particle, timestep, { slot, score }) => {
      if (!selected.has(`${particle} ${timestep}`))
        host.write({ kind: 'select', particle, timestep, slot, score })
    },
    finals: (slots) => {
      host.onEvent({ kind: 'stage', name: 'final evaluation', slots: slots.length })
      return inOrder(
        slots.map(({ slot, run }) => ({
          slot,
          run: async (): Promise<Final> => ({ kind: 'final', slot, ...(await run()) }),
        })),
        finals,
        (final) => host.onEvent({ kind: 'final', final }),
      )
    },
  }
}

/** The best rules and the baselines: a probe on the search's seed where none was run, then one run per fresh seed. */
async function runFinals(
  best: readonly Scored[],
  baselines: readonly { readonly name: string; readonly text: string }[],
  configuration: SearchConfiguration,
  recorder: Recorder,
  host: SearchHost,
): Promise<readonly Final[]> {
  const contenders = [
    ...best.slice(0, configuration.finalists).map(({ attempt }, index) => ({
      name: `best-${index + 1}`,
      text: attempt.rule,
      flipped: attempt.integrity.flipped,
      known: attempt.fitness,
    })),
    ...baselines.map(({ name, text }) => ({ name, text, flipped: false, known: undefined })),
  ]
  return recorder.finals(
    contenders.map(({ name, text, flipped, known }) => ({
      slot: `final/${name}`,
      run: async () => {
        const request = { source: { path: `${name}.opt`, text }, flipped }
        const searched = known ?? (await host.judge({ ...request, seed: configuration.seed }))
        const { learningRate } = searched
        const seeds = Array.from({ length: configuration.finalSeeds }, (_, index) =>
          freshSeed(configuration.seed, index),
        )
        const runs =
          learningRate === undefined
            ? []
            : await Promise.all(seeds.map((seed) => host.judge({ ...request, seed, learningRate })))
        return { name, rule: text, searched, runs }
      },
    })),
  )
}

/** A seed that no decision of the search was made with. */
function freshSeed(seed: number, index: number): number {
  return childKey(rootKey(seed), 'final', index).low
}
