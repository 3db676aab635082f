import { childKey, createRandom, rootKey } from '../operators/random.ts'
import { parse } from '../syntax/parse.ts'
import { attemptOf, claim, claimJudged, judgeUnclaimed, trialOf, type Trial } from './attempt.ts'
import {
  addRejections,
  inPieces,
  MOST_DRAWS,
  type Breeder,
  type Draw,
  type Rejected,
} from './candidate.ts'
import type { SearchContext } from './context.ts'
import type { Work } from './journal.ts'
import type { Judged } from './ledger.ts'
import type { Scored } from './scored.ts'
import { inTurn, type GoesOn, type Slot } from './stages.ts'

/** Judged rules of one child before it counts as failed. */
const MOST_ATTEMPTS = 4

/** The children of one particle in one time step. */
export interface Brood {
  readonly slots: readonly Slot<Work>[]
  /** Makes what was judged known to the ledger and to the particle. To be called when the stage is over. */
  readonly close: (known: Set<string>) => void
}

/**
 * Mutants of a particle, each new for it and different from its siblings: the first of every child is drawn before any that
 * takes the place of one that failed.
 */
export function createBrood(
  context: SearchContext,
  breeder: Breeder,
  parent: Scored,
  known: ReadonlySet<string>,
  particle: number,
  timestep: number,
): Brood {
  const { children, seed } = context.configuration
  const surrogate = context.host.protocol.evolution.name
  const key = childKey(rootKey(seed), 'search', 'child', particle, timestep)
  const module = parse({ path: 'candidate.opt', text: parent.attempt.rule }).value
  const taken = new Set(known)
  const draws: Draw[] = []
  /** The mutants by child and attempt, attempt after attempt, in whatever order they are asked for. */
  const draw = inTurn(
    async (child: number, number: number, goesOn: GoesOn): Promise<Draw | undefined> => {
      const wanted = number * children + child
      while (draws.length <= wanted) {
        const place = [draws.length % children, Math.floor(draws.length / children)]
        const random = createRandom(childKey(key, ...place))
        const drawn = await inPieces(breeder.mutate(module, taken, random, MOST_DRAWS), goesOn)
        if (drawn === undefined) return undefined
        if (drawn.candidate !== undefined) taken.add(drawn.candidate.fingerprint)
        draws.push(drawn)
      }
      return draws[wanted]
    },
  )
  const judged: { readonly trial: Trial; readonly found: Judged }[][] = []

  const slots = Array.from({ length: children }, (_, child): Slot<Work> => {
    const slot = `particle/${particle}/${timestep}/${child}`
    const own: (typeof judged)[number] = []
    judged.push(own)
    const rejections: Rejected[] = []
    let judgeFirst: (() => Promise<void>) | undefined
    const prepare = async (goesOn: GoesOn): Promise<boolean> => {
      const drawn = await draw(child, 0, goesOn)
      if (drawn === undefined) return false
      rejections.push(...drawn.rejections)
      if (drawn.candidate === undefined) return true
      const trial = trialOf(slot, 0, drawn.candidate)
      const judge = claim(context, trial, surrogate)
      judgeFirst = async () => void own.push({ trial, found: await judge() })
      return true
    }
    const run = async (goesOn: GoesOn): Promise<Work> => {
      await judgeFirst?.()
      while (hasFailed(own) && own.length < MOST_ATTEMPTS) {
        const drawn = await draw(child, own.length, goesOn)
        rejections.push(...(drawn?.rejections ?? []))
        if (drawn?.candidate === undefined) break
        const trial = trialOf(slot, own.length, drawn.candidate)
        own.push({ trial, found: await judgeUnclaimed(context, trial, surrogate) })
      }
      return {
        kind: 'work',
        slot,
        parent: parent.slot,
        rejections: addRejections(rejections),
        attempts: own.map(({ trial, found }) => attemptOf(trial, found)),
      }
    }
    return { slot, prepare, run }
  })

  return {
    slots,
    close: (already) => {
      for (const { trial, found } of judged.flat()) {
        already.add(trial.candidate.fingerprint)
        if (trial.number > 0) claimJudged(context, trial, surrogate, found)
      }
    },
  }
}

const hasFailed = (judged: readonly { readonly found: Judged }[]): boolean =>
  judged.length > 0 && judged.at(-1)!.found.fitness.score === undefined
