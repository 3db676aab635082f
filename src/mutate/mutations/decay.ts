import type { Expression } from '../../syntax/ast.ts'
import { viewCurve } from '../curve.ts'
import { drawCurve } from '../draw-graph.ts'
import { joinEdge } from '../edge.ts'
import { fill } from '../template.ts'
import { row } from './mutation.ts'

/** An edge without a decay gets one; one on an edge is deleted or mutated. */
export const decay = row({
  name: 'decay',
  rate: 'required',
  choices: { delete_decay: 'required' },
  kinds: {
    'add-decay': 'a decay on an edge',
    'delete-decay': 'an edge without its decay',
    'change-decay': 'another decay on an edge',
  },
  failures: {
    'invalid-decay': 'a decay that leaves 0 to 1',
    'same-decay': 'a decay with the values that it had',
  },
  apply: ({ space, view, random, tests, chance, changeInside }) => {
    const node = random.pick(view.nodes)
    const index = random.integer(node.arguments.length)
    const { decay: before, value } = view.splitEdge(node.arguments[index]!)
    const withDecay = (changed: Expression | undefined) =>
      view.replace(
        node,
        fill(
          node.template,
          node.arguments.map((argument, at) =>
            at === index ? joinEdge({ decay: changed, value }) : argument,
          ),
        ),
      )
    const graph = before && viewCurve(space.decay, before)
    if (graph === undefined) {
      const drawn = drawCurve(space.decay, random, tests.isDecay)
      return { kind: 'add-decay', changed: withDecay(drawn) }
    }
    if (chance('delete_decay')) return { kind: 'delete-decay', changed: withDecay(undefined) }
    const kind = 'change-decay'
    const changed = changeInside(graph, space.decayMutation)
    if (typeof changed === 'string') return { kind, changed }
    if (!tests.isDecay(changed)) return { kind, changed: 'invalid-decay' }
    return { kind, changed: tests.differ(graph.tree, changed) ? withDecay(changed) : 'same-decay' }
  },
})
