import type { Expression } from '../../syntax/ast.ts'
import { CURVE_FAILURES, changeNode } from '../change-node.ts'
import { viewCurve } from '../curve.ts'
import { joinEdge, splitEdge } from '../edge.ts'
import { drawCurve } from '../draw-graph.ts'
import { fill } from '../template.ts'
import { drawNode, row, withNode } from './mutation.ts'

/** An edge without a decay gets one; one on an edge is deleted or mutated. */
export const decay = row({
  name: 'decay',
  kinds: ['add-decay', 'delete-decay', 'change-decay'],
  failures: [...CURVE_FAILURES, 'invalid-decay', 'same-decay'],
  rate: (space) => space.mutation.decay,
  apply: (site) => {
    const { space, random, tests } = site
    const node = drawNode(site)
    const index = random.integer(node.arguments.length)
    const { decay: before, value } = splitEdge(space, node.arguments[index]!)
    const withDecay = (changed: Expression | undefined) =>
      withNode(
        site,
        node,
        fill(
          node.template,
          node.arguments.map((argument, at) =>
            at === index ? joinEdge({ decay: changed, value }) : argument,
          ),
        ),
      )
    if (before === undefined)
      return {
        kind: 'add-decay',
        changed: withDecay(drawCurve(space.decay, random, tests.isDecay)),
      }
    if (random.chance(space.mutation.deleteDecay))
      return { kind: 'delete-decay', changed: withDecay(undefined) }
    const changed = changeNode(viewCurve(space.decay, before)!, space.decayMutation, random)
    const kind = 'change-decay'
    if (typeof changed === 'string') return { kind, changed }
    if (!tests.isDecay(changed)) return { kind, changed: 'invalid-decay' }
    return { kind, changed: tests.differ(before, changed) ? withDecay(changed) : 'same-decay' }
  },
})
