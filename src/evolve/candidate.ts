import type { ModuleLoader } from '../check/checked-module.ts'
import type { Space } from '../check/space.ts'
import { compileModule } from '../compile.ts'
import { fingerprint } from '../ir/fingerprint.ts'
import type { Program } from '../ir/graph.ts'
import type { Random } from '../operators/random.ts'
import { mutate, type MutationFailure, type MutationKind } from '../mutate/mutate.ts'
import { drawRule } from '../mutate/sample.ts'
import type { Module } from '../syntax/ast.ts'
import { checkIntegrity, type Integrity } from './integrity.ts'
import { createSlotTests } from './schedule-test.ts'

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

/** Why a drawn or mutated rule was thrown away. */
export type Rejection = MutationFailure | 'does-not-check' | 'known' | 'integrity'

/** A candidate, and how many draws were thrown away for each reason before it; none after `limit` draws. */
export interface Draw {
  readonly candidate: Candidate | undefined
  readonly rejections: Readonly<Partial<Record<Rejection, number>>>
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
  readonly admit: (module: Module) => Candidate | Rejection
}

/** Draws, mutates and checks rules of `space`; its imports are found with `loader`. */
export function createBreeder(space: Space, loader: ModuleLoader): Breeder {
  const tests = createSlotTests(space, loader)

  const examine = (module: Module, known: ReadonlySet<string>): Candidate | Rejection => {
    const program = compileModule(module, loader).value?.programs[0]
    if (program === undefined) return 'does-not-check'
    const key = fingerprint(program)
    if (known.has(key)) return 'known'
    const integrity = checkIntegrity(program)
    return integrity.accepted ? { module, program, fingerprint: key, integrity } : 'integrity'
  }

  const repeat = (limit: number, attempt: () => Candidate | Rejection): Draw => {
    const rejections: Partial<Record<Rejection, number>> = {}
    for (let count = 0; count < limit; count++) {
      const result = attempt()
      if (typeof result !== 'string') return { candidate: result, rejections }
      rejections[result] = (rejections[result] ?? 0) + 1
    }
    return { candidate: undefined, rejections }
  }

  return {
    draw: (random, limit) =>
      repeat(limit, () => {
        const module = drawRule(space, random, tests)
        return module === undefined ? 'cycle' : examine(module, new Set())
      }),
    mutate: (parent, known, random, limit) =>
      repeat(limit, () => {
        const mutant = mutate(space, parent, random, tests)
        if ('failure' in mutant) return mutant.failure
        const result = examine(mutant.module, known)
        return typeof result === 'string' ? result : { ...result, mutation: mutant.kind }
      }),
    admit: (module) => examine(module, new Set()),
  }
}
