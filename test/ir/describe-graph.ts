import { reachable } from '../../src/ir/build.ts'
import type { GraphNode, ProgramState } from '../../src/ir/graph.ts'

/** A program as far as it says what is computed. */
interface Described {
  readonly update: GraphNode
  readonly states: readonly (Pick<ProgramState, 'stage' | 'initial' | 'next'> & {
    readonly index: number
  })[]
}

/**
 * A text that is the same for equal graphs: one line per node and state, numbered in the order of a walk from the update;
 * operands of operators that commute stand in the order of their lines.
 */
export function describeGraph({ update, states }: Described): string {
  const byIndex = new Map(states.map((state) => [state.index, state]))
  const texts = new Map<GraphNode, string>()
  const open = new Set<number>()

  const describe = (node: GraphNode): string => {
    const known = texts.get(node)
    if (known !== undefined) return known
    const text = describeNode(node)
    if (open.size === 0) texts.set(node, text)
    return text
  }
  const describeNode = (node: GraphNode): string => {
    switch (node.kind) {
      case 'constant':
        return Object.is(node.value, -0) ? '-0' : String(node.value)
      case 'input':
      case 'parameter':
        return node.name
      case 'call':
        return `${node.callee.name}[${describe(node.callee.body)}](${node.arguments.map(describe).join(', ')})`
      case 'apply': {
        const operands = node.arguments.map(describe)
        const { operator } = node
        if (operator.kind === 'elementwise' && operator.commutative === true) operands.sort()
        return `${operator.name}${node.site === 0 ? '' : `#${node.site}`}@${node.stage}(${operands.join(', ')})`
      }
      case 'state': {
        const state = byIndex.get(node.index)
        if (state === undefined) return 'no state'
        if (open.has(node.index)) return `again ${[...open].length - [...open].indexOf(node.index)}`
        open.add(node.index)
        const text = `state@${state.stage}{${describe(state.initial)} -> ${describe(state.next)}}`
        open.delete(node.index)
        return text
      }
    }
  }
  return describe(update)
}

/** How many nodes a graph has. */
export function sizeOf({ update, states }: Described): number {
  return reachable([update, ...states.flatMap(({ initial, next }) => [initial, next])]).length
}
