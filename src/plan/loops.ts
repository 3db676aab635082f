import { operands, reachable } from '../ir/build.ts'
import type { ApplyNode, GraphNode } from '../ir/graph.ts'
import type { RandomOperator } from '../operators/operator.ts'
import type { Placement } from '../operators/type.ts'
import type { Kernel, KernelExtent, Store } from './kernels.ts'

/**
 * What a kernel does in ways through the elements, one after the other. Values of elements are worked out in the way that
 * reads them; numbers, and what there is one of for each output or input, are there before the way begins.
 */
export interface Loops {
  /** The ways that only read: the reductions that each accumulates, which rest on those of the ways before. */
  readonly reduce: readonly (readonly ApplyNode[])[]
  /** What is then written, all of it from what was there before. */
  readonly stores: readonly Store[]
  /** The operators that draw random numbers. */
  readonly draws: readonly Draw[]
  readonly extentOf: (node: GraphNode) => KernelExtent
}

/** An operator that draws, at a site. */
export type Draw = ApplyNode & { readonly operator: RandomOperator }

/** The loops of a kernel. */
export function loopsOf({ tensors, stores }: Kernel): Loops {
  const nodes = reachable(stores.map(({ node }) => node))
  const placements = new Map<GraphNode, Placement>()
  const reduce: ApplyNode[][] = []
  const depths = new Map<GraphNode, number>()
  for (const node of nodes) {
    let depth = 0
    for (const operand of operands(node)) depth = Math.max(depth, depths.get(operand)!)
    if (node.kind === 'apply') {
      const of = node.arguments.map((each) => placements.get(each)!)
      placements.set(node, node.operator.placement(...of))
      if (node.operator.kind === 'reduction') {
        reduce[depth] = [...(reduce[depth] ?? []), node]
        depth += 1
      }
    } else if (node.kind === 'state')
      placements.set(node, { known: 'gradient', extent: tensors[node.index]!.extent })
    else placements.set(node, { known: 'step', extent: 'run' })
    depths.set(node, depth)
  }
  return {
    reduce,
    stores,
    draws: nodes.filter(
      (node): node is Draw => node.kind === 'apply' && node.operator.kind === 'random',
    ),
    extentOf: (node) => placements.get(node)!.extent as KernelExtent,
  }
}

/** What there is one of for each output or each input. */
export type RowExtent = Extract<KernelExtent, 'per output' | 'per input'>

/** Whether there is one of it for each output or each input. */
export const isRow = (extent: KernelExtent): extent is RowExtent =>
  extent === 'per output' || extent === 'per input'

/** Whether there is one of it for all elements. */
export const isOne = (extent: KernelExtent): boolean => extent === 'run' || extent === 'parameter'

/** Whether elements of `roots` meet what there is one of for each output or input. */
export const meetRows = ({ extentOf }: Loops, roots: readonly GraphNode[]): boolean =>
  reachable(roots).some((node) => isRow(extentOf(node)))

/** What elements meet that there are fewer of. */
export interface Lesser {
  readonly numbers: readonly GraphNode[]
  readonly rows: readonly { readonly node: GraphNode; readonly extent: RowExtent }[]
}

/**
 * What has to be there before a way through the elements of `roots` begins, beside what is known: the operators that elements and
 * rows meet of which there is one, and those that elements meet of which there is one for each output or input; such roots too.
 */
export function lesserValues(
  { extentOf }: Loops,
  roots: readonly GraphNode[],
  isKnown: (node: GraphNode) => boolean,
): Lesser {
  const numbers = new Set<GraphNode>()
  const rows = new Map<GraphNode, RowExtent>()
  const seen = new Set<GraphNode>()
  const pending = roots.map((node) => ({ node, isInRow: false })).toReversed()
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    const { node, isInRow } = each
    if (seen.has(node) || node.kind !== 'apply' || isKnown(node)) continue
    const extent = extentOf(node)
    if (isOne(extent)) numbers.add(node)
    else {
      if (isRow(extent) && !isInRow) rows.set(node, extent)
      else seen.add(node)
      for (const argument of node.arguments.toReversed())
        pending.push({ node: argument, isInRow: isRow(extent) })
    }
  }
  return { numbers: [...numbers], rows: Array.from(rows, ([node, extent]) => ({ node, extent })) }
}
