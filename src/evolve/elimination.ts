import { freshSeed, rateOf, requestOf, type SearchContext } from './context.ts'
import type { EntryOf } from './journal.ts'
import { meanScore, type Scored } from './scored.ts'

/** A rule judged again: its learning rate found with the search's seed, then runs with the seeds given. */
async function judgeAgain(
  { host, configuration }: SearchContext,
  { rule, integrity: { flipped } }: Scored['attempt'],
  surrogate: string,
  seeds: readonly number[],
): Promise<Pick<EntryOf<'rung'>, 'rule' | 'flipped' | 'searched' | 'runs'>> {
  const { seed } = configuration
  const searched = await host.judge(requestOf(rule, flipped, { surrogate, seed }))
  const runs =
    searched.score === undefined
      ? []
      : await Promise.all(
          seeds.map((fresh) =>
            host.judge(requestOf(rule, flipped, { surrogate, seed: fresh, ...rateOf(searched) })),
          ),
        )
  return { rule, flipped, searched, runs }
}

/**
 * The best rules after each rung of the protocol's ladder, those that climbed highest first, then those that had no place on
 * it; without those that failed on a rung. A rung on another task puts them in order and leaves them the scores and learning
 * rates that they have.
 */
export async function climbLadder(
  context: SearchContext,
  ranked: readonly Scored[],
): Promise<readonly Scored[]> {
  const { stages, host } = context
  const { ladder } = host.protocol
  let order = ranked
  for (const [index, { surrogate, entrants, seeds, task }] of ladder.entries()) {
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
            ...(await judgeAgain(context, attempt, surrogate.name, freshSeeds)),
          }),
        }
      }),
    )
    const climbed = climbing.flatMap((scored, place) => {
      const { searched, runs } = entries[place]!
      const score = meanScore(runs)
      const now: Scored = task === undefined ? { ...scored, fitness: searched, score } : scored
      return score > -Infinity ? [{ now, score }] : []
    })
    climbed.sort((a, b) => b.score - a.score)
    order = [...climbed.map(({ now }) => now), ...order.slice(entrants)]
  }
  return order
}
