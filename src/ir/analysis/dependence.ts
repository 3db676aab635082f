import type { GraphNode } from '../graph.ts'
import { memoized, type States } from './placement.ts'

/**
 * Whether the value of a node rests on a node that is a `source`, by itself or through states. A fact about a shape rests
 * on nothing.
 */
export function createDependence(
  states: States,
  isSource: (node: GraphNode) => boolean,
): (node: GraphNode) => boolean {
  let known: readonly boolean[] | undefined
  return memoized((node, recurse) =>
    depends(node, recurse, isSource, (index) => {
      known ??= statesThatDepend(states, isSource)
      return known[index]!
    }),
  )
}

function depends(
  node: GraphNode,
  recurse: (node: GraphNode) => boolean,
  isSource: (node: GraphNode) => boolean,
  ofState: (index: number) => boolean,
): boolean {
  if (isSource(node)) return true
  switch (node.kind) {
    case 'state':
      return ofState(node.index)
    case 'total':
      return recurse(node.of)
    case 'apply':
      return node.operator.kind !== 'shape' && node.arguments.some(recurse)
    case 'call':
      return node.arguments.some(recurse)
    case 'constant':
    case 'input':
    case 'parameter':
      return false
  }
}

function statesThatDepend(
  states: States,
  isSource: (node: GraphNode) => boolean,
): readonly boolean[] {
  let known: readonly boolean[] = states.map(() => false)
  for (;;) {
    const current = known
    const find = memoized<boolean>((node, recurse) =>
      depends(node, recurse, isSource, (index) => current[index]!),
    )
    known = states.map(({ initial, next }) => find(initial) || find(next))
    if (known.every((each, index) => each === current[index])) return known
  }
}
