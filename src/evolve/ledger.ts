import type { Program } from '../ir/graph.ts'
import { createBehaviourIndex } from './behaviour/behaviour-index.ts'
import type { Fitness } from './fitness.ts'
import type { Reuse } from './search-configuration.ts'

/** A rule that is about to be judged. */
export interface LedgerRule {
  readonly slot: string
  /** Attempts in the slot before this one. */
  readonly attempt: number
  readonly program: Program
  readonly flipped: boolean
}

/** An earlier rule that does the same: the later one's update is `factor` times its update. */
export interface Likeness {
  readonly slot: string
  readonly factor: number
}

/** What a rule was found to be worth, or what one like it was. */
export interface Judged {
  readonly fitness: Fitness
  readonly like?: Likeness
}

/**
 * What was judged so far, by behaviour. Its answers follow from the order of the calls of `claim` alone; results may come
 * in any order.
 */
export interface Ledger {
  /** Takes a place in the order: later rules like this one get its result. Gives what judges it: `judge`, or an earlier result. */
  readonly claim: (
    rule: LedgerRule,
    surrogate: string,
    judge: () => Promise<Fitness>,
  ) => () => Promise<Judged>
  /** The same for a rule that takes no place yet: it finds what was claimed before its slot's first rule. */
  readonly look: (
    rule: LedgerRule,
    surrogate: string,
    judge: () => Promise<Fitness>,
  ) => Promise<Judged>
}

interface Known {
  readonly slot: string
  readonly order: number
  readonly flipped: boolean
  /** Its update is so many times that of its group's first rule. */
  readonly factor: number
  readonly fitness: Promise<Fitness>
}

/** An empty ledger. */
export function createLedger(reuse: Reuse): Ledger {
  const index = reuse === 'off' ? undefined : createBehaviourIndex(reuse)
  const known = new Map<string, Known>()
  const orders = new Map<string, number>()

  const find = (
    rule: LedgerRule,
    surrogate: string,
    place: { readonly like: string; readonly factor: number } | undefined,
  ): Known | undefined => {
    const found = place && known.get(`${surrogate} ${place.like}`)
    if (found === undefined || place === undefined) return undefined
    if (found.order > orders.get(rule.slot)!) return undefined
    const sameWay = place.factor / found.factor > 0 === (rule.flipped === found.flipped)
    return sameWay ? found : undefined
  }
  const reused = async (found: Known, factor: number): Promise<Judged> => {
    const fitness = await found.fitness
    const times = factor / found.factor
    return {
      fitness: {
        ...fitness,
        steps: 0,
        ...(fitness.learningRate !== undefined && {
          learningRate: Number((fitness.learningRate / Math.abs(times)).toPrecision(6)),
        }),
      },
      like: { slot: found.slot, factor: Number(times.toPrecision(6)) },
    }
  }

  return {
    claim: (rule, surrogate, judge) => {
      const id = `${rule.slot} ${rule.attempt}`
      const order = orders.size
      if (!orders.has(rule.slot)) orders.set(rule.slot, order)
      const place = index?.add(id, rule.program)
      const found = find(rule, surrogate, place)
      if (found !== undefined) return () => reused(found, place!.factor)
      const { promise, resolve } = withResolvers<Fitness>()
      const key = `${surrogate} ${place?.like ?? id}`
      if (!known.has(key))
        known.set(key, {
          slot: rule.slot,
          order,
          flipped: rule.flipped,
          factor: place?.factor ?? 1,
          fitness: promise,
        })
      return async () => {
        const fitness = await judge()
        resolve(fitness)
        return { fitness }
      }
    },
    look: async (rule, surrogate, judge) => {
      const place = index?.find(rule.program)
      const found = find(rule, surrogate, place)
      return found === undefined ? { fitness: await judge() } : reused(found, place!.factor)
    },
  }
}

function withResolvers<T>(): {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
} {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}
