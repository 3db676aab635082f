import { childKey, createRandom, rootKey } from '../operators/random.ts'
import type { Module } from '../syntax/ast.ts'
import { attemptOf, claim, trialOf } from './attempt.ts'
import { MOST_DRAWS, type Breeder, type Draw } from './candidate.ts'
import type { SearchContext } from './context.ts'
import type { Work } from './journal.ts'
import type { Scored } from './scored.ts'
import type { Slot } from './stages.ts'

/** Given rules, then random ones, to be judged by the protocol's initial surrogate. All are drawn at once. */
export function initialSlots(
  context: SearchContext,
  breeder: Breeder,
  given: readonly Module[],
): readonly Slot<Work>[] {
  const { seed, initial } = context.configuration
  const key = childKey(rootKey(seed), 'search', 'initial')
  const draws = [
    ...given.map((module, index) => [`given/${index}`, breeder.admit(module)] as const),
    ...Array.from({ length: initial }, (_, index) => {
      const random = createRandom(childKey(key, index))
      return [`initial/${index}`, breeder.draw(random, MOST_DRAWS)] as const
    }),
  ]
  return draws.map(([slot, draw]) => workOf(context, slot, draw))
}

function workOf(context: SearchContext, slot: string, draw: Draw): Slot<Work> {
  const { candidate, rejections } = draw
  const work = { kind: 'work', slot, rejections } as const
  if (candidate === undefined)
    return { slot, run: () => Promise.resolve({ ...work, attempts: [] }) }
  const trial = trialOf(slot, 0, candidate)
  const judge = claim(context, trial, context.host.protocol.initial.name)
  return { slot, run: async () => ({ ...work, attempts: [attemptOf(trial, await judge())] }) }
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
