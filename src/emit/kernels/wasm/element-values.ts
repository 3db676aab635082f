import { reachableDownTo } from '../../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import { deepValues } from '../../../plan/depth.ts'
import { countUses } from '../../../plan/order.ts'
import type { FunctionScope } from '../../../wasm/function.ts'
import { get, sequence, set, type Statement, type Vector } from '../../../wasm/tree.ts'
import { spellingOf, type Builder } from './spellings.ts'

/** The values of nodes for the four elements of a turn. */
export interface ElementValues {
  /** Works out the roots and what they share, each value once. Nothing is read from memory behind it. */
  readonly compute: Statement
  /** The value of a root. */
  readonly of: (root: GraphNode) => Vector
}

/**
 * The values of `roots`, nodes of one graph. `leaf` gives the vector of a node that is read: of an element of a column, or
 * a number of the host in all lanes; undefined for an operator on elements, of which `build` says what it may ask for.
 * What is used several times is kept in a local. Throws a RangeError for an operator without a spelling.
 */
export function elementValues(
  scope: FunctionScope,
  roots: readonly GraphNode[],
  leaf: (node: GraphNode) => Vector | undefined,
  build: (node: ApplyNode) => Builder,
): ElementValues {
  const isLeaf = (node: GraphNode): boolean => node.kind !== 'apply' || leaf(node) !== undefined
  const nodes = reachableDownTo(roots, isLeaf)
  // A root counts twice, so that it is kept.
  const uses = countUses([...roots, ...roots], isLeaf, nodes)
  const deep = deepValues(nodes, (node) => uses.get(node)! > 1 || isLeaf(node))
  const values = new Map<GraphNode, Vector>()
  const statements: Statement[] = []
  const valueOf = (node: GraphNode): Vector => {
    const known = values.get(node)
    if (known !== undefined) return known
    const value = leaf(node) ?? apply(node)
    const kept = uses.get(node)! > 1 || deep.has(node) ? keep(value) : value
    values.set(node, kept)
    return kept
  }
  const keep = (value: Vector): Vector => {
    if (value.kind === 'read' || value.kind === 'constant') return value
    const local = scope.local('v128')
    statements.push(set(local, value))
    return get(local)
  }
  const apply = (node: GraphNode): Vector => {
    if (node.kind !== 'apply') throw new RangeError(`a ${node.kind} is no operator`)
    return spellingOf(node.operator)(build(node), ...node.arguments.map(valueOf))
  }
  deep.forEach(valueOf)
  roots.forEach(valueOf)
  return { compute: sequence(...statements), of: (root) => values.get(root)! }
}
