import { describe, expect, test } from 'vitest'
import { name, printCode, type Code } from '../../../src/emit/code.ts'
import { createBuilder, isSpelled, spellingOf, type Form } from '../../../src/emit/ts/spellings.ts'
import { operators } from '../../../src/operators/table.ts'

/** The tree and every tree in it. */
function treesIn(code: Code): readonly Code[] {
  return [code, ...partsOf(code).flatMap(treesIn)]
}

function partsOf(code: Code): readonly Code[] {
  switch (code.kind) {
    case 'name':
    case 'number':
      return []
    case 'call':
      return [code.callee, ...code.arguments]
    case 'member':
      return [code.object]
    case 'list':
      return code.items
    case 'keyword':
      return [code.value]
    case 'item':
      return [code.object, code.key]
    case 'unary':
      return [code.operand]
    case 'binary':
      return [code.left, code.right]
    case 'conditional':
      return [code.condition, code.then, code.otherwise]
  }
}

const stream = [name('seed'), name('site'), name('parameter'), name('step')] as const

function build(form: Form, arguments_: readonly Code[]): { code: Code; needs: readonly string[] } {
  const needs: string[] = []
  const code = form(
    createBuilder(stream, (needed) => void needs.push(needed)),
    ...arguments_,
  )
  return { code, needs }
}

const rows = operators.filter(isSpelled).map((row) => {
  const { exception: _, ...forms } = spellingOf(row)
  const arguments_ = row.parameters.map((_, index) => name(`x${index}`))
  const written = Object.values(forms).map((form) => build(form, arguments_))
  return { row, arguments_, written }
})

describe.each(rows.map((all) => [all.row.name, all] as const))(
  '%s',
  (_, { row, arguments_, written }) => {
    test('has each argument once, since that may be a long expression', () => {
      for (const { code } of written) {
        const trees = treesIn(code)
        for (const [index, argument] of arguments_.entries()) {
          const times = trees.filter((tree) => tree === argument).length
          // What only limits how long sides may be is looked at before the step.
          if (row.kind === 'matrix' && row.limit !== undefined && index === arguments_.length - 1)
            continue
          // `w` is a name, and what is counted for it stands under a name of its own.
          if (row.kind === 'shape' && row.restsOn === 'updates') expect(times).toBe(0)
          else if (row.kind === 'shape') expect(times).toBeGreaterThan(0)
          else expect(times).toBe(1)
        }
      }
    })

    test('names the functions of the prelude that it calls', () => {
      for (const { code, needs } of written) {
        const called = treesIn(code).flatMap((tree) =>
          tree.kind === 'call' && tree.callee.kind === 'name' ? [tree.callee.name] : [],
        )
        expect([...called].sort()).toEqual([...needs].sort())
      }
    })

    test('draws random numbers only where the operator does', () => {
      for (const { code } of written)
        expect(treesIn(code).some((tree) => tree === stream[0])).toBe(row.kind === 'random')
    })
  },
)

// Facts about shapes are members of `w`.
test.each(
  rows.filter(({ row }) => row.kind !== 'shape').map((all) => [all.row.name, all] as const),
)('%s calls functions, never methods of tensors', (_, { row, arguments_, written }) => {
  for (const { code } of written)
    for (const tree of treesIn(code))
      if (tree.kind === 'member') expect(['tf', 'Math']).toContain(printCode(tree.object))
  expect(build(spellingOf(row).tensor, arguments_).code.kind).toBe('call')
})

test('every primitive is spelled', () => {
  const primitives = operators.filter(
    ({ kind, definition }) => kind !== 'global' && definition === undefined,
  )
  expect(primitives.filter((row) => !isSpelled(row))).toEqual([])
})

test('an operator outside the table has no spelling', () => {
  expect(isSpelled({ name: 'cube' })).toBe(false)
  expect(() => spellingOf({ name: 'cube' })).toThrow(RangeError)
})
