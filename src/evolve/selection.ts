import { isSimplification } from '../mutate/mutations/table.ts'
import { freshSeed, rateOf, requestOf, type SearchContext } from './context.ts'
import type { Fitness } from './fitness.ts'
import type { EntryOf } from './journal.ts'
import { race } from './race.ts'
import { meanScore, type Scored } from './scored.ts'

/** Whether a child is its parent without a part. */
const isShorter = ({ attempt }: Scored): boolean => isSimplification(attempt.mutation)

/** A particle before a selection. */
export interface Family {
  readonly particle: number
  readonly timestep: number
  readonly parent: Scored
  /** The best first. */
  readonly children: readonly Scored[]
}

/**
 * Chooses what a particle becomes. The best children race against their parent, on seeds that nothing else is run with. A
 * parent that has raced before is known by its mean then: only children above that race, and without any it stays. The best
 * child that is the parent without a part races in any case, and wins where it is as good within noise: one run cannot tell
 * that, and what a part does not do for a rule it need not have.
 */
export async function selectSuccessor(
  context: SearchContext,
  family: Family,
): Promise<EntryOf<'select'>> {
  const { particle, timestep, parent, children } = family
  const { selection } = context.configuration
  const place = { kind: 'select', particle, timestep } as const
  if (selection.kind === 'published' || children.length === 0) {
    const { slot, score } = children[0] ?? parent
    return { ...place, slot, score }
  }
  const promising = children
    .filter(({ score }) => !parent.hasRaced || score > parent.score)
    .slice(0, selection.contenders)
  const shorter = children.find(isShorter)
  if (shorter !== undefined && !promising.includes(shorter)) promising.push(shorter)
  if (promising.length === 0) return { ...place, slot: parent.slot, score: parent.score }
  const contenders = [parent, ...promising]
  const simpler = new Set(
    promising.flatMap((child, index) => (isShorter(child) ? [index + 1] : [])),
  )
  const runs = contenders.map((): Fitness[] => [])
  const rules = { ...selection, simpler }
  const { winner, decided } = await race(contenders.length, rules, async (index, round) => {
    const { attempt, fitness } = contenders[index]!
    const run = await context.host.judge(
      requestOf(attempt.rule, attempt.integrity.flipped, {
        surrogate: context.host.protocol.evolution.name,
        seed: freshSeed(context, 'race', particle, timestep, round),
        ...rateOf(fitness),
      }),
    )
    runs[index]!.push(run)
    return run.score
  })
  const { slot, score } = contenders[winner]!
  const mean = meanScore(runs[winner]!)
  return {
    ...place,
    slot,
    score: mean > -Infinity ? mean : score,
    race: {
      decided,
      contenders: contenders.map((contender, index) => ({
        slot: contender.slot,
        runs: runs[index]!,
      })),
    },
  }
}
