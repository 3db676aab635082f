import { describe, expect, test } from 'vitest'
import { check } from '../../src/check/check.ts'
import { hasErrors } from '../../src/compile.ts'
import { createSlotTests } from '../../src/evolve/slot-conditions.ts'
import { analyze } from '../../src/ir/analysis/analyze.ts'
import { ablations } from '../../src/mutate/ablate.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { drawArgument } from '../../src/mutate/draw-graph.ts'
import { mutate, type MutationKind } from '../../src/mutate/mutate.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import { readSpace, type Space } from '../../src/mutate/space/space.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print, printInline } from '../../src/syntax/print.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { loader, source } from '../stdlib/library.ts'
import { isClose, printingFault, programOf, randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

const searched = spaceOf('modern')
const { space: modern, tests } = searched
const text = source('std/spaces/modern').text

/** The space with one place of its text changed. */
function spaceWith(from: string, to: string): Space {
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  const module = parse({ path: 'space.opt', text: changed }).value
  const declaration = module.items.find((item) => item.kind === 'space')!
  return readSpace(module, declaration).value!
}

/** The space in which nothing but one kind of mutation is drawn. */
const only = (name: string): Space => ({
  ...modern,
  mutation: {
    ...modern.mutation,
    ...{
      ...Object.fromEntries(Object.keys(modern.mutation).map((key) => [key, 0])),
      [name]: 1,
    },
  },
})

const seed = (name: string): Module => adopt(modern, parse(source(`std/${name}`)).value)

const expectRule = (module: Module): void => {
  expect(printingFault(module)).toBeUndefined()
  expect(hasErrors(check(module, loader).diagnostics), print(module)).toBe(false)
  const program = programOf(module)
  expect(analyze(program).placementOf(program.update).extent).toBe('element')
}

/** What different mutants of one kind are, by their text, of so many tries. */
function mutantsOf(kind: MutationKind, name: string, parent: Module, tries = 200): Set<string> {
  const random = randomOf('modern', kind, print(parent))
  const found = new Set<string>()
  for (let number = 0; number < tries; number++) {
    const mutant = mutate(only(name), parent, random, tests)
    expect(mutant.kind).toBe(kind)
    if ('module' in mutant) found.add(print(mutant.module))
  }
  return found
}

describe('every rule of the space checks and moves each element by a number of its own', () => {
  const DRAWS = Number(process.env['DRAWS'] ?? 100)

  test('when drawn', () => {
    for (let number = 0; number < DRAWS; number++)
      expectRule(drawSome(searched, randomOf('modern', number)))
  })

  test('when mutated, again and again', () => {
    for (let lineage = 0; lineage < DRAWS / 10; lineage++) {
      const random = randomOf('modern lineage', lineage)
      let parent = drawSome(searched, random)
      for (let generation = 0; generation < 10;) {
        const mutant = mutate(modern, parent, random, tests)
        if (!('module' in mutant)) continue
        expectRule(mutant.module)
        expect(equal(mutant.module, parent)).toBe(false)
        parent = mutant.module
        generation += 1
      }
    }
  })

  test('because others are drawn again', () => {
    const free: Space = { ...modern, extent: undefined }
    const freely = { space: free, tests: createSlotTests(free, loader) }
    const found = new Set<string>()
    for (let number = 0; number < DRAWS; number++) {
      const rule = drawSome(freely, randomOf('modern', number))
      const { diagnostics } = check(rule, loader)
      for (const { code, severity } of diagnostics) if (severity === 'error') found.add(code)
      if (hasErrors(diagnostics)) continue
      const program = programOf(rule)
      found.add(analyze(program).placementOf(program.update).extent)
    }
    expect([...found]).toEqual(
      expect.arrayContaining(['element', 'per input', 'per output', 'not-a-matrix']),
    )
  })

  test('also where the space has an operator that most rules cannot have', () => {
    // Schedules take numbers of the step alone.
    const space = spaceWith('      running_max(x),', '      published_lr(x, lr, 1, 1) : 0.5,')
    const strict = { space, tests: createSlotTests(space, loader) }
    for (let number = 0; number < 10; number++)
      expectRule(drawSome(strict, randomOf('strict', number)))
  })
})

describe('values', () => {
  test('share the probability of the choice that names them', () => {
    const { items, weights } = modern.rule.unary
    const of = (callee: string): number[] =>
      items.flatMap(({ expression, parameters }, index) =>
        expression.kind === 'call' &&
        expression.callee.name === callee &&
        parameters.includes('x') &&
        expression.arguments.length === 2
          ? [weights[index]!]
          : [],
      )
    const [average, clip] = [of('ema'), of('clip_by_norm')]
    expect([average.length, clip.length]).toEqual([
      modern.values.get('beta')!.length,
      modern.values.get('limit')!.length,
    ])
    const total = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0)
    expect(total(average)).toBeCloseTo(total(clip), 12)
    expect(total(weights)).toBeCloseTo(1, 12)
  })

  test('make no operand likelier', () => {
    const random = randomOf('operands')
    const total = 4000
    const drawn = Array.from({ length: total }, () =>
      printInline(drawArgument(modern.rule, random, [])),
    )
    const families = modern.rule.operandFamilies
    expect(families).toHaveLength(13)
    for (const family of families) {
      const texts = family.map(printInline)
      const count = drawn.filter((each) => texts.includes(each)).length
      expect(isClose(count, total, 1 / families.length), texts[0]).toBe(true)
    }
    expect(drawn.some((each) => each.includes('beta') || each.includes('slow'))).toBe(false)
  })
})

describe('mutations of a rule of the library', () => {
  const adamw = seed('adamw')

  test('another value of a hyperparameter is one of the list that has its default', () => {
    const defaults = (name: string): string[] => [
      ...new Set(
        [...mutantsOf('value', 'value', adamw)].map(
          (each) => new RegExp(`${name} in [^=]*= ([^,]*),`).exec(each)![1]!,
        ),
      ),
    ]
    expect(defaults('beta1').map(Number).sort()).toEqual([...modern.values.get('beta')!].sort())
    expect(defaults('beta2').map(Number).sort()).toEqual([...modern.values.get('slow')!].sort())
    expect(defaults('epsilon').map(Number).sort()).toEqual(
      [...modern.values.get('epsilon')!].sort(),
    )
    expect(defaults('lr')).toEqual(['0.001'])
  })

  test('an average becomes another, of the same with the same factor', () => {
    const found = [...mutantsOf('average', 'average', adamw)]
    const lines = new Set(found.flatMap((each) => /let m_hat = (.*)/.exec(each)?.[1] ?? []))
    expect([...lines].sort()).toEqual(
      [
        'corrected_ema(g, beta1)',
        'double_average(g, beta1)',
        'ema(g, beta1)',
        'look_ahead(g, beta1)',
        'quasi_hyperbolic(g, beta1)',
        'two_averages(g, beta1)',
      ].sort(),
    )
    expect(found.some((each) => each.includes('let v_hat = ema(g^2, beta2)'))).toBe(true)
  })

  test('operators are put around nodes', () => {
    const found = [...mutantsOf('wrap', 'wrap', adamw)]
    expect(found.length).toBeGreaterThan(30)
    const roots = found.flatMap((each) => /update = lr \* ([a-z_]+)\(/.exec(each)?.[1] ?? [])
    expect(new Set(roots).size).toBeGreaterThan(4)
    for (const each of found) expect(each.length).toBeGreaterThan(print(adamw).length)
  })

  test('a part that is removed is one of those that an ablation removes', () => {
    const removed = ablations(modern, adamw, loader)
    const texts = removed.map(({ module }) => print(module))
    const found = mutantsOf('remove-part', 'removal', adamw)
    expect([...found]).toEqual(expect.arrayContaining(texts))
    expect(removed.map((each) => each.removed)).toEqual(
      expect.arrayContaining(['term weight_decay * w']),
    )
  })

  test('removal takes a drawn rule apart, its form and its factor as well', () => {
    const rule = adopt(
      modern,
      parse({
        path: 'rule.opt',
        text: 'schedule factor(t) = a4(t)\noptimizer Rule(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0) {\n  let u = normalize(corrected_ema(g, 0.9))\n  update = cautious(heavy_ball(published_lr(t, lr, warmup, hold) * factor(t) * u, mu = published_momentum(t, warmup, hold)), g) + published_lr(t, lr, warmup, hold) * (0.01 * w)\n}\n',
      }).value,
    )
    const view = viewRule(modern, rule)!
    expect(printInline(modern.forms[view.updates[0]!.form!]!.expression)).toBe(
      'cautious(heavy_ball(step, mu = published_momentum(t, warmup, hold)), g) + published_lr(t, lr, warmup, hold) * (0.01 * w)',
    )
    expect(
      ablations(modern, rule, loader)
        .map(({ removed }) => removed)
        .sort(),
    ).toEqual(
      [
        'cautious',
        'corrected_ema',
        'momentum',
        'normalize',
        'schedule factor(t)',
        'term published_lr(t, lr, warmup, hold) * (0.01 * w)',
      ].sort(),
    )
    expect(mutantsOf('remove-part', 'removal', rule).size).toBe(6)
  })

  test.each([
    ['no average', 'average', 'no-average'],
    ['no value', 'value', 'no-value'],
  ])('with %s there is nothing to exchange', (_, name, failure) => {
    const plain = adopt(
      modern,
      parse({
        path: 'rule.opt',
        text: 'optimizer R(lr in (0, inf) = 0.2) {\n  update = lr * g\n}\n',
      }).value,
    )
    const random: Random = randomOf('plain')
    expect(mutate(only(name), plain, random, tests)).toEqual({
      kind: name,
      failure,
    })
  })
})
