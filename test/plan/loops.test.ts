import { expect, test } from 'vitest'
import type { GraphNode } from '../../src/ir/graph.ts'
import { leavesOf } from '../../src/plan/choice.ts'
import { loopsOf } from '../../src/plan/loops.ts'
import { planStep } from '../../src/plan/plan.ts'
import { compileText } from '../emit/compile-program.ts'

/** The loops of a rule without conditions on shapes: the names of operators and states. */
function loops(text: string) {
  const plan = planStep(compileText('rule.opt', text).programs[0]!)
  const [leaf] = leavesOf(plan.parameter)
  const { reduce, map, numbers } = loopsOf(leaf!, plan.types)
  const stateName = ({ index }: { readonly index: number }): string =>
    plan.program.states[index]!.name
  const operatorName = (node: GraphNode): string =>
    node.kind === 'apply' ? node.operator.name : node.kind
  return {
    reduce: reduce.map((reductions) => reductions.map(operatorName).sort()),
    update: operatorName(map.update),
    states: map.states.map(stateName),
    numbers: numbers.map(stateName),
  }
}

test.each([
  ['update = lr * g', { reduce: [], update: 'multiply', states: [], numbers: [] }],
  [
    'state m = 0\nm = 0.9 * m + g\nupdate = m',
    { reduce: [], update: 'add', states: ['m'], numbers: [] },
  ],
  [
    'update = g / (norm(g) + max_abs(w))',
    { reduce: [['max_abs', 'norm']], update: 'divide', states: [], numbers: [] },
  ],
  [
    'let c = g - mean(g)\nlet d = c / norm(c)\nupdate = d * dot(d, w) * sum(g)',
    {
      reduce: [['mean', 'sum'], ['norm'], ['dot']],
      update: 'multiply',
      states: [],
      numbers: [],
    },
  ],
  [
    'state n = 0\nstate m = 0\nlet old = n\nn = 0.9 * n + norm(g - m)\nm = old * g\nupdate = m / (1 + n)',
    { reduce: [['norm']], update: 'divide', states: ['m'], numbers: ['n'] },
  ],
  [
    'state m = 0\nif mod(t, 2) == 1 { m = norm(g) * g }\nupdate = lr * m',
    { reduce: [['norm']], update: 'multiply', states: ['m'], numbers: [] },
  ],
])('the loops of %s', (text, expected) => {
  expect(loops(text)).toEqual(expected)
})
