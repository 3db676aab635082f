import type { Interval } from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import { choiceOperator } from '../operators/table.ts'
import { createApplyTable } from './apply-table.ts'
import type {
  ApplyNode,
  CallNode,
  ConstantNode,
  GraphNode,
  InputNode,
  ParameterNode,
  ScheduleFunction,
  StateNode,
  TotalNode,
} from './graph.ts'

/** Makes the nodes of one graph; equal nodes come back as the same object. */
export interface GraphBuilder {
  constant(value: number): ConstantNode
  /** What is wrong in the source; no two are equal. */
  hole(): ConstantNode
  input(name: InputNode['name']): InputNode
  /** `owner` tells parameters of different functions apart that share a name. */
  parameter(owner: object | undefined, name: string, declared: Interval): ParameterNode
  state(index: number): StateNode
  total(index: number, of: ApplyNode): TotalNode
  apply(operator: Operator, arguments_: readonly GraphNode[], site?: number): ApplyNode
  call(callee: ScheduleFunction, arguments_: readonly GraphNode[]): CallNode
}

/** A builder with an empty graph. */
export function createGraph(): GraphBuilder {
  const nodes: GraphNode[] = []
  const named = new Map<string, GraphNode>()
  const constants = new Map<number, ConstantNode>()
  const applied = createApplyTable()
  const numbers = new Map<object, number>()
  let negativeZero: ConstantNode | undefined

  const numberOf = (thing: object): number => {
    const number = numbers.get(thing) ?? numbers.size
    numbers.set(thing, number)
    return number
  }
  const intern = <N extends GraphNode>(key: string, make: (id: number) => N): N => {
    const known = named.get(key)
    if (known !== undefined) return known as N
    const made = make(nodes.length)
    nodes.push(made)
    named.set(key, made)
    return made
  }
  const constant = (value: number): ConstantNode => {
    const made: ConstantNode = { kind: 'constant', id: nodes.length, value }
    nodes.push(made)
    return made
  }
  return {
    constant: (value) => {
      if (Object.is(value, -0)) return (negativeZero ??= constant(value))
      const known = constants.get(value)
      if (known !== undefined) return known
      const made = constant(value)
      constants.set(value, made)
      return made
    },
    hole: () => {
      const made: ConstantNode = { kind: 'constant', id: nodes.length, value: NaN, isHole: true }
      nodes.push(made)
      return made
    },
    input: (name) => intern(name, (id) => ({ kind: 'input', id, name })),
    parameter: (owner, name, declared) =>
      intern(`parameter ${owner === undefined ? '' : numberOf(owner)} ${name}`, (id) => ({
        kind: 'parameter',
        id,
        name,
        declared,
      })),
    state: (index) => intern(`state ${index}`, (id) => ({ kind: 'state', id, index })),
    total: (index, of) => intern(`total ${index}`, (id) => ({ kind: 'total', id, index, of })),
    apply: (operator, arguments_, site = 0) => {
      const known = applied.find(operator, arguments_, site)
      if (known !== undefined) return known
      const made: ApplyNode = {
        kind: 'apply',
        id: nodes.length,
        operator,
        arguments: arguments_,
        site,
      }
      nodes.push(made)
      applied.add(made)
      return made
    },
    call: (callee, arguments_) =>
      intern(
        `call ${numberOf(callee)} ${arguments_.map((argument) => argument.id).join(' ')}`,
        (id) => ({ kind: 'call', id, callee, arguments: arguments_ }),
      ),
  }
}

/** Whether the node is a truth value: a comparison, or a choice between two. */
export function isMask(node: GraphNode): boolean {
  if (node.kind !== 'apply') return false
  if (node.operator.kind === 'shape') return node.operator.boolean === true
  if (node.operator.kind !== 'elementwise') return false
  const [, a, b] = node.arguments
  return node.operator === choiceOperator
    ? isMask(a!) && isMask(b!)
    : node.operator.boolean === true
}

/** Whether a fact about a parameter is the same on every step, so that rules may be chosen by it. */
export function isLasting(operator: Operator): boolean {
  return operator.kind === 'shape' && operator.restsOn !== 'updates'
}

/** Whether the node is made of constants and facts about the parameter's shape alone. */
export function isFromShape(node: GraphNode): boolean {
  if (node.kind === 'constant') return true
  if (node.kind !== 'apply') return false
  return (
    isLasting(node.operator) ||
    (node.operator.kind === 'elementwise' && node.arguments.every(isFromShape))
  )
}

/** The nodes a node uses directly. */
export function operands(node: GraphNode): readonly GraphNode[] {
  return node.kind === 'apply' || node.kind === 'call' ? node.arguments : NONE
}

const NONE: readonly GraphNode[] = []

/** The nodes met by the call of `reachable` that is going on, by their ids; empty between calls, which then cost no memory. */
const met: (GraphNode | undefined)[] = []

/** Every node reachable from `roots`, each after the nodes it uses. */
export function reachable(roots: readonly GraphNode[]): readonly GraphNode[] {
  const nodes = reachableInOneGraph(roots)
  // Conditions and what is left once they are known may be of two graphs, whose ids meet.
  return nodes ?? reachableDownTo(roots, () => false)
}

/** What the roots are made of down to nodes that are an end, each after the nodes it uses. */
export function reachableDownTo(
  roots: readonly GraphNode[],
  isEnd: (node: GraphNode) => boolean,
): readonly GraphNode[] {
  const seen = new Set<GraphNode>()
  const pending = [...roots]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (!isEnd(node)) pending.push(...operands(node))
  }
  return [...seen].sort((a, b) => a.id - b.id)
}

/** Undefined when two of the nodes have one id. Ids are smaller than those of users: one way down finds all. */
function reachableInOneGraph(roots: readonly GraphNode[]): readonly GraphNode[] | undefined {
  let last = -1
  for (const { id } of roots) if (id > last) last = id
  while (met.length <= last) met.push(undefined)
  let open = 0
  let clash = false
  const meet = (node: GraphNode): void => {
    const known = met[node.id]
    if (known === node) return
    if (known !== undefined) clash = true
    else {
      met[node.id] = node
      open += 1
    }
  }
  for (const root of roots) meet(root)
  let first = last + 1
  while (open > 0) {
    first -= 1
    const node = met[first]
    if (node === undefined) continue
    open -= 1
    if (node.kind === 'apply' || node.kind === 'call')
      for (const argument of node.arguments) meet(argument)
  }
  const nodes: GraphNode[] = []
  for (let id = first; id <= last; id++) {
    const node = met[id]
    if (node === undefined) continue
    nodes.push(node)
    met[id] = undefined
  }
  return clash ? undefined : nodes
}
