import type { Module } from '../syntax/ast.ts'
import { createBrood } from './brood.ts'
import { createBreeder } from './candidate.ts'
import type { SearchContext, SearchHost } from './context.ts'
import { climbLadder } from './elimination.ts'
import { distinctFirst } from './distinct.ts'
import { byEvidence } from './evidence.ts'
import { findFilter, type Filter } from './filters.ts'
import { runAblations, runFinals, runTransfers, type Baseline } from './final-evaluation.ts'
import { enterEvolution, initialSlots } from './initial.ts'
import type { EntryOf, Final } from './journal.ts'
import { createLedger } from './ledger.ts'
import { bestFirst, scoredOf, type Scored } from './scored.ts'
import type { SearchConfiguration } from './search-configuration.ts'
import { selectSuccessor } from './selection.ts'
import { createStages } from './stages.ts'

/** What a search found. */
export interface SearchResult {
  /** Different functions, the best first; of those in the final table no two do the same up to a factor. */
  readonly best: readonly Scored[]
  /** The finalists in the order of `best`, then the baselines, on fresh seeds. */
  readonly finals: readonly Final[]
  readonly ablations: readonly EntryOf<'ablation'>[]
  /** The finalists and baselines on the other tasks of the protocol, where the ladder was climbed. */
  readonly transfers: readonly EntryOf<'transfer'>[]
}

/**
 * Random rules (and given ones), the best of them as particles, and for each particle and time step some mutants of which
 * one may become the particle: arXiv 2404.06679, with every draw a function of (seed, particle, time step, child, attempt).
 * Then the ladder where it is wanted, and the best rules and the baselines on fresh seeds. Rejects when a judge does.
 */
export async function search(
  configuration: SearchConfiguration,
  given: readonly Module[],
  baselines: readonly Baseline[],
  host: SearchHost,
): Promise<SearchResult> {
  const breeder = createBreeder(host.space, host.loader, {
    filters: filtersOf(configuration),
    isUnchecked: configuration.integrity === 'off',
  })
  const context: SearchContext = {
    configuration,
    host,
    ledger: createLedger(configuration.reuse),
    stages: createStages(configuration.budget, host),
  }
  const { stages } = context
  const first = scoredOf(
    await stages.run('initial rules', initialSlots(context, breeder, given), { isBudgeted: true }),
  )
  let particles = await enterEvolution(context, bestFirst(first).slice(0, configuration.particles))
  // Scores of different surrogates cannot be compared.
  const { initial, evolution } = host.protocol
  const scored = [...(initial.name === evolution.name ? first : particles)]
  const known = particles.map(({ attempt }) => new Set([attempt.fingerprint]))
  const selections: EntryOf<'select'>[] = []
  for (let timestep = 1; timestep <= configuration.timesteps; timestep++) {
    if (particles.length === 0 || stages.isOver()) break
    const broods = particles.map((parent, particle) =>
      createBrood(context, breeder, parent, known[particle]!, particle, timestep),
    )
    const slots = broods.flatMap((brood) => brood.slots)
    const title = `time step ${timestep} of ${configuration.timesteps}`
    const works = await stages.run(title, slots, { isBudgeted: true })
    broods.forEach((brood, particle) => brood.close(known[particle]!))
    const children = scoredOf(works)
    scored.push(...children)
    if (works.length < slots.length) break
    const families = particles.map((parent, particle) => ({
      particle,
      timestep,
      parent,
      children: bestFirst(children.filter(({ slot }) => isOf(slot, particle, timestep))),
    }))
    const selected = await stages.run(
      `selection of time step ${timestep}`,
      families.map((family) => ({
        slot: `select/${family.particle}/${timestep}`,
        run: () => selectSuccessor(context, family),
      })),
      { isInstant: configuration.selection.kind === 'published' },
    )
    selections.push(...selected)
    particles = families.map(({ parent, children: own }, particle) => {
      const { slot, score, race } = selected[particle]!
      const successor = own.find((child) => child.slot === slot) ?? parent
      return { ...successor, score, hasRaced: successor.hasRaced || race !== undefined }
    })
  }
  const { ladder, finalists } = configuration
  const entrants = ladder ? (host.protocol.ladder[0]?.entrants ?? 0) : 0
  const ranked = distinctFirst(byEvidence(scored, selections), finalists + entrants, host.loader)
  const best = ladder ? await climbLadder(context, ranked) : ranked
  const finals = await runFinals(context, best, baselines)
  const ablations = ladder ? await runAblations(context, finals) : []
  const transfers = ladder ? await runTransfers(context, finals) : []
  stages.end()
  return { best, finals, ablations, transfers }
}

const isOf = (slot: string, particle: number, timestep: number): boolean =>
  slot.startsWith(`particle/${particle}/${timestep}/`)

/** The filters that a configuration names. Throws a RangeError for one that there is not. */
function filtersOf({ filters }: SearchConfiguration): readonly Filter[] {
  return filters.map((name) => {
    const filter = findFilter(name)
    if (filter === undefined) throw new RangeError(`there is no filter ${name}`)
    return filter
  })
}
