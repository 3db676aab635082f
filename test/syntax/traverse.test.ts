import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node } from '../../src/syntax/ast.ts'
import * as build from '../../src/syntax/build.ts'
import { parse } from '../../src/syntax/parse.ts'
import { children, equal, transform, visit } from '../../src/syntax/traverse.ts'
import { arbitraryModule } from './arbitrary.ts'

const read = (text: string): ReturnType<typeof parse>['value'] =>
  parse({ path: 'a.opt', text }).value
const sample = read('let a = f(g, x = 1)\nif a > 0 {\n  b = -a\n} else {\n  b = 2\n}\n')

describe('visit', () => {
  it('enters a node before its children and leaves it after them', () => {
    const events: string[] = []
    visit(read('a = -g'), {
      enter: (node) => void events.push(`+${node.kind}`),
      leave: (node) => void events.push(`-${node.kind}`),
    })
    expect(events.join(' ')).toBe(
      '+module +assign +identifier -identifier +unary +name -name -unary -assign -module',
    )
  })
  it('skips the children of a node when enter says so, and tells the parent', () => {
    const seen: string[] = []
    visit(sample, {
      enter: (node, parent) => {
        seen.push(`${parent?.kind ?? 'nothing'}>${node.kind}`)
        return node.kind !== 'let' && node.kind !== 'if'
      },
    })
    expect(seen).toEqual(['nothing>module', 'module>let', 'module>if'])
  })
  it('reaches every node that the tree holds', () => {
    fc.assert(
      fc.property(arbitraryModule, (module) => {
        let visited = 0
        visit(module, { enter: () => void (visited += 1) })
        // Counts what stands in the tree's own JSON, without the key table.
        const nodes = JSON.stringify(module).match(/"kind":"/g)!.length
        expect(visited).toBe(nodes)
      }),
      { numRuns: 100 },
    )
  })
})

describe('transform', () => {
  it('keeps the tree when nothing changes', () => {
    expect(transform(sample, (node) => node)).toBe(sample)
  })
  it('replaces nodes and keeps what is beside them', () => {
    const change = (node: Node): Node =>
      node.kind === 'name' && node.name === 'g'
        ? build.binary('add', build.name('g'), build.name('w'))
        : node
    const changed = transform(sample, change)
    expect(
      equal(changed, read('let a = f(g + w, x = 1)\nif a > 0 {\n  b = -a\n} else {\n  b = 2\n}\n')),
    ).toBe(true)
    expect(changed.items[1]).toBe(sample.items[1])
  })
  it('changes children before their parents', () => {
    const order: string[] = []
    transform(read('a = -g'), (node) => {
      order.push(node.kind)
      return node
    })
    expect(order).toEqual(['identifier', 'name', 'unary', 'assign', 'module'])
  })
})

describe('equal', () => {
  it.each([
    ['a = 1', 'a = 1 // other places', true],
    ['a = 1', 'b = 1', false],
    ['a = 1', 'a = 1.0', false],
    ['a = g + w', 'a = g - w', false],
    ['a = f(x = 1)', 'a = f(1)', false],
    ['fn f(a in [0, 1)) = a', 'fn f(a in [0, 1]) = a', false],
    ['fn f(a in [0, 1)) = a', 'fn f(a) = a', false],
    ['/// one\nfn f() = 1', '/// two\nfn f() = 1', false],
    ['a = 1\nb = 2', 'a = 1', false],
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(equal(read(a), read(b))).toBe(expected)
  })
  it('takes the answer of a comparison for the pairs of nodes that it knows', () => {
    const anyName = (a: Node): boolean | undefined => (a.kind === 'name' ? true : undefined)
    expect(equal(read('a = f(g, 1)'), read('a = f(-w, 1)'), anyName)).toBe(true)
    expect(equal(read('a = f(g, 1)'), read('a = f(-w, 2)'), anyName)).toBe(false)
    expect(equal(sample, sample, (node) => (node.kind === 'number' ? false : undefined))).toBe(
      false,
    )
  })
})

describe('children', () => {
  it('are in the order of the text', () => {
    expect(children(sample.items[1]!).map(({ kind }) => kind)).toEqual(['binary', 'block', 'block'])
  })
})

describe('build', () => {
  it.each([
    [0.001, '0.001'],
    [1e-8, '1e-8'],
    [1e300, '1e300'],
    [-2, '-2'],
    [-0, '-0'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('writes the number %s as the language does', (value, text) => {
    expect(
      equal(build.module('', [build.assign('a', build.number(value))]), read(`a = ${text}`)),
    ).toBe(true)
  })
})
