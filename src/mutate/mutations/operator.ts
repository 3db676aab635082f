import { changeOperator } from '../change-node.ts'
import { drawNode, row, withNode } from './mutation.ts'

/** Another operator at a node. */
export const operator = row({
  name: 'operator',
  kinds: ['operator'],
  failures: ['no-change'],
  rate: (space) => space.mutation.operator,
  apply: (site) => {
    const node = drawNode(site)
    const changed = changeOperator(site.view, node, site.random)
    return { kind: 'operator', changed: withNode(site, node, changed) }
  },
})
