import { describe, expect, test } from 'vitest'
import { hasErrors } from '../../src/compile.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { adopt, negateUpdate, tidy } from '../../src/mutate/adopt.ts'
import { mutate, type Mutant, type MutationKind } from '../../src/mutate/mutate.ts'
import type { Mutation } from '../../src/mutate/mutations/mutation.ts'
import { mutations } from '../../src/mutate/mutations/table.ts'
import { splitEdge } from '../../src/mutate/edge.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Expression, Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { checkText } from '../check/check-text.ts'
import { updatesOf } from '../ir/program.ts'
import { optFiles, source } from '../stdlib/library.ts'
import {
  tests,
  drawSomeRule,
  isClose,
  printingFault,
  programOf,
  published,
  randomOf,
} from './published.ts'

const mutated = (module: Module, random: Random): Mutant => mutate(published, module, random, tests)

/** The modules along `count` mutations one after the other. */
function lineage(start: Module, count: number, random: Random): Module[] {
  const modules: Module[] = []
  for (let module = start; modules.length < count;) {
    const mutant = mutated(module, random)
    if (!('module' in mutant)) continue
    module = mutant.module
    modules.push(module)
  }
  return modules
}

const moduleOf = (text: string): Module => parse({ path: 'rule.opt', text }).value

/** A rule of the published space with the given lets. */
const ruleWith = (lets: string, update = 'published_lr(t, lr, warmup, hold) * u'): Module =>
  adopt(
    published,
    moduleOf(
      `optimizer Rule(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0) {\n${lets}\nupdate = ${update}\n}\n`,
    ),
  )

const letNames = (module: Module): string[] =>
  module.items.flatMap((item) =>
    item.kind !== 'optimizer'
      ? []
      : item.body.statements.flatMap((each) => (each.kind === 'let' ? [each.name.name] : [])),
  )

test('mutants, and mutants of mutants, print, parse and check, and differ from their parents', () => {
  for (let number = 0; number < 8; number++) {
    const random = randomOf('lineage', number)
    let parent = drawSomeRule(random)
    for (const module of lineage(parent, 8, random)) {
      expect(printingFault(module)).toBeUndefined()
      expect(programOf(module).name).toBe('Candidate')
      expect(equal(module, parent)).toBe(false)
      parent = module
    }
  }
})

describe('kinds of mutation', () => {
  const kinds = new Map<MutationKind, number>()
  const random = randomOf('kinds')
  const total = 1500
  const rules = Array.from({ length: 15 }, () => drawSomeRule(random))
  for (let number = 0; number < total; number++) {
    const { kind } = mutated(rules[number % rules.length]!, random)
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const count = (...wanted: readonly MutationKind[]): number =>
    wanted.reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0)

  test('occur as often as the space says', () => {
    const table: readonly Mutation[] = mutations
    for (const { name, kinds: wanted, slot } of table) {
      const found = count(...(Object.keys(wanted) as MutationKind[]))
      if (slot === undefined) expect(isClose(found, total, published.mutation[name]!)).toBe(true)
      else expect(found).toBe(0)
    }
  })

  test('delete half of the decays they meet', () => {
    const decayed = ruleWith('let h1 = a3(t) * g\nlet u = tanh(a1(t) * h1)')
    const met = Array.from({ length: 1500 }, () => mutated(decayed, random).kind)
    const deleted = met.filter((kind) => kind === 'delete-decay').length
    const all = met.filter((kind) => kind.endsWith('-decay')).length
    expect(all).toBeGreaterThan(50)
    expect(isClose(deleted, all, published.mutation['delete_decay']!)).toBe(true)
  })

  test('do what their names say', () => {
    const before = ruleWith('let h1 = sigmoid(g)\nlet u = a1(t) * h1 + v_hat()')
    const seen = new Set<MutationKind>()
    const shape = (module: Module) => {
      const view = viewRule(published, module)!
      const nodes = view.nodes.map((node) => node.arguments.length)
      const edges = view.nodes.flatMap((node) => node.arguments)
      const found = edges.filter((edge) => splitEdge(published, edge).decay !== undefined)
      return { form: view.updates[0]!.form, arities: nodes.join(), decays: found.length }
    }
    const old = shape(before)
    for (let number = 0; number < 300; number++) {
      const mutant = mutated(before, random)
      if (!('module' in mutant)) continue
      seen.add(mutant.kind)
      const now = shape(mutant.module)
      if (mutant.kind === 'form') expect(now).toEqual({ ...old, form: now.form })
      expect(now.form !== old.form).toBe(mutant.kind === 'form')
      if (mutant.kind === 'arity') expect(now.arities).not.toBe(old.arities)
      if (mutant.kind === 'add-decay') expect(now.decays).toBe(old.decays + 1)
      if (mutant.kind === 'delete-decay') expect(now.decays).toBe(old.decays - 1)
      if (mutant.kind === 'change-decay') expect(now.decays).toBe(old.decays)
    }
    expect([...seen].sort()).toEqual(
      [
        'add-decay',
        'arity',
        'change-decay',
        'connection',
        'delete-decay',
        'form',
        'operator',
      ].sort(),
    )
  })
})

describe('mutants of drawn rules', () => {
  const random = randomOf('edges')
  const rules = Array.from({ length: 12 }, () => drawSomeRule(random))
  const mutants = rules.flatMap((rule) =>
    Array.from({ length: 120 }, () => ({ rule, mutant: mutated(rule, random) })),
  )
  const valuesOf = (module: Module) =>
    viewRule(published, module)!.nodes.map((node) =>
      node.arguments.map((edge) => splitEdge(published, edge)),
    )

  test('have two different arguments on every binary node', () => {
    for (const { mutant } of mutants) {
      if (!('module' in mutant)) continue
      for (const [first, second] of valuesOf(mutant.module))
        expect(second !== undefined && equal(first!.value, second.value)).toBe(false)
    }
  })

  test('have valid decays, and a changed one is another function', () => {
    let changed = 0
    for (const { rule, mutant } of mutants) {
      if (!('module' in mutant) || !mutant.kind.endsWith('-decay')) continue
      const decaysOf = (module: Module): Expression[] =>
        valuesOf(module).flatMap((edges) => edges.flatMap(({ decay }) => decay ?? []))
      const after = decaysOf(mutant.module)
      expect(after.every((decay) => tests.isDecay(decay))).toBe(true)
      if (mutant.kind !== 'change-decay') continue
      changed += 1
      const before = decaysOf(rule)
      const fresh = after.filter((decay) => !before.some((other) => equal(other, decay)))
      const gone = before.filter((decay) => !after.some((other) => equal(other, decay)))
      for (const decay of fresh)
        expect(gone.every((other) => tests.differ(other, decay))).toBe(true)
    }
    expect(changed).toBeGreaterThan(0)
  })

  test('say why there is none where there is none', () => {
    const reasons = new Set(
      mutants.flatMap(({ mutant }) => ('failure' in mutant ? mutant.failure : [])),
    )
    for (const reason of ['no-change', 'cycle', 'same-arguments', 'invalid-decay'])
      expect([...reasons]).toContain(reason)
  })

  test('redraw a connection, swap as often as the space says, and else keep the operator', () => {
    const rule = ruleWith('let h1 = g\nlet u = max(h1, v_hat())')
    const connections: string[] = []
    while (connections.length < 1500) {
      const mutant = mutated(rule, random)
      if (mutant.kind !== 'connection') continue
      if ('failure' in mutant) connections.push(mutant.failure)
      else connections.push(/let u = (.*)/.exec(print(mutant.module))![1]!)
    }
    const swaps = connections.filter((text) => text === 'max(v_hat(), h1)').length
    // Half of the connection mutations are of the unary node, which has nothing to swap.
    expect(isClose(swaps, connections.length, published.mutation['swap']! / 2)).toBe(true)
    for (const text of connections) expect(text).toMatch(/^max\(.*h1.*\)$|^no-change$|^same-arg/)
  })
})

test('the root keeps a hidden node', () => {
  const random = randomOf('root')
  const rule = ruleWith('let h1 = sigmoid(g)\nlet h2 = tanh(w)\nlet u = max(h1, g)')
  for (let number = 0; number < 300; number++) {
    const mutant = mutated(rule, random)
    if (!('module' in mutant)) continue
    const root = viewRule(published, mutant.module)!.nodes.find((node) => node.root)!
    const names = root.arguments.flatMap((edge) => {
      const { value } = splitEdge(published, edge)
      return value.kind === 'name' ? [value.name] : []
    })
    expect(
      names.some((name) => name === 'h1' || name === 'h2'),
      print(mutant.module),
    ).toBe(true)
  }
})

test('nodes that the root does not reach survive, and can be reached again', () => {
  const random = randomOf('inactive')
  const rule = ruleWith('let h1 = sigmoid(g)\nlet h2 = tanh(v_hat())\nlet u = erf(h1)')
  const modules = lineage(rule, 60, random)
  for (const module of modules) expect(letNames(module).sort()).toEqual(['h1', 'h2', 'u'])
  const uses = modules.filter((module) =>
    viewRule(published, module)!.nodes.some(({ name }) => name === 'h2'),
  )
  expect(uses.length).toBeGreaterThan(0)
})

test('only active nodes are mutated', () => {
  const random = randomOf('active')
  const rule = ruleWith('let h1 = sigmoid(g)\nlet h2 = tanh(v_hat())\nlet u = erf(h1)')
  for (let number = 0; number < 100; number++) {
    const mutant = mutated(rule, random)
    if ('module' in mutant) expect(print(mutant.module)).toContain('let h2 = tanh(v_hat())')
  }
})

test('a circle is a failure', () => {
  const random = randomOf('circle')
  const rule = ruleWith('let h1 = sigmoid(g)\nlet h2 = tanh(h1)\nlet u = erf(h2)')
  const failures = new Set<string>()
  for (let number = 0; number < 300; number++) {
    const mutant = mutated(rule, random)
    if ('failure' in mutant) failures.add(mutant.failure)
    else expect(letNames(mutant.module)).toHaveLength(3)
  }
  expect(failures).toContain('cycle')
})

describe('hand-written rules can be mutated', () => {
  const examples = optFiles('examples').map((name) => `examples/${name}.opt`)
  test.each([...examples, 'std/adam', 'std/lion', 'std/opt9'])('%s', (path) => {
    const { value } = parse(source(path))
    const rule = adopt(published, value)
    expect(fingerprint(programOf(rule))).toBe(fingerprint(programOf(value)))
    const random = randomOf('adopted', path)
    let count = 0
    for (let number = 0; number < 15; number++) {
      const mutant = mutated(rule, random)
      if (!('module' in mutant)) continue
      expect(printingFault(mutant.module)).toBeUndefined()
      programOf(mutant.module)
      count += 1
    }
    expect(count).toBeGreaterThan(0)
  })

  test('of several optimizers in a file the first', () => {
    const text =
      'optimizer One(lr in (0, inf) = 0.1) {\nupdate = lr * sign(g)\n}\noptimizer Two(lr in (0, inf) = 0.1) {\nupdate = lr * g\n}\n'
    const rule = adopt(published, moduleOf(text))
    expect(programOf(rule).name).toBe('One')
    const random = randomOf('several')
    for (const module of lineage(rule, 10, random)) {
      expect(programOf(module).name).toBe('One')
      expect(print(tidy(module, 'Kept', []))).not.toMatch(/Two|One/)
    }
    expect(print(tidy(moduleOf(text), 'Kept', []))).not.toMatch(/Two|One/)
  })

  test('also where one branch gives one update and one another', () => {
    const text =
      'if rank(w) >= 2 {\nlet a = tanh(g)\nupdate = lr * a\n} else {\nlet b = erf(g)\nupdate = lr * b\n}'
    const rule = adopt(published, moduleOf(text))
    const random = randomOf('branches')
    const texts = Array.from({ length: 200 }, () => mutated(rule, random)).flatMap((mutant) =>
      'module' in mutant ? print(mutant.module) : [],
    )
    expect(texts.some((each) => each.includes('tanh(g)') && !each.includes('erf(g)'))).toBe(true)
    expect(texts.some((each) => !each.includes('tanh(g)') && each.includes('erf(g)'))).toBe(true)
    for (const each of texts) expect(each.match(/update = /g)).toHaveLength(2)
    const forms = texts.filter((each) => each.includes('published_momentum(t, warmup'))
    expect(forms.some((each) => /mu = [^]*else/.test(each))).toBe(true)
    expect(forms.some((each) => /else[^]*mu = /.test(each))).toBe(true)
  })

  test('and what its own functions compute', () => {
    const text = 'fn step(x) {\nlet y = tanh(x)\nreturn y * sigmoid(w)\n}\nupdate = lr * step(g)'
    const rule = adopt(published, moduleOf(text))
    const random = randomOf('functions')
    let inside = 0
    for (let number = 0; number < 100; number++) {
      const mutant = mutated(rule, random)
      if (!('module' in mutant)) continue
      programOf(mutant.module)
      const [, body] = /fn step\(x\) {([^]*?)}/.exec(print(mutant.module))!
      if (body !== '\n  let y = tanh(x)\n  return y * sigmoid(w)\n') inside += 1
    }
    expect(inside).toBeGreaterThan(10)
  })

  test('what the space imports is found, unless the module has another thing of that name', () => {
    const text = 'fn v_hat() = 2 * g\nupdate = lr * v_hat()\n'
    const adopted = adopt(published, moduleOf(text))
    expect(fingerprint(programOf(adopted))).toBe(
      fingerprint(programOf(moduleOf('update = lr * (2 * g)'))),
    )
    expect(print(adopted)).toContain('s_hat')
  })
})

describe('tidied rules', () => {
  test('do what they did, and nothing in them is unused', () => {
    for (let number = 0; number < 12; number++) {
      const rule = drawSomeRule(randomOf('tidy', number))
      const tidied = tidy(rule, 'Best', ['Found by a test.'])
      expect(fingerprint(programOf(tidied))).toBe(fingerprint(programOf(rule)))
      const { diagnostics } = checkText(print(tidied))
      expect(hasErrors(diagnostics)).toBe(false)
      const unused = diagnostics.filter(({ code }) =>
        /^unused-(import|variable|function)/.test(code),
      )
      expect(unused).toEqual([])
      expect(print(tidied)).toContain('/// Found by a test.\noptimizer Best(')
    }
  })

  test('keep the functions and states they need', () => {
    const text =
      'fn inner(x) = 2 * x\nfn outer(x) = inner(x)\nfn idle(x) = x\noptimizer A(lr in (0, inf) = 0.1) {\n  state m = 0\n  let spare = g\n  let used = outer(g)\n  m = m + used\n  update = lr * m\n}\n'
    const tidied = print(tidy(moduleOf(text), 'Kept', []))
    expect(tidied).toMatch(/fn inner[^]*fn outer[^]*optimizer Kept[^]*state m/)
    expect(tidied).not.toMatch(/idle|spare/)
  })
})

test('a negated rule makes the opposite updates, in every branch', () => {
  const gradients = [0.5, -2, 3]
  for (const text of [
    'update = lr * ema(g)',
    'if rank(w) >= 2 {\n  update = lr * g\n} else {\n  update = lr * sign(g)\n}',
  ]) {
    const rule = adopt(published, moduleOf(text))
    for (const shape of [[1], [1, 1]]) {
      const updates = updatesOf(programOf(rule), gradients, { shape })
      const negated = updatesOf(programOf(negateUpdate(rule)), gradients, { shape })
      for (const [index, update] of updates.entries())
        expect(negated[index]).toBeCloseTo(-update, 12)
      expect(updates.every((update) => update !== 0)).toBe(true)
    }
  }
})
