import type { ModuleLoader } from '../check/checked-module.ts'
import type { Space } from '../check/space.ts'
import { compileModule } from '../compile.ts'
import { fingerprint } from '../ir/fingerprint.ts'
import type { Program } from '../ir/graph.ts'
import type { Random } from '../operators/random.ts'
import { mutate, type MutationFailure, type MutationKind } from '../mutate/mutate.ts'
import { drawRule } from '../mutate/sample.ts'
import type { Module } from '../syntax/ast.ts'
import { applyFilters, type Filter } from './filters.ts'
import { checkIntegrity, type Integrity } from './integrity.ts'
import { createSlotTests } from './schedule-test.ts'

/** Draws of one rule before it is given up. */
export const MOST_DRAWS = 2000

/** A rule that passed the integrity check. */
export interface Candidate {
  readonly module: Module
  readonly program: Program
  /** Equal for rules that compute the same function. */
  readonly fingerprint: string
  readonly integrity: Integrity
  /** What made it from its parent; absent for drawn and given rules. */
  readonly mutation?: MutationKind
}

/** Why a drawn or mutated rule was thrown away: `filter:NAME` where a filter before training did it. */
export type Rejection =
  MutationFailure | 'does-not-check' | 'known' | 'integrity' | `filter:${string}`

/** How many draws were thrown away for one reason. */
export interface Rejected {
  /** What was tried on the parent; absent for drawn and given rules. */
  readonly mutation?: MutationKind
  readonly reason: Rejection
  readonly count: number
}

/** A candidate, and what was thrown away before it; none after `limit` draws. */
export interface Draw {
  readonly candidate: Candidate | undefined
  /** A row for each kind of mutation and reason, in the order of first occurrence. */
  readonly rejections: readonly Rejected[]
}

/** Draws rules of one space. */
export interface Breeder {
  /** A random rule. */
  readonly draw: (random: Random, limit: number) => Draw
  /** A mutant of `parent` whose fingerprint is not among the `known` ones. */
  readonly mutate: (
    parent: Module,
    known: ReadonlySet<string>,
    random: Random,
    limit: number,
  ) => Draw
  /** A given rule, checked like the others. */
  readonly admit: (module: Module) => Draw
}

/** What one draw gave: a candidate, or why there is none. */
interface Attempted {
  readonly mutation?: MutationKind
  readonly result: Candidate | Rejection
}

/** Draws, mutates and checks rules of `space`; its imports are found with `loader`. */
export function createBreeder(
  space: Space,
  loader: ModuleLoader,
  filters: readonly Filter[] = [],
): Breeder {
  const tests = createSlotTests(space, loader)

  const examine = (module: Module, known: ReadonlySet<string>): Candidate | Rejection => {
    const program = compileModule(module, loader).value?.programs[0]
    if (program === undefined) return 'does-not-check'
    const key = fingerprint(program)
    if (known.has(key)) return 'known'
    const integrity = checkIntegrity(program)
    if (!integrity.accepted) return 'integrity'
    const filter = applyFilters(filters, { program, ...integrity })
    return filter === undefined
      ? { module, program, fingerprint: key, integrity }
      : `filter:${filter}`
  }

  const repeat = (limit: number, attempt: () => Attempted): Draw => {
    const rejections: Rejected[] = []
    for (let count = 0; count < limit; count++) {
      const { mutation, result } = attempt()
      if (typeof result !== 'string') return { candidate: result, rejections: addUp(rejections) }
      rejections.push({ ...(mutation && { mutation }), reason: result, count: 1 })
    }
    return { candidate: undefined, rejections: addUp(rejections) }
  }

  return {
    draw: (random, limit) =>
      repeat(limit, () => {
        const module = drawRule(space, random, tests)
        return { result: module === undefined ? 'cycle' : examine(module, new Set()) }
      }),
    mutate: (parent, known, random, limit) =>
      repeat(limit, () => {
        const mutant = mutate(space, parent, random, tests)
        const mutation = mutant.kind
        if ('failure' in mutant) return { mutation, result: mutant.failure }
        const result = examine(mutant.module, known)
        return { mutation, result: typeof result === 'string' ? result : { ...result, mutation } }
      }),
    admit: (module) => repeat(1, () => ({ result: examine(module, new Set()) })),
  }
}

/** Rows with the counts of equal kinds and reasons added up, in the order of first occurrence. */
export function addUp(rejections: readonly Rejected[]): Rejected[] {
  const sums = new Map<string, Rejected>()
  for (const each of rejections) {
    const key = `${each.mutation} ${each.reason}`
    sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) })
  }
  return [...sums.values()]
}
