import type { Expression } from '../../syntax/ast.ts'
import * as build from '../../syntax/build.ts'
import { equal } from '../../syntax/traverse.ts'
import { isOperand } from '../curve.ts'
import { joinEdge, splitEdge } from '../edge.ts'
import { reachableNames, type RuleNode } from '../nodes.ts'
import { drawArgument } from '../sample.ts'
import { fill } from '../template.ts'
import { drawNode, row, withNode, type Site } from './mutation.ts'

/** Another argument of a node, or its two arguments the other way around. */
export const connection = row({
  name: 'connection',
  kinds: ['connection'],
  failures: ['no-change', 'same-arguments'],
  rate: (space) => space.mutation.connection,
  apply: (site) => {
    const node = drawNode(site)
    return { kind: 'connection', changed: withNode(site, node, changeConnection(site, node)) }
  },
})

function changeConnection(
  { space, view, random }: Site,
  node: RuleNode,
): Expression | 'no-change' | 'same-arguments' {
  const { arguments: arguments_, template } = node
  if (arguments_.length === 2 && random.chance(space.mutation.swap))
    return fill(template, [...arguments_].reverse())
  const names = reachableNames(view, node)
  const index = random.integer(arguments_.length)
  const { decay, value } = splitEdge(space, arguments_[index]!)
  const other = arguments_[1 - index] && splitEdge(space, arguments_[1 - index]!).value
  const otherIsNode = other !== undefined && !isOperand(space.rule, other)
  const drawn =
    node.root && !otherIsNode && names.length > 0
      ? build.name(random.pick(names))
      : drawArgument(space.rule, random, names)
  if (equal(drawn, value)) return 'no-change'
  if (other !== undefined && equal(drawn, other)) return 'same-arguments'
  return fill(
    template,
    arguments_.map((argument, at) => (at === index ? joinEdge({ decay, value: drawn }) : argument)),
  )
}
