import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import type { SlotTests } from '../mutate/sample.ts'
import { compileQuietly, type Compiled } from '../compile.ts'
import { analyze } from '../ir/analysis/analyze.ts'
import { removals } from '../mutate/ablate.ts'
import type { Module } from '../syntax/ast.ts'
import { createDecayTests } from './decay-conditions.ts'

/** What a rule means; undefined when it has errors. */
export type CompileRule = (rule: Module) => Compiled | undefined

/** Compiles a rule that is asked for again, by the test whether it fits for one, but once. */
export function compileOnce(loader: ModuleLoader): CompileRule {
  const known = new WeakMap<Module, { readonly compiled: Compiled | undefined }>()
  return (rule) => {
    let found = known.get(rule)
    if (found === undefined) known.set(rule, (found = { compiled: compileQuietly(rule, loader) }))
    return found.compiled
  }
}

/**
 * What the search asks about the decays and schedule factors of `space`, on the 100 steps of a run of 100. A factor is
 * finite and never negative, positive somewhere, and from the second step on at most `most`: a warm-up starts at 0, so on
 * the first step no factor matters.
 */
export function createSlotTests(
  space: Space,
  loader: ModuleLoader,
  compile: CompileRule = compileOnce(loader),
): SlotTests {
  const { isDecay, differ, valuesOf } = createDecayTests(space, loader)
  const most = space.schedule?.most ?? 0
  return {
    isDecay,
    differ,
    fits: (rule) => {
      if (space.extent === undefined) return true
      const program = compile(rule)?.programs[0]
      return (
        program !== undefined &&
        analyze(program).placementOf(program.update).extent === space.extent
      )
    },
    removals: (rule) => {
      const types = compile(rule)?.checked.types
      return types === undefined ? [] : removals(space, rule, types).map(({ module }) => module)
    },
    isSchedule: (schedule) => {
      const values = valuesOf(schedule)
      return (
        values.every((value) => Number.isFinite(value) && value >= 0) &&
        values.some((value) => value > 0) &&
        values.slice(1).every((value) => value <= most)
      )
    },
  }
}
