import { describe, expect, test } from 'vitest'
import type { NodeSpace, Probabilities } from '../../src/mutate/space/space.ts'
import { changeNode, drawMutation } from '../../src/mutate/change-node.ts'
import { viewCurve } from '../../src/mutate/curve.ts'
import { drawCurve } from '../../src/mutate/draw-graph.ts'
import { nodeMutations } from '../../src/mutate/mutations/table.ts'
import { isIdentity } from '../../src/mutate/template.ts'
import type { Expression } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { printInline } from '../../src/syntax/print.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { isClose, published, randomOf } from './published.ts'
import { spaceOf } from './space.ts'

const { decay, decayMutation } = published
const factor = spaceOf('joint').space.schedule!.factor

function expressionOf(text: string): Expression {
  const [item] = parse({ path: 'curve.opt', text: `fn f() = ${text}` }).value.items
  if (item?.kind !== 'function' || item.body.kind === 'block') throw new Error(text)
  return item.body
}

/** Rates at which every mutation is of that kind. */
const only = (kind: 'operator' | 'connection' | 'arity', swap = 0): Probabilities => ({
  ...{ operator: 0, connection: 0, arity: 0, swap },
  [kind]: 1,
})

const TOTAL = 600

/** What became of many mutations of a curve: its text, or why there is none. */
function outcomes(text: string, rates: Probabilities, space: NodeSpace = decay): string[] {
  const random = randomOf('curve', text, rates['swap']!)
  const curve = expressionOf(text)
  return Array.from({ length: TOTAL }, () => {
    const result = changeNode(nodeMutations, viewCurve(space, curve)!, rates, random)
    return typeof result === 'string' ? result : printInline(result)
  })
}

const count = (texts: readonly string[], wanted: (text: string) => boolean): number =>
  texts.filter(wanted).length

test('the kinds of mutation inside a decay are as frequent as the space says', () => {
  const random = randomOf('kinds of decays')
  const kinds = Array.from(
    { length: TOTAL },
    () => drawMutation(nodeMutations, decayMutation, random).name,
  )
  for (const kind of ['operator', 'connection', 'arity'] as const)
    expect(
      isClose(
        count(kinds, (each) => each === kind),
        TOTAL,
        decayMutation[kind]!,
      ),
    ).toBe(true)
  expect(decayMutation).toMatchObject({ operator: 0.6, connection: 0.25, arity: 0.15 })
})

test('the arguments of a binary node are swapped as often as the space says', () => {
  const texts = outcomes('max(a1(t), a2(t))', only('connection', decayMutation['swap']!))
  const swapped = count(texts, (text) => text === 'max(a2(t), a1(t))')
  expect(isClose(swapped, TOTAL, decayMutation['swap']!)).toBe(true)
})

describe('drawn decays', () => {
  const binary = { items: [decay.binary.items[3]!], weights: [1] }
  const unary = { items: [decay.unary.items.find((item) => !isIdentity(item))!], weights: [1] }
  /** Of two operators that leave a trace, so that the size tells whether the root uses the hidden node. */
  const bare: NodeSpace = { ...decay, unary, binary, hiddenUnary: 1 }

  test.each([
    ['unary', 1, (bases: number) => 1 / (bases + 1)],
    ['binary', 0, (bases: number) => 2 / (bases + 1)],
  ] as const)(
    'a %s root uses the hidden node as often as the space says',
    (_, rootUnary, share) => {
      const random = randomOf('roots', rootUnary)
      const curves = Array.from({ length: TOTAL }, () =>
        drawCurve({ ...bare, rootUnary }, random, () => true),
      )
      const uses = curves.filter((curve) => viewCurve(bare, curve)!.nodes.length === 2).length
      const { reuse, operands } = decay
      expect(isClose(uses, TOTAL, reuse + (1 - reuse) * share(operands.length))).toBe(true)
    },
  )

  test('have one hidden node and a root at most, and two arguments that differ', () => {
    const random = randomOf('sizes')
    for (const space of [decay, { ...decay, rootUnary: 0, reuse: 1 }]) {
      for (let number = 0; number < 1000; number++) {
        const { nodes } = viewCurve(
          space,
          drawCurve(space, random, () => true),
        )!
        expect(nodes.length).toBeLessThanOrEqual(space.hidden + 1)
        for (const {
          arguments: [first, second],
        } of nodes)
          expect(second !== undefined && equal(first!, second)).toBe(false)
      }
    }
  })
})

describe('a connection', () => {
  test('of a root finds the hidden node again when it was not used', () => {
    const texts = outcomes('erf(a1(t))', only('connection'))
    const bases = count(texts, (text) => /^erf\(a\d+\(t\)\)$/.test(text) || text === 'no-change')
    const { reuse, operands } = decay
    // A hidden node that is the identity looks like its base.
    const hidden = (reuse + (1 - reuse) / (operands.length + 1)) * (1 - decay.hiddenUnary / 13)
    expect(isClose(TOTAL - bases, TOTAL, hidden)).toBe(true)
  })

  test('of a hidden node is a base where there is no other node', () => {
    const texts = outcomes('erf(square(a1(t)))', only('connection'))
    const inner = count(texts, (text) => /^erf\(square\(a\d+\(t\)\)\)$/.test(text))
    expect(inner).toBeGreaterThan(TOTAL / 3)
    expect(count(texts, (text) => (text.match(/\(/g) ?? []).length > 5)).toBe(0)
  })

  test('to what is there is none', () => {
    const texts = outcomes('max(a1(t), a2(t))', only('connection'))
    expect(texts).toContain('no-change')
    expect(texts).toContain('same-arguments')
  })

  test('in a circle is none', () => {
    expect(outcomes('erf(square(tanh(a1(t))))', only('connection'), factor)).toContain('cycle')
  })
})

test('another operator is another one, and never one of probability 0', () => {
  const texts = outcomes('erf(a1(t))', only('operator'))
  expect(new Set(texts).size).toBe(decay.unary.items.length - 2)
  expect(texts).not.toContain('erf(a1(t))')
  expect(texts.join()).not.toContain('identity')
})

test('an arity changes by one argument', () => {
  for (const text of outcomes('max(a1(t), a2(t))', only('arity'))) {
    const used = text.match(/a\d+\(t\)/g)
    expect(['a1(t)', 'a2(t)']).toContain(used?.join())
  }
  for (const text of outcomes('erf(a1(t))', only('arity')))
    if (text !== 'same-arguments') expect(text).toContain('a1(t)')
})

test('a node with two users changes for both', () => {
  const texts = outcomes('max(erf(a1(t)), erf(a1(t)) * a2(t))', only('operator'), factor)
  expect(texts).toContain('max(tanh(a1(t)), tanh(a1(t)) * a2(t))')
  expect(texts).toContain('min(erf(a1(t)), erf(a1(t)) * a2(t))')
  for (const text of texts) expect([0, 2]).toContain(text.split('erf(a1(t))').length - 1)
})

test('lineages stay within the size of the space', () => {
  for (const [space, rates] of [
    [decay, decayMutation],
    [factor, { operator: 0.3, connection: 0.5, arity: 0.2, swap: 0.2 }],
  ] as const) {
    const random = randomOf('lineage', space.hidden)
    let curve = drawCurve(space, random, () => true)
    let largest = 0
    for (let step = 0; step < 1000; step++) {
      const changed = changeNode(nodeMutations, viewCurve(space, curve)!, rates, random)
      if (typeof changed === 'string') continue
      expect(equal(changed, curve)).toBe(false)
      curve = changed
      const size = viewCurve(space, curve)!.nodes.length
      expect(size).toBeLessThanOrEqual(space.hidden + 1)
      largest = Math.max(largest, size)
    }
    expect(largest).toBe(space.hidden + 1)
  }
})
