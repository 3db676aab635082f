import type { Space } from '../../src/mutate/space/space.ts'
import { compileModule } from '../../src/compile.ts'
import type { Program } from '../../src/ir/graph.ts'
import type { SlotTests } from '../../src/mutate/sample.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { loader } from '../stdlib/library.ts'
import { drawSome, spaceOf } from './space.ts'

const searched = spaceOf('published')

/** The published search space, and what the search asks about its decays. */
export const published: Space = searched.space
export const tests: SlotTests = searched.tests

/** A random source of a test. */
export function randomOf(...path: readonly (string | number)[]): Random {
  return createRandom(childKey(rootKey(21), ...path))
}

/** A random rule of the published space. */
export function drawSomeRule(random: Random): Module {
  return drawSome(searched, random)
}

/** The program of a module that must check without errors. Throws with the text and the errors otherwise. */
export function programOf(module: Module): Program {
  const { value, diagnostics } = compileModule(module, loader)
  const [program] = value?.programs ?? []
  if (program !== undefined) return program
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  throw new Error(
    `${errors.map(({ code, message }) => `${code}: ${message}`).join('\n')}\n${print(module)}`,
  )
}

/** What is wrong with printing a module and reading it again; undefined when nothing is. */
export function printingFault(module: Module): string | undefined {
  const text = print(module)
  const { value, diagnostics } = parse({ path: module.path, text })
  if (diagnostics.length > 0) return `${diagnostics[0]!.message}\n${text}`
  return equal(value, module) ? undefined : `read differently:\n${text}`
}

/** Whether `count` of `total` draws is within 4 standard deviations of what `probability` gives. */
export function isClose(count: number, total: number, probability: number): boolean {
  const deviation = Math.sqrt((probability * (1 - probability)) / total)
  return Math.abs(count / total - probability) <= 4 * deviation
}
