import { readSpace, type Space } from '../../src/mutate/space/space.ts'
import { createSlotTests } from '../../src/evolve/slot-conditions.ts'
import { drawRule, type SlotTests } from '../../src/mutate/sample.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { loader, source } from '../stdlib/library.ts'

/** A space of the library with what a search asks about its curves. */
export interface SearchedSpace {
  readonly space: Space
  readonly tests: SlotTests
}

/** Reads a space of the library. Throws when it cannot be used. */
export function spaceOf(name: string): SearchedSpace {
  const module = parse(source(`std/spaces/${name}`)).value
  const declaration = module.items.find((item) => item.kind === 'space')
  const space = declaration && readSpace(module, declaration).value
  if (space === undefined) throw new Error(`std/spaces/${name} declares no usable space`)
  return { space, tests: createSlotTests(space, loader) }
}

/** A random rule of the space, drawn again where its nodes need each other in a circle. */
export function drawSome({ space, tests }: SearchedSpace, random: Random): Module {
  for (;;) {
    const module = drawRule(space, random, tests)
    if (module !== undefined) return module
  }
}
