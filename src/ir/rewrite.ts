import { operands, reachable, type GraphBuilder } from './build.ts'
import type { GraphNode, Program, ScheduleFunction } from './graph.ts'

/** Gives the node that stands for `node` in the new graph; `arguments_` are its operands, already rewritten. */
export type Rewrite = (node: GraphNode, arguments_: readonly GraphNode[]) => GraphNode

/** The node of `graph` that equals `node` with other operands. */
export function rebuild(
  graph: GraphBuilder,
  node: GraphNode,
  arguments_: readonly GraphNode[],
): GraphNode {
  switch (node.kind) {
    case 'apply':
      return graph.apply(node.operator, arguments_, node.site)
    case 'call':
      return graph.call(node.callee, arguments_)
    case 'constant':
      return graph.constant(node.value)
    case 'input':
      return graph.input(node.name)
    case 'state':
      return graph.state(node.index)
    case 'total':
      return graph.total(node.index, node.of)
    case 'parameter':
      return graph.parameter(undefined, node.name, node.declared)
  }
}

/** Rewrites everything reachable from `roots`, operands first, each node once. */
export function rewriteNodes(
  roots: readonly GraphNode[],
  rewrite: Rewrite,
): ReadonlyMap<GraphNode, GraphNode> {
  const result = new Map<GraphNode, GraphNode>()
  for (const node of reachable(roots)) {
    const arguments_: GraphNode[] = []
    for (const operand of operands(node)) arguments_.push(result.get(operand)!)
    result.set(node, rewrite(node, arguments_))
  }
  return result
}

/**
 * All that a program works out: its update, what it is evaluated with, the starts of its states and what they become, and what
 * its totals are made of.
 */
export function rootsOf(program: Program): readonly GraphNode[] {
  const roots = [...resultsOf(program)]
  for (const { initial, next } of program.states) roots.push(initial, next)
  for (const { part } of program.totals) roots.push(part)
  return roots
}

/** What a program is for: its update, and what it is evaluated with where that is said. */
export function resultsOf({
  update,
  evaluate,
}: {
  readonly update: GraphNode
  readonly evaluate?: GraphNode | undefined
}): readonly GraphNode[] {
  return evaluate === undefined ? [update] : [update, evaluate]
}

/** The program with every node rewritten; names follow their nodes, the first name of a merged node wins. */
export function rewriteProgram(program: Program, rewrite: Rewrite): Program {
  const rewritten = rewriteNodes(rootsOf(program), rewrite)
  const names = new Map<GraphNode, string>()
  for (const [node, name] of program.names) {
    const target = rewritten.get(node)
    if (
      target !== undefined &&
      (target.kind === 'apply' || target.kind === 'call' || target.kind === 'total') &&
      !names.has(target)
    )
      names.set(target, name)
  }
  return {
    ...program,
    names,
    update: rewritten.get(program.update)!,
    ...(program.evaluate && { evaluate: rewritten.get(program.evaluate)! }),
    states: program.states.map((state) => ({
      ...state,
      initial: rewritten.get(state.initial)!,
      next: rewritten.get(state.next)!,
    })),
    totals: program.totals.map((total) => ({
      ...total,
      part: rewritten.get(total.part)!,
    })),
  }
}

/** The schedule or decay with every node of its body rewritten; names follow their nodes. */
export function rewriteFunction(callee: ScheduleFunction, rewrite: Rewrite): ScheduleFunction {
  const rewritten = rewriteNodes([callee.body], rewrite)
  const names = new Map<GraphNode, string>()
  for (const [node, name] of callee.names) {
    const target = rewritten.get(node)
    if (target !== undefined) names.set(target, name)
  }
  return { ...callee, body: rewritten.get(callee.body)!, names }
}

const knownLive = new WeakMap<Program, readonly number[]>()

/** The indices of the states that the update, what is evaluated, or another such state reads, in order. */
export function liveStates(program: Program): readonly number[] {
  if (program.states.length === 0) return []
  let live = knownLive.get(program)
  if (live === undefined) knownLive.set(program, (live = findLiveStates(program)))
  return live
}

function findLiveStates(program: Program): readonly number[] {
  const { states, totals } = program
  const isLive = states.map(() => false)
  const isRead = totals.map(() => false)
  for (let roots = resultsOf(program); roots.length > 0;) {
    const found: GraphNode[] = []
    for (const node of reachable(roots)) {
      if (node.kind === 'total' && !isRead[node.index]) {
        isRead[node.index] = true
        found.push(totals[node.index]!.part)
      }
      if (node.kind !== 'state' || isLive[node.index] === true) continue
      isLive[node.index] = true
      found.push(states[node.index]!.next)
    }
    roots = found
  }
  return [...isLive.keys()].filter((index) => isLive[index])
}

/** The program without the states that neither its results nor any state they need ever read. */
export function dropDeadStates(program: Program, graph: GraphBuilder): Program {
  const live = liveStates(program)
  if (live.length === program.states.length) return program
  const numbers = new Map(live.map((index, position) => [index, position]))
  const kept: Program = { ...program, states: live.map((index) => program.states[index]!) }
  return rewriteProgram(kept, (node, arguments_) =>
    node.kind === 'state'
      ? graph.state(numbers.get(node.index)!)
      : rebuild(graph, node, arguments_),
  )
}
