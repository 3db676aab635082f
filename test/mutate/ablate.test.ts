import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { ablations, type Ablation } from '../../src/mutate/ablate.ts'
import { adopt, tidy } from '../../src/mutate/adopt.ts'
import { splitEdge } from '../../src/mutate/edge.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print, printInline } from '../../src/syntax/print.ts'
import { checkText } from '../check/check-text.ts'
import { loader, optFiles, optimizer, source } from '../stdlib/library.ts'
import { printingFault, programOf, randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

const searched = spaceOf('joint')
const { space } = searched

const ablate = (module: Module): readonly Ablation[] => ablations(space, module, loader)
const library = (name: string): Module => adopt(space, parse(source(`std/${name}`)).value)
const ruleOf = (statements: string): Module =>
  adopt(space, parse({ path: 'rule.opt', text: statements }).value)
const removedFrom = (module: Module): string[] => ablate(module).map(({ removed }) => removed)

/** What every list of ablations promises. */
function expectSound(module: Module): void {
  const found = ablate(module)
  const texts = found.map((ablation) => print(ablation.module))
  expect(new Set(found.map(({ removed }) => removed)).size).toBe(found.length)
  expect(new Set([print(module), ...texts]).size).toBe(found.length + 1)
  for (const ablation of found) {
    expect(printingFault(ablation.module)).toBeUndefined()
    const { diagnostics } = checkText(print(ablation.module))
    const wrong = diagnostics.filter(
      ({ severity, code }) => severity === 'error' || code === 'update-ignores-gradient',
    )
    expect(wrong).toEqual([])
  }
}

describe('the published rules', () => {
  test.each(Array.from({ length: 10 }, (_, index) => `opt${index + 1}`))('%s', (name) => {
    const rule = library(name)
    expectSound(rule)
    expect(ablate(rule).length).toBeGreaterThan(1)
  })

  test.each([
    ['opt7', 'decay strength on asinh(mixed_g())', 'opt7_1'],
    ['opt8', 'decay strength on asinh(mixed_g())', 'opt8_1'],
    ['opt9', 'decay erfc(a11(t))', 'opt9_1'],
    ['opt10', 'decay a13(t) * a2(t) on g', 'opt10_1'],
    ['opt4_lr1', 'schedule lr1(t)', 'opt4'],
  ])('%s without its %s is %s', (name, removed, variant) => {
    const found = ablate(library(name)).find((ablation) => ablation.removed === removed)
    expect(found && fingerprint(programOf(found.module))).toBe(fingerprint(optimizer(variant)))
  })
})

test('drawn rules lose each decay, their schedule and their outer form', () => {
  let decays = 0
  for (let number = 0; number < 10; number++) {
    const rule = drawSome(searched, randomOf('ablated', number))
    expectSound(rule)
    const removed = removedFrom(rule)
    const view = viewRule(space, rule)!
    // A rule that ignores the gradient has no ablation, whatever is left out of it.
    if (removed.length === 0) continue
    expect(removed.includes('momentum')).toBe(view.updates[0]!.form !== 0)
    expect(removed.includes('schedule factor(t)')).toBe(view.factor !== undefined)
    for (const edge of view.nodes.flatMap((node) => node.arguments)) {
      const { decay, value } = splitEdge(space, edge)
      if (decay === undefined) continue
      decays += 1
      const text = `decay ${printInline(decay)} on ${printInline(value)}`
      expect(removed.some((each) => each.startsWith(text))).toBe(true)
    }
    const active = new Set(view.nodes.map(({ name }) => name))
    for (const { module } of ablate(rule)) {
      for (const line of print(rule).match(/^ {2}let h\d = .*$/gm) ?? [])
        if (!active.has(/h\d/.exec(line)![0])) expect(print(module)).toContain(line)
    }
  }
  expect(decays).toBeGreaterThan(3)
})

test('what is left of a rule is said by its text', () => {
  const rule = ruleOf(
    'let h1 = a4(t) * sign(g)\nlet h2 = g^2\nlet h3 = tanh(h1) - 1e-4 * w\nupdate = published_lr(t, 0.1, 0, 0) * max(h3, 2 * h1)',
  )
  const lines = ablate(rule).map(({ removed, module }) => {
    const statements = print(tidy(module, 'Rest', [])).match(/^ {2}(let|update).*$/gm) ?? []
    return [removed, statements.map((line) => line.trim())] as const
  })
  expect(Object.fromEntries(lines)).toMatchObject({
    'decay a4(t) on sign(g)': expect.arrayContaining(['let h1 = sign(g)']) as unknown,
    'term 1e-4 * w': expect.arrayContaining(['let h3 = tanh(h1)']) as unknown,
    'term tanh(h1)': expect.arrayContaining(['let h3 = -(1e-4 * w)']) as unknown,
    tanh: expect.arrayContaining(['let h3 = h1 - 1e-4 * w']) as unknown,
    'h3 in max': ['let h1 = a4(t) * sign(g)', 'update = published_lr(t, 0.1, 0, 0) * (2 * h1)'],
  })
})

test('the learning rate is never removed, and neither is the gradient', () => {
  for (const text of [
    'update = lr * (sign(g) + 1e-4 * w)',
    'update = lr * heavy_ball(g, mu = 0.9) / (norm(g) + 1)',
    'if rank(w) >= 2 {\nupdate = lr * tanh(g)\n} else {\nupdate = lr * (g + 1e-4 * w) * a1(t)\n}',
  ]) {
    const rule = ruleOf(text)
    expectSound(rule)
    for (const { module } of ablate(rule))
      for (const line of print(module).match(/^ *update = .*$/gm)!)
        expect(line).toMatch(/\blr\b.*g/)
  }
  expect(removedFrom(ruleOf('update = lr * (sign(g) + 1e-4 * w)'))).toEqual(['term 1e-4 * w'])
})

test('two parts that are said alike are told apart', () => {
  const rule = ruleOf('update = lr * (tanh(g) + tanh(1e-3 * w))')
  expect(removedFrom(rule)).toEqual(['term tanh(1e-3 * w)', 'tanh of g', 'tanh of 1e-3 * w'])
})

test('hand-written rules of every shape', () => {
  const names = ['adam', 'adan', 'rprop']
  for (const name of names) expectSound(library(name))
  for (const name of optFiles('examples').filter((each) => each !== 'imports')) {
    const rule = adopt(space, parse(source(`examples/${name}.opt`)).value)
    expectSound(rule)
  }
})

test('a module without an optimizer has no parts', () => {
  expect(ablate(ruleOf('fn f(x) = x'))).toEqual([])
})
