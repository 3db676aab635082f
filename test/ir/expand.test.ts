import { describe, expect, test } from 'vitest'
import { reachable } from '../../src/ir/build.ts'
import { expandDefinitions, expandFunction, type IsSpelled } from '../../src/ir/expand.ts'
import type { GraphNode, Program } from '../../src/ir/graph.ts'
import { axisOf, operators } from '../../src/operators/table.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import { firstDifference, runEvaluator, streams, TOTAL_STEPS } from '../emit/trajectory.ts'
import { library, optimizer, optimizerNames } from '../stdlib/library.ts'
import { programOf } from './program.ts'

/** What a target says that writes nothing but what it has to. */
const primitivesOnly: IsSpelled = ({ definition }) => definition === undefined

/** The names of all operators that are applied, in the schedules and decays that are called too. */
function operatorsIn(roots: readonly GraphNode[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const node of reachable(roots)) {
    if (node.kind === 'apply') found.add(node.operator.name)
    if (node.kind === 'call') operatorsIn([node.callee.body]).forEach((name) => found.add(name))
  }
  return found
}

const rootsOf = ({ update, states }: Program): readonly GraphNode[] => [
  update,
  ...states.flatMap(({ initial, next }) => [initial, next]),
]

const definedNames = operators
  .filter((operator) => !primitivesOnly(operator))
  .map(({ name }) => name)

function expectSame(program: Program, name: string): void {
  const expanded = expandDefinitions(program, primitivesOnly)
  expect([...operatorsIn(rootsOf(expanded))].filter((each) => definedNames.includes(each))).toEqual(
    [],
  )
  const inputs = streams(name)
  const [actual, expected] = [expanded, program].map((each) => runEvaluator(each, inputs, {}))
  expect(firstDifference(actual!, expected!, 1e-5)).toBeUndefined()
}

describe('primitives alone give the same steps', () => {
  test.each(optimizerNames)('std/%s', (name) => expectSame(optimizer(name), name))

  test('every operator that has a definition', () => {
    const terms = operators.flatMap((operator) => {
      const { definition, callName, name, parameters, fixity } = operator
      if (definition === undefined || fixity !== undefined || operator.kind === 'matrix') return []
      const over = axisOf(operator)
      const arguments_ = ['g', 'w', '0.5'].slice(0, parameters.length)
      if (over !== undefined) arguments_.push(`over = ${over}`)
      return [`${callName ?? name}(${arguments_.join(', ')})`]
    })
    const conditions = [
      ...['>', '>=', '!='].map((symbol) => `g ${symbol} w`),
      ...['and', 'or'].map((word) => `g > 0 ${word} w < 0.1`),
      'not g < w',
    ]
    const choices = conditions.map((condition) => `where(${condition}, g, 0)`)
    for (const term of [...terms, ...choices])
      expectSame(programOf(`update = 0.1 * clip(${term}, 10)`), term)
    const ofMatrices = programOf(
      'if rank(w) >= 2 {\nlet s = matmul(g, transpose(g))\nupdate = matmul(inverse_root(s, 2) + eigenvectors(s), g)\n} else { update = g }',
    )
    expectSame(ofMatrices, 'matrices')
    const all = programOf(`update = 0.1 * (${[...terms, ...choices].join(' + ')})`)
    const applied = [...operatorsIn(rootsOf(all)), ...operatorsIn(rootsOf(ofMatrices))]
    expect(applied).toEqual(expect.arrayContaining(definedNames))
  })

  test.each(['schedules', 'published', 'prelude'])('schedules and decays of std/%s', (file) => {
    for (const callee of library(file).functions) {
      const expanded = expandFunction(callee, primitivesOnly)
      expect(
        [...operatorsIn([expanded.body])].filter((each) => definedNames.includes(each)),
      ).toEqual([])
      const arguments_ = callee.parameters.map((parameter) => parameter.default ?? 0.5)
      for (let t = 0; t < TOTAL_STEPS; t++) {
        const [actual, expected] = [expanded, callee].map((each) =>
          evaluateFunction(each, arguments_, t, TOTAL_STEPS),
        )
        expect(actual, `${callee.name} at step ${t}`).toBeCloseTo(expected!, 12)
      }
    }
  })
})

/** What a target says that also writes these. */
const spelling =
  (...names: readonly string[]): IsSpelled =>
  (operator) =>
    primitivesOnly(operator) || names.includes(operator.name)

test('what is spelled stays, and without anything else a program is itself', () => {
  const program = programOf('update = softplus(g) + relu(w)')
  const isSpelled = spelling('relu', 'softplus')
  expect(expandDefinitions(program, isSpelled)).toBe(program)
  const { update } = expandDefinitions(program, spelling('relu'))
  expect([...operatorsIn([update])].sort()).toEqual(
    ['abs', 'add', 'exp', 'log1p', 'neg', 'relu'].sort(),
  )
})

test('equal parts of definitions are one node, and shared with the program', () => {
  const { update } = expandDefinitions(
    programOf('update = sigmoid_derivative(g) + abs(g)'),
    primitivesOnly,
  )
  const sizes = reachable([update]).filter(
    (node) => node.kind === 'apply' && node.operator.name === 'abs',
  )
  expect(sizes).toHaveLength(1)
})

test('names stay with their values', () => {
  const program = programOf(
    'let gate = sigmoid(g)\nlet length = norm(g)\nupdate = gate * gate / length',
  )
  const { names } = expandDefinitions(program, primitivesOnly)
  expect(
    [...names].map(([node, name]) => [name, node.kind === 'apply' && node.operator.name]),
  ).toEqual([
    ['gate', 'divide'],
    ['length', 'where'],
  ])
})

test('a function is expanded once, so that calls of it stay calls of one function', () => {
  const [callee] = library('schedules').functions
  expect(expandFunction(callee!, primitivesOnly)).toBe(expandFunction(callee!, primitivesOnly))
})
