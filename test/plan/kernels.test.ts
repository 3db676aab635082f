import { expect, test } from 'vitest'
import type { GraphNode } from '../../src/ir/graph.ts'
import { leavesOf } from '../../src/plan/choice.ts'
import { fuseStatements, type GivenTensor } from '../../src/plan/kernels.ts'
import { loopsOf } from '../../src/plan/loops.ts'
import { planStep } from '../../src/plan/plan.ts'
import { compileText } from '../emit/compile-program.ts'

const operatorName = (node: GraphNode): string =>
  node.kind === 'apply' ? node.operator.name : node.kind

/** What becomes of a rule, of the first of its kinds of shapes: the kernels, and the other statements by their kinds. */
function pieces(text: string) {
  const plan = planStep(compileText('rule.opt', text).programs[0]!)
  const [leaf] = leavesOf(plan.parameter)
  const nameOf = (given: GivenTensor): string => {
    switch (given.kind) {
      case 'parameter':
        return 'w'
      case 'state':
        return plan.program.states[given.index]!.name
      case 'made':
        return given.name ?? 'part'
      case 'read':
        return given.node.kind === 'state'
          ? plan.program.states[given.node.index]!.name
          : given.node.kind === 'input'
            ? given.node.name
            : operatorName(given.node)
    }
  }
  return fuseStatements(leaf!, plan.types).map((piece) => {
    if (piece.kind === 'other') return piece.statement.kind
    const { kernel, tensors, guard } = piece
    const of = (use: string): string =>
      tensors
        .filter((_, at) => kernel.tensors[at]!.use === use)
        .map(nameOf)
        .join(' ')
    const reduce = loopsOf(kernel).reduce.map((all) => all.map(operatorName).sort().join(' '))
    const condition = guard === undefined ? [] : [`if ${guard.truth}`]
    return [
      ...condition,
      `written ${of('written')}`,
      `made ${of('made')}`,
      `read ${of('read')}`,
      ...reduce,
    ]
      .filter((part) => !part.endsWith(' '))
      .join(', ')
  })
}

test.each<[string, string[]]>([
  ['update = lr * g', ['written w, read g']],
  ['state m = 0\nm = 0.9 * m + g\nupdate = m', ['written w m, read g']],
  ['update = g / (norm(g) + max_abs(w))', ['written w, read g, max_abs norm']],
  [
    'let c = g - mean(g)\nlet d = c / norm(c)\nupdate = d * dot(d, w) * sum(g)',
    ['written w, read g, mean sum, norm, dot'],
  ],
  [
    'state n = 0\nstate m = 0\nlet old = n\nn = 0.9 * n + norm(g - m)\nm = old * g\nupdate = m / (1 + n)',
    ['written w m n, read g, norm'],
  ],
  [
    'state m = 0\nif mod(t, 2) == 1 { m = norm(g) * g }\nupdate = lr * m',
    ['if true, written m, read g, norm', 'written w, read where'],
  ],
  [
    'state n = 0\nn = 0.9 * n + mean(g^2, over = inputs)\nupdate = lr * g / (sqrt(n) + 1e-8)',
    ['written w n, read g, mean_over_inputs'],
  ],
  [
    'if rank(w) >= 2 {\n  let d = g / norm(g)\n  update = lr * matmul(d, eye(outputs)) + 0.1 * w\n} else { update = g }',
    ['made d, read g, norm', 'let', 'written w, read add'],
  ],
])('the kernels of %s', (text, expected) => {
  expect(pieces(text)).toEqual(expected)
})
