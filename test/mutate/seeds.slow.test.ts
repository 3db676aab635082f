import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import type { Space } from '../../src/mutate/space/space.ts'
import { hasErrors } from '../../src/compile.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { mutate, type MutationKind } from '../../src/mutate/mutate.ts'
import { failureWords } from '../../src/mutate/mutations/table.ts'
import type { SlotTests } from '../../src/mutate/sample.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { loader, optFiles, optimizerNames, source } from '../stdlib/library.ts'
import { printingFault, randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

const { space: joint, tests } = spaceOf('joint')

/** Most mutations of its rules are of their decays and schedules, which on large rules are rare otherwise. */
const curves: Space = {
  ...joint,
  mutation: { ...joint.mutation, operator: 0, connection: 0, arity: 0, form: 0 },
}

const everything = spaceOf('modern')

const seeds = [
  ...optimizerNames.map((name) => `std/${name}`),
  ...optFiles('examples').map((name) => `examples/${name}.opt`),
]

const KINDS: readonly MutationKind[] = ['operator', 'connection', 'arity', 'form']
const FAILURES = [...failureWords().keys()]
const TRIES = 2000

/** The first mutant of each of the kinds that checks; those before it are held to their promises like it. */
function mutantsOf(
  space: Space,
  parent: Module,
  kinds: readonly MutationKind[],
  random: Random,
  asked: SlotTests = tests,
): ReadonlyMap<MutationKind, Module> {
  const found = new Map<MutationKind, Module>()
  for (let tries = 0; tries < TRIES && !kinds.every((kind) => found.has(kind)); tries++) {
    const mutant = mutate(space, parent, random, asked)
    if ('failure' in mutant) {
      expect(FAILURES).toContain(mutant.failure)
      continue
    }
    if (found.has(mutant.kind) || !kinds.includes(mutant.kind)) continue
    expect(printingFault(mutant.module)).toBeUndefined()
    expect(equal(mutant.module, parent)).toBe(false)
    const { diagnostics } = check(mutant.module, loader)
    if (!hasErrors(diagnostics)) found.set(mutant.kind, mutant.module)
  }
  expect([...found.keys()]).toEqual(expect.arrayContaining([...kinds]))
  return found
}

describe('every hand-written rule can be mutated in every way', () => {
  test.each(seeds)('%s', (path) => {
    const seed = adopt(joint, parse(source(path)).value)
    const random = randomOf('seed', path)
    const scheduled = mutantsOf(joint, seed, [...KINDS, 'add-schedule'], random).get(
      'add-schedule',
    )!
    const decayed = mutantsOf(curves, scheduled, ['add-decay'], random).get('add-decay')!
    const more = ['change-decay', 'delete-decay', 'change-schedule', 'delete-schedule'] as const
    mutantsOf(curves, decayed, more, random)
  })
})

describe('every hand-written rule can be wrapped and changed in the modern space', () => {
  test.each(seeds)('%s', (path) => {
    const { space } = everything
    const seed = adopt(space, parse(source(path)).value)
    const kinds = ['operator', 'form', 'wrap', 'remove-part'] as const
    mutantsOf(space, seed, kinds, randomOf('modern seed', path), everything.tests)
  })
})

test('some thousand rules of the modern space check, drawn and mutated', () => {
  const { space, tests: asked } = everything
  for (let number = 0; number < 1500; number++) {
    const random = randomOf('modern thousand', number)
    const drawn = drawSome(everything, random)
    const mutant = mutate(space, drawn, random, asked)
    for (const rule of [drawn, ...('module' in mutant ? [mutant.module] : [])]) {
      expect(printingFault(rule)).toBeUndefined()
      expect(hasErrors(check(rule, loader).diagnostics)).toBe(false)
    }
  }
})
