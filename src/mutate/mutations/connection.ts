import { equal } from '../../syntax/traverse.ts'
import { joinEdge } from '../edge.ts'
import { isOperand } from '../graph.ts'
import { fill } from '../template.ts'
import { nodeRow, SAME_ARGUMENTS } from './mutation.ts'

/** Another argument of a node, or its two arguments the other way around. */
export const connection = nodeRow({
  name: 'connection',
  words: 'another argument of a node, or its two the other way around',
  rate: 'required',
  choices: { swap: 'required' },
  failures: SAME_ARGUMENTS,
  change: ({ space, rootUsesNode, splitEdge, drawArgument }, node, { random, chance }) => {
    const { arguments: arguments_, template } = node
    if (arguments_.length === 2 && chance('swap')) return fill(template, [...arguments_].reverse())
    const index = random.integer(arguments_.length)
    const { decay, value } = splitEdge(arguments_[index]!)
    const kept = arguments_.filter((_, at) => at !== index).map((other) => splitEdge(other).value)
    const asNode = rootUsesNode && node.root && kept.every((other) => isOperand(space, other))
    const drawn = drawArgument(node, random, asNode)
    if (typeof drawn === 'string') return drawn
    if (equal(drawn, value)) return 'no-change'
    if (kept.some((other) => equal(drawn, other))) return 'same-arguments'
    return fill(
      template,
      arguments_.map((argument, at) =>
        at === index ? joinEdge({ decay, value: drawn }) : argument,
      ),
    )
  },
})
