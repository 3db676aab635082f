import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { adopt, negateUpdate, tidy } from '../../src/mutate/adopt.ts'
import { viewCurve } from '../../src/mutate/curve.ts'
import { createDecayTests } from '../../src/evolve/decay-conditions.ts'
import { addFactor, findFactor, removeFactor } from '../../src/mutate/factor.ts'
import { mutate, type Mutant, type MutationKind } from '../../src/mutate/mutate.ts'
import { printNotation } from '../../src/mutate/notation-print.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import { drawCurve } from '../../src/mutate/draw-graph.ts'
import { copy, fill, matchTemplate } from '../../src/mutate/template.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Expression, Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { equal, transform } from '../../src/syntax/traverse.ts'
import { loader, scheduleOf, source } from '../stdlib/library.ts'
import { isClose, printingFault, programOf, published, randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

const searched = spaceOf('joint')
const { space: joint, tests } = searched
const schedule = joint.schedule!
const { valuesOf } = createDecayTests(joint, loader)

const moduleOf = (text: string): Module => parse({ path: 'rule.opt', text }).value

function expressionOf(text: string): Expression {
  const [item] = moduleOf(`fn f() = ${text}`).items
  if (item?.kind !== 'function' || item.body.kind === 'block') throw new Error(text)
  return item.body
}

const mutated = (module: Module, random: Random): Mutant => mutate(joint, module, random, tests)

/** A rule with a factor of its own, or without one. */
const ruleWith = (
  factor: string | undefined,
  body = `update = lr * ${factor === undefined ? '' : 'factor(t) * '}sign(g)`,
): Module =>
  adopt(
    joint,
    moduleOf(
      `${factor === undefined ? '' : `schedule factor(t) = ${factor}\n`}optimizer Rule(lr in (0, inf) = 0.1) {\n${body}\n}\n`,
    ),
  )

const factorText = (module: Module): string | undefined => {
  const found = findFactor(joint, module)
  return found && print({ ...module, items: [found.declaration] }).trim()
}

test('the joint space is the published one with a slot more', () => {
  const { mutation, schedule: slot, name, imports, ...rest } = joint
  const { mutation: before, name: other, imports: fewer, ...same } = published
  expect([name, other]).toEqual(['joint', 'published'])
  expect(imports.length).toBe(fewer.length + 1)
  expect(slot).toBeDefined()
  const withoutPlaces = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'span' ? 0 : inner)))
  expect(withoutPlaces(rest)).toEqual(withoutPlaces(same))
  for (const kind of ['operator', 'connection', 'arity', 'form', 'decay'] as const)
    expect(mutation[kind]).toBeCloseTo(before[kind]! * (1 - mutation['schedule']!), 12)
})

describe('the published schedules are points of the slot', () => {
  /** What the library writes in another way: the same function on the values these have. */
  const spellings = [
    ['sqrt(x)', 'sqrt_abs(x)'],
    ['x^2', 'square(x)'],
    ['1 / (x + 1e-7)', 'safe_divide(1, x)'],
  ].map(
    ([library, space]) =>
      [
        { expression: expressionOf(library!), parameters: ['x'] },
        { expression: expressionOf(space!), parameters: ['x'] },
      ] as const,
  )
  const declared = (name: string): Expression => {
    const { items } = parse(source(`std/${name}`)).value
    const found = items.find((item) => item.kind === 'function' && item.name.name === name)
    if (found?.kind !== 'function' || found.body.kind === 'block') throw new Error(name)
    return found.body
  }
  const pointOf = (name: string): Expression =>
    transform(declared(name), (node) => {
      if (node.kind === 'call' && /^lr\d$/.test(node.callee.name)) return pointOf(node.callee.name)
      if (!['binary', 'call'].includes(node.kind)) return node
      for (const [library, space] of spellings) {
        const arguments_ = matchTemplate(library, node as Expression)
        if (arguments_ !== undefined) return fill(space, arguments_)
      }
      return node
    })

  test.each(Array.from({ length: 9 }, (_, index) => `lr${index + 1}`))('%s', (name) => {
    const point = pointOf(name)
    const nodes = viewCurve(schedule.factor, point)?.nodes
    expect(nodes).toBeDefined()
    expect(nodes!.length).toBeLessThanOrEqual(schedule.factor.hidden + 1)
    expect(tests.isSchedule(point)).toBe(true)
    const library = scheduleOf(name, name)
    for (const [t, value] of valuesOf(point).entries()) {
      const expected = evaluateFunction(library, [], t, 100)
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
    }
  })
})

describe('a factor', () => {
  test.each([
    ['a4(t) / a3(t)', false],
    ['1 / a2(t)', false],
    ['a2(t) - 1', false],
    ['a2(t) - a2(t)', false],
    ['2 + a2(t)', true],
    ['safe_divide(1, a12(t))', false],
    ['safe_divide(1, sqrt_abs(a12(t)))', true],
    ['square(released_ramp_demon(t))', false],
  ])('%s', (text, expected) => {
    expect(tests.isSchedule(expressionOf(text))).toBe(expected)
  })

  test('is bounded by what the space says', () => {
    const three = expressionOf('a2(t) + 2')
    expect(tests.isSchedule(three)).toBe(true)
    expect(Math.max(...valuesOf(three))).toBeLessThanOrEqual(schedule.most)
    expect(tests.differ(three, expressionOf('2 + a2(t)'))).toBe(false)
    expect(tests.differ(three, expressionOf('a2(t) + 1'))).toBe(true)
  })
})

describe('drawn rules', () => {
  const random = randomOf('joint rules')
  const rules = Array.from({ length: 200 }, () => drawSome(searched, random))

  test('have a valid factor as often as the space says', () => {
    const factors = rules.flatMap((rule) => findFactor(joint, rule) ?? [])
    expect(isClose(factors.length, rules.length, schedule.probability)).toBe(true)
    expect(factors.every(({ curve }) => tests.isSchedule(curve.tree))).toBe(true)
    expect(factors.some(({ curve }) => Math.max(...valuesOf(curve.tree)) > 1)).toBe(true)
  })

  test('print, parse and check, and keep their factor through it', () => {
    for (const rule of rules.slice(0, 12)) {
      expect(printingFault(rule)).toBeUndefined()
      const program = programOf(rule)
      const read = moduleOf(print(rule))
      expect(factorText(read)).toBe(factorText(rule))
      const view = viewRule(joint, read)!
      expect(view.updates).toHaveLength(1)
      expect(view.updates[0]!.rate).toBeDefined()
      expect(view.updates[0]!.core).toMatchObject({ kind: 'name', name: 'u' })
      const tidied = moduleOf(print(tidy(read, 'Best', [])))
      expect(factorText(tidied)).toBe(factorText(rule))
      expect(fingerprint(programOf(tidied))).toBe(fingerprint(program))
      if (view.factor === undefined) continue
      expect(factorText(moduleOf(print(negateUpdate(read))))).toBe(factorText(rule))
      expect(printNotation(joint, read)).toBeUndefined()
    }
  })

  test('are drawn within the size of the slot', () => {
    const drawn = Array.from({ length: 300 }, () => drawCurve(schedule.factor, random, () => true))
    const sizes = drawn.map((curve) => viewCurve(schedule.factor, curve)!.nodes.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(schedule.factor.hidden + 1)
    expect(Math.max(...sizes)).toBeGreaterThan(3)
  })
})

describe('mutations of the slot', () => {
  const random = randomOf('slot')
  const tally = (module: Module, count: number): Map<MutationKind, number> => {
    const kinds = new Map<MutationKind, number>()
    for (let number = 0; number < count; number++) {
      const { kind } = mutated(module, random)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
    return kinds
  }

  test('are as frequent as the space says', () => {
    const without = tally(ruleWith(undefined), 800)
    expect(isClose(without.get('add-schedule') ?? 0, 800, joint.mutation['schedule']!)).toBe(true)
    expect([...without.keys()]).not.toContain('delete-schedule')
    const kinds = tally(ruleWith('1 / sqrt_abs(erf(a11(t)))'), 1200)
    const deleted = kinds.get('delete-schedule') ?? 0
    const all = deleted + (kinds.get('change-schedule') ?? 0)
    expect(isClose(all, 1200, joint.mutation['schedule']!)).toBe(true)
    expect(isClose(deleted, all, joint.mutation['delete_schedule']!)).toBe(true)
  })

  test('add a factor to any rule, in every branch and under every form', () => {
    for (const body of [
      'update = lr * sign(g)',
      'update = heavy_ball(lr * g, mu = 0.9)',
      'let factor = g\nupdate = lr * factor',
      'if rank(w) >= 2 {\nupdate = lr * g\n} else {\nupdate = lr * sign(g)\n}',
      'let step = lr * g\nupdate = step',
    ]) {
      const rule = ruleWith(undefined, body)
      const changed = addFactor(joint, rule, expressionOf('2 * a1(t)'))
      expect(printingFault(changed)).toBeUndefined()
      programOf(changed)
      const read = moduleOf(print(changed))
      const factor = findFactor(joint, read)!
      expect(factorText(read)).toMatch(/^schedule factor2?\(t\) = 2 \* a1\(t\)$/)
      expect(equal(removeFactor(read, factor), { ...read, items: rule.items })).toBe(true)
    }
  })

  test('change one factor into another that is one, within its size', () => {
    const failures = new Set<string>()
    let rule = ruleWith('1 / sqrt_abs(erf(a11(t)))')
    let changes = 0
    for (let number = 0; number < 4000 && changes < 20; number++) {
      const mutant = mutated(rule, random)
      if (mutant.kind !== 'change-schedule') continue
      if ('failure' in mutant) {
        failures.add(mutant.failure)
        continue
      }
      changes += 1
      const before = findFactor(joint, rule)!.curve.tree
      const { curve } = findFactor(joint, mutant.module)!
      expect(tests.isSchedule(curve.tree) && tests.differ(before, curve.tree)).toBe(true)
      expect(curve.nodes.length).toBeLessThanOrEqual(schedule.factor.hidden + 1)
      expect(printingFault(mutant.module)).toBeUndefined()
      const others = (module: Module): readonly string[] =>
        module.items.flatMap((item) => (item.kind === 'function' ? [] : [item.kind]))
      expect(others(mutant.module)).toEqual(others(rule))
      rule = mutant.module
    }
    expect(changes).toBe(20)
    expect([...failures]).toContain('invalid-schedule')
    programOf(rule)
  })

  test('lineages of joint rules check', () => {
    let rule = drawSome(searched, random)
    const kinds = new Set<MutationKind>()
    for (let count = 0; count < 60;) {
      const mutant = mutated(rule, random)
      if ('failure' in mutant) continue
      rule = mutant.module
      kinds.add(mutant.kind)
      count += 1
      if (count % 6 === 0) {
        expect(printingFault(rule)).toBeUndefined()
        programOf(rule)
      }
    }
    expect(kinds.size).toBeGreaterThan(6)
  })

  test('a schedule that is no point of the slot is left alone', () => {
    const own =
      'schedule factor(t) = floor(a1(t))\noptimizer Rule(lr in (0, inf) = 0.1) {\nupdate = lr * factor(t) * g\n}'
    const rule = adopt(joint, moduleOf(own))
    expect(findFactor(joint, rule)).toBeUndefined()
    expect(findFactor(published, rule)).toBeUndefined()
    const added = addFactor(joint, rule, copy(schedule.factor.operands[0]!))
    expect(factorText(added)).toBe('schedule factor2(t) = a1(t)')
    programOf(added)
  })
})
