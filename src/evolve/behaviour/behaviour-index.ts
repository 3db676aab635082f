import {
  behaviour,
  distantBehaviour,
  furtherBehaviour,
  isProportional,
  matrixBehaviour,
  roundedBehaviour,
  stepsMentioned,
  type Behaviour,
} from './behaviour.ts'
import { reachable } from '../../ir/build.ts'
import {
  areMultiples,
  exactTolerance,
  factorBetween,
  projection,
  projectionError,
  roundedTolerance,
} from './compare.ts'
import { programReadsShape } from '../reads-shape.ts'
import { fingerprint } from '../../ir/fingerprint.ts'
import { rootsOf } from '../../ir/rewrite.ts'
import type { Program } from '../../ir/graph.ts'

/**
 * Which rules count as the same: `exact`, those that compute one function; `scale`, also those whose updates are a constant
 * multiple of each other, negative ones included, which another learning rate and a flipped sign make up for.
 */
export type BehaviourMode = 'exact' | 'scale'

/** An earlier rule that behaves alike. */
export interface Repeat {
  readonly like: string
  /**
   * The updates of the later rule are `factor` times those of the earlier one, so it does with the learning rate `r / factor`
   * what the earlier one does with `r`; where negative, with its sign flipped. 1 unless both are proportional to `lr`.
   */
  readonly factor: number
}

/** Finds rules that behave like an earlier one. */
export interface BehaviourIndex {
  /** The first rule added that behaves like `program`; undefined when there is none. */
  readonly find: (program: Program) => Repeat | undefined
  /** The same; a rule that behaves like none is kept for later ones to be found like, under `id`. */
  readonly add: (id: string, program: Program) => Repeat | undefined
}

interface Known {
  readonly id: string
  readonly order: number
  readonly program: Program
  readonly updates: Behaviour
  readonly further: () => Behaviour
  readonly rounded: () => Behaviour
  readonly readsShape: () => boolean
  readonly onMatrix: () => Behaviour
}

/** Projections that fall into one cell are compared. */
const CELL = 1e-3

/**
 * An index without rules. What it answers depends on the rules added and their order alone. Rules are the same when their
 * updates agree on fixed runs, in 64-bit arithmetic and in that of the targets (see behaviour.ts); of those that draw
 * random numbers only rules with the same fingerprint are.
 */
export function createBehaviourIndex(mode: BehaviourMode): BehaviourIndex {
  const cells = new Map<number, Known[]>()
  const toldRules = new Map<string, string>()
  let count = 0

  const observe = (id: string, program: Program): Known => {
    return {
      id,
      order: count++,
      program,
      updates: behaviour(program),
      further: once(() => furtherBehaviour(program)),
      rounded: once(() => roundedBehaviour(program)),
      readsShape: once(() => programReadsShape(program)),
      onMatrix: once(() => matrixBehaviour(program)),
    }
  }

  const search = (rule: Known, place: number): Repeat | undefined => {
    let first: Known | undefined
    let factor = 1
    for (const cell of new Set([
      cellOf(place - projectionError),
      cellOf(place + projectionError),
    ])) {
      for (const known of cells.get(cell) ?? []) {
        if (first !== undefined && known.order > first.order) break
        const found = factorOf(known, rule, mode)
        if (found === undefined) continue
        first = known
        factor = found
        break
      }
    }
    return first === undefined ? undefined : { like: first.id, factor }
  }

  const lookUp = (id: string, program: Program, keep: boolean): Repeat | undefined => {
    if (isTold(program)) {
      const key = fingerprint(program)
      const like = toldRules.get(key)
      if (like !== undefined) return { like, factor: 1 }
      if (keep) toldRules.set(key, id)
      return undefined
    }
    const rule = observe(id, program)
    const place = projection(rule.updates)
    const found = search(rule, place)
    if (found === undefined && keep) {
      const cell = cellOf(place)
      cells.set(cell, [...(cells.get(cell) ?? []), rule])
    }
    return found
  }

  return {
    find: (program) => lookUp('', program, false),
    add: (id, program) => lookUp(id, program, true),
  }
}

function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | undefined
  return () => (result ??= { value: work() }).value
}

/** Whether a program's updates do not tell what it is: it draws random numbers, or is evaluated elsewhere than it is trained. */
function isTold(program: Program): boolean {
  return (
    program.evaluate !== undefined ||
    reachable(rootsOf(program)).some(
      (node) => node.kind === 'apply' && node.operator.kind === 'random',
    )
  )
}

const cellOf = (place: number): number => Math.floor(place / CELL)

/** The factor by which `later` is a multiple of `earlier`; undefined when it is none that counts. */
function factorOf(earlier: Known, later: Known, mode: BehaviourMode): number | undefined {
  if (areAlike(earlier, later, 1)) return 1
  if (mode === 'exact') return undefined
  const factor = factorBetween(earlier.updates, later.updates)
  // A round factor is not left to rounding.
  const opposite = factor !== undefined && Math.abs(factor + 1) < exactTolerance.relative
  const found = opposite ? -1 : factor
  if (found === undefined || !areAlike(earlier, later, found)) return undefined
  return isProportional(earlier.further()) && isProportional(later.further()) ? found : undefined
}

/** Whether the updates of `later` are `factor` times those of `earlier`; what is cheap and tells most rules apart first. */
function areAlike(earlier: Known, later: Known, factor: number): boolean {
  return (
    areMultiples(earlier.updates, later.updates, factor, exactTolerance) &&
    areMultiples(earlier.further(), later.further(), factor, exactTolerance) &&
    areMultiples(earlier.rounded(), later.rounded(), factor, roundedTolerance) &&
    areAlikeOnMatrices(earlier, later, factor) &&
    areAlikeFarAway(earlier.program, later.program, factor)
  )
}

/** Whether rules of which one reads the shape of a parameter are multiples of each other on a matrix too. */
function areAlikeOnMatrices(a: Known, b: Known, factor: number): boolean {
  return (
    !(a.readsShape() || b.readsShape()) ||
    areMultiples(a.onMatrix(), b.onMatrix(), factor, exactTolerance)
  )
}

/** Whether rules that mention numbers of steps are multiples of each other beyond them too. */
function areAlikeFarAway(a: Program, b: Program, factor: number): boolean {
  const steps = Math.max(stepsMentioned(a), stepsMentioned(b))
  if (steps === 0) return true
  const [first, second] = [distantBehaviour(a, steps), distantBehaviour(b, steps)]
  return areMultiples(first, second, factor, exactTolerance)
}
