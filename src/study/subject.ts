import { compileQuietly } from '../compile.ts'
import { checkIntegrity } from '../evolve/integrity.ts'
import type { Space } from '../mutate/space/space.ts'
import { readNotation } from '../mutate/notation-read.ts'
import { childKey, rootKey } from '../operators/random.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import { print } from '../syntax/print.ts'

/** A rule that a study judges. */
export interface Subject {
  /** What tables call it: a name, or its text in the published notation. */
  readonly name: string
  /** A program of its own. */
  readonly text: string
  /** Whether its update is added. */
  readonly flipped: boolean
}

/**
 * A rule of the published log with the sign that the integrity check gives it, as its authors trained it. `space` is the published one. Throws
 * an Error for a text that is no rule.
 */
export function loggedSubject(rule: string, space: Space, loader: ModuleLoader): Subject {
  const read = readNotation(space, rule)
  if ('error' in read) throw new Error(`${rule}: ${read.error.message}`)
  const program = compileQuietly(read.module, loader)?.programs[0]
  if (program === undefined) throw new Error(`${rule} does not compile`)
  return { name: rule, text: print(read.module), flipped: checkIntegrity(program).flipped }
}

/** A seed that follows from the study's and a path, and that no other path gives. */
export function studySeed(seed: number, ...path: readonly (string | number)[]): number {
  return childKey(rootKey(seed), 'study', ...path).low
}
