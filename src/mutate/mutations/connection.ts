import { changeConnection } from '../change-node.ts'
import { drawNode, row, withNode } from './mutation.ts'

/** Another argument of a node, or its two arguments the other way around. */
export const connection = row({
  name: 'connection',
  kinds: ['connection'],
  failures: ['no-change', 'same-arguments', 'cycle'],
  rate: (space) => space.mutation.connection,
  apply: (site) => {
    const node = drawNode(site)
    const changed = changeConnection(site.view, node, site.space.mutation.swap, site.random)
    return { kind: 'connection', changed: withNode(site, node, changed) }
  },
})
