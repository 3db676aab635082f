import { ablations } from '../mutate/ablate.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { freshSeed, requestOf, type SearchContext } from './context.ts'
import type { Fitness } from './fitness.ts'
import type { EntryOf, Final } from './journal.ts'
import { meanScore, type Scored } from './scored.ts'

/** A rule of the library that finalists are compared with. */
export interface Baseline {
  readonly name: string
  readonly text: string
}

/** A rule to judge again. */
interface Subject {
  readonly rule: string
  readonly flipped: boolean
  /** What the same surrogate and the search's seed are known to give. */
  readonly known?: Fitness | undefined
}

/** A rule judged again: its learning rate found with the search's seed, then runs with the seeds given. */
async function judgeAgain(
  { host, configuration }: SearchContext,
  { rule, flipped, known }: Subject,
  surrogate: string,
  seeds: readonly number[],
): Promise<Pick<Final, 'rule' | 'flipped' | 'searched' | 'runs'>> {
  const searched =
    known?.surrogate === surrogate && known.seed === configuration.seed
      ? { ...known, steps: 0 }
      : await host.judge(requestOf(rule, flipped, { surrogate, seed: configuration.seed }))
  const { learningRate, score } = searched
  const runs =
    learningRate === undefined || score === undefined
      ? []
      : await Promise.all(
          seeds.map((seed) =>
            host.judge(requestOf(rule, flipped, { surrogate, seed, learningRate })),
          ),
        )
  return { rule, flipped, searched, runs }
}

/**
 * The best rules after each rung of the protocol's ladder, those that climbed highest first, then those that had no place on
 * it; without those that failed on a rung.
 */
export async function climbLadder(
  context: SearchContext,
  ranked: readonly Scored[],
): Promise<readonly Scored[]> {
  const { stages, host } = context
  const { ladder } = host.protocol
  let order = ranked
  for (const [index, { surrogate, entrants, seeds }] of ladder.entries()) {
    const rung = index + 1
    const freshSeeds = Array.from({ length: seeds }, (_, run) =>
      freshSeed(context, 'rung', rung, run),
    )
    const climbing = order.slice(0, entrants)
    const entries = await stages.run(
      `rung ${rung} of ${ladder.length}`,
      climbing.map(({ slot: of, attempt }, place) => {
        const slot = `ladder/${rung}/${place}`
        return {
          slot,
          run: async (): Promise<EntryOf<'rung'>> => ({
            kind: 'rung',
            slot,
            rung,
            of,
            ...(await judgeAgain(context, subjectOf(attempt), surrogate.name, freshSeeds)),
          }),
        }
      }),
    )
    const climbed = climbing.flatMap((scored, place): Scored[] => {
      const { searched, runs } = entries[place]!
      const score = meanScore(runs)
      return score > -Infinity ? [{ ...scored, fitness: searched, score }] : []
    })
    climbed.sort((a, b) => b.score - a.score)
    order = [...climbed, ...order.slice(entrants)]
  }
  return order
}

const subjectOf = ({ rule, integrity }: Scored['attempt']): Subject => ({
  rule,
  flipped: integrity.flipped,
})

/** The finalists, then the baselines: tuned by the same probe, run with the same fresh seeds. */
export async function runFinals(
  context: SearchContext,
  best: readonly Scored[],
  baselines: readonly Baseline[],
): Promise<readonly Final[]> {
  const { stages, configuration } = context
  const finalists = best.slice(0, configuration.finalists).map((scored, index) => ({
    name: `best-${index + 1}`,
    of: scored.slot,
    subject: { ...subjectOf(scored.attempt), known: scored.fitness },
  }))
  const others = baselines.map(({ name, text }) => ({
    name,
    of: undefined,
    subject: { rule: text, flipped: false },
  }))
  return stages.run(
    'final evaluation',
    [...finalists, ...others].map(({ name, of, subject }) => {
      const slot = `final/${name}`
      return {
        slot,
        run: async (): Promise<Final> => ({
          kind: 'final',
          slot,
          name,
          ...(of !== undefined && { of }),
          ...(await judgeAgain(context, subject, finalSurrogate(context), finalSeeds(context))),
        }),
      }
    }),
  )
}

/** Each finalist with one part taken out at a time, judged like the finalists. */
export async function runAblations(
  context: SearchContext,
  finals: readonly Final[],
): Promise<readonly EntryOf<'ablation'>[]> {
  const { space, loader } = context.host
  const partsOf = (rule: string): ReturnType<typeof ablations> =>
    ablations(space, parse({ path: 'candidate.opt', text: rule }).value, loader)
  const cases = finals
    .filter(({ of }) => of !== undefined)
    .flatMap(({ name, rule, flipped }) =>
      partsOf(rule).map(({ removed, module }, number) => ({
        slot: `ablation/${name}/${number}`,
        of: name,
        removed,
        subject: { rule: print(module), flipped },
      })),
    )
  return context.stages.run(
    'ablation',
    cases.map(({ slot, of, removed, subject }) => ({
      slot,
      run: async (): Promise<EntryOf<'ablation'>> => ({
        kind: 'ablation',
        slot,
        of,
        removed,
        ...(await judgeAgain(context, subject, finalSurrogate(context), finalSeeds(context))),
      }),
    })),
  )
}

/** The surrogate of the last evaluation: the ladder's last where the ladder is climbed. */
function finalSurrogate({ configuration, host: { protocol } }: SearchContext): string {
  const top = configuration.ladder ? protocol.ladder.at(-1) : undefined
  return (top?.surrogate ?? protocol.evolution).name
}

/** Seeds that no decision of the search was made with. */
function finalSeeds(context: SearchContext): readonly number[] {
  return Array.from({ length: context.configuration.finalSeeds }, (_, index) =>
    freshSeed(context, 'final', index),
  )
}
