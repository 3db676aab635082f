import { equal } from '../../syntax/traverse.ts'
import { changeArity } from '../change-node.ts'
import { isOperand } from '../curve.ts'
import { splitEdge } from '../edge.ts'
import { reachableNames } from '../nodes.ts'
import { drawArgument } from '../sample.ts'
import { drawNode, row, withNode } from './mutation.ts'

/** Another number of arguments of a node. A root keeps a hidden node. */
export const arity = row({
  name: 'arity',
  kinds: ['arity'],
  failures: ['same-arguments'],
  rate: (space) => space.mutation.arity,
  apply: (site) => {
    const { space, view, random } = site
    const node = drawNode(site)
    const names = reachableNames(view, node)
    const changed = changeArity(space.rule, node, random, {
      draw: (other) => {
        const drawn = drawArgument(space.rule, random, names)
        return equal(drawn, splitEdge(space, other).value) ? 'same-arguments' : drawn
      },
      isKept: (argument) => !node.root || !isOperand(space.rule, splitEdge(space, argument).value),
    })
    return { kind: 'arity', changed: withNode(site, node, changed) }
  },
})
