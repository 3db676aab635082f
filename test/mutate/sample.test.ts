import { describe, expect, test } from 'vitest'
import type { Choices, Space, Template } from '../../src/mutate/space/space.ts'
import { isIdentity, matchTemplate } from '../../src/mutate/template.ts'
import { splitEdge } from '../../src/mutate/edge.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import { drawArgument, drawCurve } from '../../src/mutate/draw-graph.ts'
import { drawRule } from '../../src/mutate/sample.ts'
import type { Expression, Module } from '../../src/syntax/ast.ts'
import { equal } from '../../src/syntax/traverse.ts'
import {
  tests,
  drawSomeRule,
  isClose,
  printingFault,
  programOf,
  published,
  randomOf,
} from './published.ts'

const RULES = 60

test('random rules print, parse to the same tree and check without errors', () => {
  for (let number = 0; number < RULES; number++) {
    const rule = drawSomeRule(randomOf('rule', number))
    expect(printingFault(rule)).toBeUndefined()
    expect(programOf(rule).name).toBe('Candidate')
  }
})

test('the same random source gives the same rule', () => {
  expect(equal(drawSomeRule(randomOf('same')), drawSomeRule(randomOf('same')))).toBe(true)
  expect(equal(drawSomeRule(randomOf('same')), drawSomeRule(randomOf('other')))).toBe(false)
})

/** Without edges between hidden nodes no rule is thrown away for a circle, which would favour some. */
const flat: Space = { ...published, rule: { ...published.rule, reuse: 0 } }

interface Node {
  readonly template: Template
  readonly arguments: readonly Expression[]
}

function nodeOf(expression: Expression): Node {
  const { decay, value } = splitEdge(flat, expression)
  const { unary, binary, operands } = flat.rule
  const identity = unary.items.find(isIdentity)!
  if (decay !== undefined || value.kind === 'name' || operands.some((each) => equal(each, value)))
    return { template: identity, arguments: [expression] }
  for (const template of [...unary.items, ...binary.items]) {
    const arguments_ = isIdentity(template) ? undefined : matchTemplate(template, expression)
    if (arguments_ !== undefined) return { template, arguments: arguments_ }
  }
  throw new Error('a drawn node is no operator of the space')
}

function letsOf(module: Module): ReadonlyMap<string, Expression> {
  const optimizer = module.items.find((item) => item.kind === 'optimizer')!
  return new Map(
    optimizer.body.statements.flatMap((statement) =>
      statement.kind === 'let' ? [[statement.name.name, statement.value] as const] : [],
    ),
  )
}

describe('random rules follow the probabilities of the space', () => {
  const random = randomOf('statistics')
  const modules = Array.from({ length: 800 }, () =>
    drawRule(flat, random, { ...tests, isDecay: () => true })!,
  )
  const roots = modules.map((module) => nodeOf(letsOf(module).get('u')!))
  const hidden = modules.flatMap((module) =>
    [...letsOf(module)].filter(([name]) => name !== 'u').map(([, value]) => nodeOf(value)),
  )
  const all = [...roots, ...hidden]

  test('in the number of nodes', () => {
    expect(hidden).toHaveLength(published.rule.hidden * modules.length)
  })

  test('in the number of arguments', () => {
    const unary = (nodes: readonly Node[]): number =>
      nodes.filter((node) => node.arguments.length === 1).length
    expect(isClose(unary(hidden), hidden.length, published.rule.hiddenUnary)).toBe(true)
    expect(isClose(unary(roots), roots.length, published.rule.rootUnary)).toBe(true)
  })

  test.each([
    ['unary', published.rule.unary],
    ['binary', published.rule.binary],
  ] as const)('in the %s operators', (_, choices: Choices<Template>) => {
    const arity = choices.items[0]!.parameters.length
    const nodes = all.filter((node) => node.arguments.length === arity)
    for (const [index, template] of choices.items.entries()) {
      const count = nodes.filter((node) => node.template === template).length
      const weight = choices.weights[index]!
      expect(isClose(count, nodes.length, weight), `${index}: ${count} of ${nodes.length}`).toBe(
        true,
      )
    }
  })

  test('in the decays on edges', () => {
    const edges = all.flatMap((node) => node.arguments)
    const decayed = edges.filter((edge) => splitEdge(flat, edge).decay !== undefined).length
    expect(isClose(decayed, edges.length, published.decayProbability)).toBe(true)
  })

  test('in the outer forms', () => {
    const forms = modules.map((module) => viewRule(flat, module)!.updates[0]!.form)
    for (const form of published.forms.keys()) {
      const count = forms.filter((each) => each === form).length
      expect(isClose(count, forms.length, 1 / published.forms.length)).toBe(true)
    }
  })

  test('in the roots, which use a hidden node', () => {
    const isNode = (edge: Expression): boolean => {
      const { value } = splitEdge(flat, edge)
      return value.kind === 'name' && /^h\d$/.test(value.name)
    }
    expect(roots.every((root) => root.arguments.some(isNode))).toBe(true)
  })

  test('in arguments that differ', () => {
    const same = all.filter(({ arguments: [a, b] }) => {
      if (b === undefined) return false
      return equal(splitEdge(flat, a!).value, splitEdge(flat, b).value)
    })
    expect(same).toEqual([])
  })
})

test('an argument is another node as often as the space says, and each operand as likely as the next', () => {
  const random = randomOf('arguments')
  const total = 4000
  const drawn = Array.from({ length: total }, () =>
    drawArgument(published.rule, random, ['h1', 'h2']),
  )
  const { operands, reuse } = published.rule
  const count = (wanted: (value: Expression) => boolean): number => drawn.filter(wanted).length
  for (const name of ['h1', 'h2'])
    expect(
      isClose(
        count((value) => value.kind === 'name' && value.name === name),
        total,
        reuse / 2,
      ),
    ).toBe(true)
  for (const operand of operands)
    expect(
      isClose(
        count((value) => equal(value, operand)),
        total,
        (1 - reuse) / operands.length,
      ),
    ).toBe(true)
})

describe('random decays', () => {
  test('pass the test they are drawn with', () => {
    const random = randomOf('decays')
    for (let number = 0; number < 100; number++)
      expect(tests.isDecay(drawCurve(published.decay, random, tests.isDecay))).toBe(true)
  })

  test('are a root on a hidden node and bases', () => {
    const random = randomOf('shape of decays')
    const isNode = (node: Expression, depth: number): boolean => {
      if (published.decay.operands.some((operand) => equal(operand, node))) return true
      const { unary, binary } = published.decay
      return [...unary.items, ...binary.items].some((template) => {
        const arguments_ = isIdentity(template) ? undefined : matchTemplate(template, node)
        return depth > 0 && arguments_?.every((argument) => isNode(argument, depth - 1)) === true
      })
    }
    for (let number = 0; number < 300; number++)
      expect(
        isNode(
          drawCurve(published.decay, random, () => true),
          2,
        ),
      ).toBe(true)
  })
})
