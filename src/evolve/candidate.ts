import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import { fingerprint } from '../ir/fingerprint.ts'
import type { Program } from '../ir/graph.ts'
import type { Random } from '../operators/random.ts'
import { mutate, type MutationKind } from '../mutate/mutate.ts'
import { drawRule } from '../mutate/sample.ts'
import type { Module } from '../syntax/ast.ts'
import { applyFilters, type Filter } from './filters.ts'
import { checkIntegrity, type Integrity } from './integrity.ts'
import { rejectionBy, type Rejection } from './rejection.ts'
import { compileOnce, createSlotTests } from './slot-conditions.ts'

/** Draws of one rule before it is given up. */
export const MOST_DRAWS = 2000

/** A rule that passed the integrity check, where rules have to. */
export interface Candidate {
  readonly module: Module
  readonly program: Program
  /** Equal for rules that compute the same function; worked out when it is first asked for. */
  readonly fingerprint: string
  readonly integrity: Integrity
  /** What made it from its parent; absent for drawn and given rules. */
  readonly mutation?: MutationKind
}

/** How many rules that one kind of mutation made, or that were drawn, were thrown away for one reason. */
export interface Rejected {
  readonly mutation?: MutationKind
  readonly reason: Rejection
  readonly count: number
}

/**
 * A candidate, and the draws thrown away before it: a row per kind of mutation and reason, in the order in which they first
 * occurred; no candidate after `limit` draws.
 */
export interface Draw {
  readonly candidate: Candidate | undefined
  readonly rejections: readonly Rejected[]
}

/**
 * A draw in pieces of some milliseconds, since a whole one may take minutes: yields, after each rule thrown away, how many
 * there are.
 */
export type Drawing = Generator<number, Draw, void>

/** Draws rules of one space. */
export interface Breeder {
  /** A random rule. */
  readonly draw: (random: Random, limit: number) => Drawing
  /** A mutant of `parent` whose fingerprint is not among the `known` ones. */
  readonly mutate: (
    parent: Module,
    known: ReadonlySet<string>,
    random: Random,
    limit: number,
  ) => Drawing
  /** A given rule, checked like the others. */
  readonly admit: (module: Module) => Draw
}

/** What came of one attempt. */
interface Attempt {
  readonly mutation?: MutationKind
  readonly result: Candidate | Rejection
}

const nothingKnown: ReadonlySet<string> = new Set()

/** What rules have to pass before they are trained. */
export interface Tests {
  readonly filters?: readonly Filter[]
  /** Whether they need not pass the integrity check; their sign then stays as it is. */
  readonly isUnchecked?: boolean
}

/** Draws, mutates and checks rules of `space`; its imports are found with `loader`. */
export function createBreeder(
  space: Space,
  loader: ModuleLoader,
  { filters = [], isUnchecked = false }: Tests = {},
): Breeder {
  const compile = compileOnce(loader)
  const tests = createSlotTests(space, loader, compile)

  const examine = (
    module: Module,
    known: ReadonlySet<string>,
    mutation?: MutationKind,
  ): Candidate | Rejection => {
    const program = compile(module)?.programs[0]
    if (program === undefined) return 'does-not-check'
    const integrity = isUnchecked ? unsigned(checkIntegrity(program)) : checkIntegrity(program)
    if (!integrity.accepted && !isUnchecked) return 'integrity'
    const candidate = createCandidate(module, program, integrity, mutation)
    if (known.size > 0 && known.has(candidate.fingerprint)) return 'known'
    if (filters.length === 0) return candidate
    const filter = applyFilters(filters, { program: candidate.program, ...integrity })
    return filter === undefined ? candidate : rejectionBy(filter)
  }

  return {
    draw: (random, limit) =>
      repeat(limit, () => {
        const module = drawRule(space, random, tests)
        return { result: module === undefined ? 'cycle' : examine(module, nothingKnown) }
      }),
    mutate: (parent, known, random, limit) =>
      repeat(limit, () => {
        const mutant = mutate(space, parent, random, tests)
        const { kind: mutation } = mutant
        const result =
          'failure' in mutant ? mutant.failure : examine(mutant.module, known, mutation)
        return { mutation, result }
      }),
    admit: (module) => drawn(repeat(1, () => ({ result: examine(module, nothingKnown) }))),
  }
}

/** What a check came to without the sign that it would give; a journal holds finite numbers only. */
const unsigned = (integrity: Integrity): Integrity => ({
  ...integrity,
  accepted: integrity.accepted && !integrity.flipped,
  flipped: false,
  loss: Math.min(integrity.loss, Number.MAX_VALUE),
})

function createCandidate(
  module: Module,
  program: Program,
  integrity: Integrity,
  mutation: MutationKind | undefined,
): Candidate {
  let key: string | undefined
  return {
    module,
    program,
    integrity,
    ...(mutation !== undefined && { mutation }),
    get fingerprint() {
      return (key ??= fingerprint(program))
    },
  }
}

/** What a drawing comes to, without a pause. */
export function drawn(drawing: Drawing): Draw {
  for (;;) {
    const { done, value } = drawing.next()
    if (done) return value
  }
}

/** What a drawing comes to; undefined when `goesOn`, asked after each rule thrown away, says no. */
export async function inPieces(
  drawing: Drawing,
  goesOn: (rejected: number) => Promise<boolean>,
): Promise<Draw | undefined> {
  for (;;) {
    const { done, value } = drawing.next()
    if (done) return value
    if (!(await goesOn(value))) return undefined
  }
}

function* repeat(limit: number, attempt: () => Attempt): Drawing {
  const rejected: Rejected[] = []
  for (let count = 0; count < limit; count++) {
    const { mutation, result } = attempt()
    if (typeof result !== 'string')
      return { candidate: result, rejections: addRejections(rejected) }
    rejected.push({ ...(mutation !== undefined && { mutation }), reason: result, count: 1 })
    yield rejected.length
  }
  return { candidate: undefined, rejections: addRejections(rejected) }
}

/** The rows with those of equal kind and reason counted together, in the order in which they first occur. */
export function addRejections(...lists: readonly (readonly Rejected[])[]): readonly Rejected[] {
  const rows = new Map<string, Rejected>()
  for (const row of lists.flat()) {
    const key = `${row.mutation} ${row.reason}`
    rows.set(key, { ...row, count: (rows.get(key)?.count ?? 0) + row.count })
  }
  return [...rows.values()]
}
