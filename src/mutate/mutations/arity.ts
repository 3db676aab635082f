import { changeArity } from '../change-node.ts'
import { drawNode, row, withNode } from './mutation.ts'

/** Another number of arguments of a node. A root keeps a hidden node. */
export const arity = row({
  name: 'arity',
  kinds: ['arity'],
  failures: ['same-arguments', 'cycle'],
  rate: (space) => space.mutation.arity,
  apply: (site) => {
    const node = drawNode(site)
    return {
      kind: 'arity',
      changed: withNode(site, node, changeArity(site.view, node, site.random)),
    }
  },
})
