import { childKey, createRandom, rootKey } from '../operators/random.ts'
import type { Module } from '../syntax/ast.ts'
import { attemptOf, claim, trialOf } from './attempt.ts'
import { inPieces, MOST_DRAWS, type Breeder, type Draw } from './candidate.ts'
import type { SearchContext } from './context.ts'
import type { Work } from './journal.ts'
import type { Scored } from './scored.ts'
import type { GoesOn, Slot } from './stages.ts'

/** Given rules, then random ones, to be judged by the protocol's initial surrogate. */
export function initialSlots(
  context: SearchContext,
  breeder: Breeder,
  given: readonly Module[],
): readonly Slot<Work>[] {
  const { seed, initial } = context.configuration
  const key = childKey(rootKey(seed), 'search', 'initial')
  return [
    ...given.map((module, index) =>
      slotOf(context, `given/${index}`, () => Promise.resolve(breeder.admit(module))),
    ),
    ...Array.from({ length: initial }, (_, index) =>
      slotOf(context, `initial/${index}`, (goesOn) =>
        inPieces(breeder.draw(createRandom(childKey(key, index)), MOST_DRAWS), goesOn),
      ),
    ),
  ]
}

function slotOf(
  context: SearchContext,
  slot: string,
  draw: (goesOn: GoesOn) => Promise<Draw | undefined>,
): Slot<Work> {
  let judge: (() => Promise<Work>) | undefined
  return {
    slot,
    prepare: async (goesOn) => {
      const draws = await draw(goesOn)
      judge = draws && claimed(context, slot, draws)
      return draws !== undefined
    },
    run: () => judge!(),
  }
}

/** Takes the place of what was drawn in the ledger; what is given judges it. */
function claimed(
  context: SearchContext,
  slot: string,
  { candidate, rejections }: Draw,
): () => Promise<Work> {
  const work = { kind: 'work', slot, rejections } as const
  if (candidate === undefined) return () => Promise.resolve({ ...work, attempts: [] })
  const trial = trialOf(slot, 0, candidate)
  const judge = claim(context, trial, context.host.protocol.initial.name)
  return async () => ({ ...work, attempts: [attemptOf(trial, await judge())] })
}

/** The first particles judged by the evolution's surrogate, where that is another one; those that fail it are left out. */
export async function enterEvolution(
  context: SearchContext,
  particles: readonly Scored[],
): Promise<readonly Scored[]> {
  const { stages, host, configuration } = context
  const { initial, evolution } = host.protocol
  if (initial.name === evolution.name) return particles
  const entries = await stages.run(
    'entering the evolution',
    particles.map(({ slot, attempt }, particle) => ({
      slot: `parent/${particle}`,
      run: async () => {
        const fitness = await host.judge({
          source: { path: 'candidate.opt', text: attempt.rule },
          flipped: attempt.integrity.flipped,
          surrogate: evolution.name,
          seed: configuration.seed,
        })
        return { kind: 'enter', slot: `parent/${particle}`, of: slot, fitness } as const
      },
    })),
  )
  return particles.flatMap((particle, index) => {
    const { fitness } = entries[index]!
    const { score } = fitness
    return score === undefined ? [] : [{ ...particle, fitness, score }]
  })
}
