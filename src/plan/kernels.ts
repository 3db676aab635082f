import type { Types } from '../ir/analysis/analyze.ts'
import { createGraph, isMask, reachableDownTo } from '../ir/build.ts'
import { expandValues, type IsSpelled } from '../ir/expand.ts'
import type { GraphNode } from '../ir/graph.ts'
import { rebuild } from '../ir/rewrite.ts'
import { anything } from '../operators/interval.ts'
import { isHost, isOwnMatrix, type Extent } from '../operators/type.ts'
import { deepValues } from './depth.ts'
import { guardOfStatement, isSameGuard, type Guard } from './order.ts'
import type { ParameterPlan, PlannedStatement } from './plan.ts'

/** What there is one number for in a tensor that kernels know. */
export type KernelExtent = 'run' | 'parameter' | 'per output' | 'per input' | 'element'

/**
 * A part of a step that needs nothing but numbers, elements and their reductions, as a function of tensors and numbers. It is
 * structure only: in its values a state node stands for the tensor with that index, a parameter node for the number whose
 * index is its name. All tensors are read before any is written.
 */
export interface Kernel {
  /** Those that are written in place, the parameter first, then those that it makes, then those that it only reads. */
  readonly tensors: readonly KernelTensor[]
  /** Whether each number is a condition, which is handed over as 1 or 0. */
  readonly numbers: readonly { readonly isCondition: boolean }[]
  readonly stores: readonly Store[]
}

export interface KernelTensor {
  readonly use: 'written' | 'made' | 'read'
  readonly extent: KernelExtent
}

/** A value that is put into a tensor, or with `subtracts` taken from what is there. */
export interface Store {
  readonly tensor: number
  readonly node: GraphNode
  readonly subtracts?: true
}

/** A kernel with what it is given. */
export interface KernelCall {
  readonly kind: 'kernel'
  readonly guard: Guard | undefined
  readonly kernel: Kernel
  readonly tensors: readonly GivenTensor[]
  /** Numbers of the host. */
  readonly numbers: readonly GraphNode[]
  /** What the source, or the plan, calls values of the kernel. */
  readonly names: ReadonlyMap<GraphNode, string>
}

export type GivenTensor =
  | { readonly kind: 'parameter' }
  /** `stands`: the value that the state's name stands for behind the kernel. */
  | { readonly kind: 'state'; readonly index: number; readonly stands?: GraphNode }
  /** A value that is made for what comes later. */
  | { readonly kind: 'made'; readonly node: GraphNode; readonly name: string | undefined }
  | { readonly kind: 'read'; readonly node: GraphNode }

/** A statement that no kernel carries out. */
export interface OtherStatement {
  readonly kind: 'other'
  readonly guard: Guard | undefined
  readonly statement: PlannedStatement
}

/** The statements of a parameter in their order, as few kernels and what stands between them. */
export function fuseStatements(
  { program, states, statements, named }: ParameterPlan,
  types: Types,
): readonly (KernelCall | OtherStatement)[] {
  const isNumber = (node: GraphNode): boolean => isHost(types.placementOf(node))
  const owned = new Set<GraphNode>([...named, ...statements.flatMap(nodesWithNames)])
  const lets = new Set(statements.flatMap((each) => (each.kind === 'let' ? [each.node] : [])))
  const reads = (each: PlannedStatement): Reads => {
    const value = valueOf(each)
    return each.kind !== 'let' && lets.has(value)
      ? { inside: [], read: new Set([value]) }
      : readsOf(value, owned, isNumber)
  }
  const pieces = divide(statements, types, reads)
  const available = new Set<GraphNode>(named)
  const names = new Map(program.names)
  for (const each of statements) {
    if (each.kind === 'let') names.set(each.node, each.name)
    const state = each.kind === 'assign' && states.find(({ index }) => index === each.state)
    if (state && each.stands) names.set(each.node, `next_${state.name}`)
  }
  return pieces.map((piece, at) => {
    const own = 'statement' in piece ? [piece.statement] : piece.statements
    const result =
      'statement' in piece
        ? piece
        : assemble(piece.guard, wantedOf(own, laterReads(pieces.slice(at + 1))), types, {
            available,
            names,
          })
    for (const node of own.flatMap(nodesWithNames)) available.add(node)
    return result
  })

  function laterReads(later: typeof pieces): ReadonlySet<GraphNode> {
    return new Set(
      later
        .flatMap((each) => ('statement' in each ? [each.statement] : each.statements))
        .flatMap((each) => [...reads(each).read]),
    )
  }

  function wantedOf(
    own: readonly PlannedStatement[],
    later: ReadonlySet<GraphNode>,
  ): readonly Wanted[] {
    const updated = own.flatMap((each): Wanted[] =>
      each.kind === 'update'
        ? [{ given: { kind: 'parameter' }, extent: 'element', node: each.node, subtracts: true }]
        : [],
    )
    const assigned = own.flatMap((each): Wanted[] => {
      if (each.kind !== 'assign') return []
      const { extent } = types.stateOf(each.state)
      const stands = each.stands ? { stands: each.node } : {}
      const given = { kind: 'state' as const, index: each.state, ...stands }
      return [{ given, extent, node: each.value }]
    })
    const made = own.flatMap((each): Wanted[] => {
      const { node } = each
      const isMade = each.kind === 'contribution' || (each.kind === 'let' && later.has(node))
      if (!isMade) return []
      const name = each.kind === 'let' ? each.name : undefined
      return [{ given: { kind: 'made', node, name }, extent: types.placementOf(node).extent, node }]
    })
    return [...updated, ...assigned, ...made]
  }
}

const valueOf = (each: PlannedStatement): GraphNode =>
  each.kind === 'assign' ? each.value : each.node

/** The values that a name stands for once the statement is carried out. */
function nodesWithNames(each: PlannedStatement): readonly GraphNode[] {
  return each.kind === 'let' || (each.kind === 'assign' && each.stands) ? [each.node] : []
}

interface FusedStatements {
  readonly guard: Guard | undefined
  readonly statements: PlannedStatement[]
}

/** Statements that one kernel can carry out together, and the others. */
function divide(
  statements: readonly PlannedStatement[],
  types: Types,
  reads: (statement: PlannedStatement) => Reads,
): readonly (OtherStatement | FusedStatements)[] {
  const isFusable = (statement: PlannedStatement): boolean => {
    if (statement.kind === 'assign' && isOwnMatrix(types.stateOf(statement.state).extent))
      return false
    const { inside, read } = reads(statement)
    const isMatrix = (node: GraphNode): boolean => isOwnMatrix(types.placementOf(node).extent)
    return inside.every((node) => fits(node, types)) && ![...read].some(isMatrix)
  }
  const pieces: (OtherStatement | FusedStatements)[] = []
  let open: FusedStatements | undefined
  for (const statement of statements) {
    const guard = guardOfStatement(statement)
    const continues = open !== undefined && isSameGuard(open.guard, guard)
    if (statement.kind === 'let' && isHost(types.placementOf(statement.node))) {
      // Numbers of the host stand before the kernel that is given them.
      pieces.splice(continues ? pieces.length - 1 : pieces.length, 0, {
        kind: 'other',
        guard,
        statement,
      })
      if (!continues) open = undefined
    } else if (!isFusable(statement)) {
      pieces.push({ kind: 'other', guard, statement })
      open = undefined
    } else if (continues) {
      open!.statements.push(statement)
    } else {
      open = { guard, statements: [statement] }
      pieces.push(open)
    }
  }
  return pieces
}

/** Whether a kernel can work the value out. */
function fits(node: GraphNode, { placementOf }: Types): boolean {
  if (node.kind === 'call') return false
  if (isOwnMatrix(placementOf(node).extent)) return false
  return (
    node.kind !== 'apply' || ['elementwise', 'reduction', 'random'].includes(node.operator.kind)
  )
}

interface Reads {
  readonly inside: readonly GraphNode[]
  readonly read: ReadonlySet<GraphNode>
}

/** What a value is made of down to what has a name of its own, and to numbers of the host. */
function readsOf(
  root: GraphNode,
  owned: ReadonlySet<GraphNode>,
  isNumber: (node: GraphNode) => boolean,
): Reads {
  const isRead = (node: GraphNode): boolean => node !== root && owned.has(node)
  const met = reachableDownTo([root], (node) => isRead(node) || isNumber(node))
  return {
    inside: met.filter((node) => !isRead(node) && !isNumber(node)),
    read: new Set(met.filter(isRead)),
  }
}

/** A value that a kernel is to put somewhere. */
interface Wanted {
  readonly given: GivenTensor
  readonly extent: Extent
  readonly node: GraphNode
  readonly subtracts?: true
}

/** The kernel that works out what is wanted from leaves, and from what has a value before it. */
function assemble(
  guard: Guard | undefined,
  wanted: readonly Wanted[],
  types: Types,
  {
    available,
    names,
  }: {
    /** What has a value before the kernel begins. */
    readonly available: ReadonlySet<GraphNode>
    readonly names: ReadonlyMap<GraphNode, string>
  },
): KernelCall {
  const tensors: GivenTensor[] = wanted.map(({ given }) => given)
  const kinds: KernelTensor[] = wanted.map(({ given, extent }) => ({
    use: given.kind === 'made' ? 'made' : 'written',
    extent: extent as KernelExtent,
  }))
  const numbers: GraphNode[] = []
  const graph = createGraph()
  const tensorOf = (node: GraphNode): GraphNode => {
    const at = tensors.findIndex((given) =>
      node.kind === 'state'
        ? given.kind === 'state' && given.index === node.index
        : node.kind === 'input' && node.name === 'w' && given.kind === 'parameter',
    )
    if (at >= 0) return graph.state(at)
    kinds.push({ use: 'read', extent: types.placementOf(node).extent as KernelExtent })
    return graph.state(tensors.push({ kind: 'read', node }) - 1)
  }
  const written = new Map<GraphNode, GraphNode>()
  const valueNames = new Map<GraphNode, string>()
  const write = (node: GraphNode): GraphNode => {
    const known = written.get(node)
    if (known !== undefined) return known
    const result = writeAnew(node)
    written.set(node, result)
    const name = names.get(node)
    if (name !== undefined && result.kind === 'apply' && !valueNames.has(result))
      valueNames.set(result, name)
    return result
  }
  const writeAnew = (node: GraphNode): GraphNode => {
    if (node.kind === 'constant') return graph.constant(node.value)
    if (isHost(types.placementOf(node)))
      return graph.parameter(undefined, String(numbers.push(node) - 1), anything)
    return available.has(node) || node.kind !== 'apply'
      ? tensorOf(node)
      : rebuild(graph, node, node.arguments.map(write))
  }
  const isEnd = (node: GraphNode): boolean =>
    available.has(node) || node.kind !== 'apply' || isHost(types.placementOf(node))
  const nodes = reachableDownTo(
    wanted.map(({ node }) => node),
    isEnd,
  )
  deepValues(nodes, isEnd).forEach(write)
  const stores = wanted.map(({ node, subtracts }, tensor): Store => {
    const value = write(node)
    return subtracts === true ? { tensor, node: value, subtracts } : { tensor, node: value }
  })
  const kernel = {
    tensors: kinds,
    numbers: numbers.map((node) => ({ isCondition: isMask(node) })),
    stores,
  }
  return { kind: 'kernel', guard, kernel, tensors, numbers, names: valueNames }
}

/** The kernel with the operators that a target does not spell replaced by their definitions. */
export function expandKernel(kernel: Kernel, isSpelled: IsSpelled): Kernel {
  const values = expandValues(
    kernel.stores.map(({ node }) => node),
    isSpelled,
  )
  return {
    ...kernel,
    stores: kernel.stores.map((store) => ({ ...store, node: values.get(store.node)! })),
  }
}
