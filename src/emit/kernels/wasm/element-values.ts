import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
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
  const uses = countUses(roots, leaf)
  const values = new Map<GraphNode, Vector>()
  const statements: Statement[] = []
  const valueOf = (node: GraphNode): Vector => {
    const known = values.get(node)
    if (known !== undefined) return known
    const value = leaf(node) ?? apply(node)
    const kept = uses.get(node)! > 1 ? keep(value) : value
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
  roots.forEach(valueOf)
  return { compute: sequence(...statements), of: (root) => values.get(root)! }
}

/** How often each node is used; a root counts twice, so that it is kept. */
function countUses(
  roots: readonly GraphNode[],
  leaf: (node: GraphNode) => Vector | undefined,
): ReadonlyMap<GraphNode, number> {
  const uses = new Map<GraphNode, number>()
  const use = (node: GraphNode): void => {
    const before = uses.get(node) ?? 0
    uses.set(node, before + 1)
    if (before === 0 && node.kind === 'apply' && leaf(node) === undefined)
      node.arguments.forEach(use)
  }
  for (const root of [...roots, ...roots]) use(root)
  return uses
}
