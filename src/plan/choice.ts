import { layouts, type Layout } from '../operators/layout.ts'
import type { Told } from '../operators/operator.ts'
import { choiceOperator } from '../operators/table.ts'
import {
  createGraph,
  isFromShape,
  isLasting,
  operands,
  reachable,
  type GraphBuilder,
} from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { liveStates, rebuild, resultsOf, rewriteProgram } from '../ir/rewrite.ts'

/** One thing for all parameters, or a choice by the parameter's shape that is made before the first step. */
export type Choice<T> =
  | { readonly kind: 'leaf'; readonly leaf: T }
  | {
      readonly kind: 'branch'
      readonly condition: GraphNode
      readonly then: Choice<T>
      readonly otherwise: Choice<T>
    }

/** Everything that can be chosen, from left to right. */
export function leavesOf<T>(choice: Choice<T>): readonly T[] {
  return choice.kind === 'leaf'
    ? [choice.leaf]
    : [...leavesOf(choice.then), ...leavesOf(choice.otherwise)]
}

/** The same choice among what `change` makes of each leaf. */
export function mapChoice<T, U>(choice: Choice<T>, change: (leaf: T) => U): Choice<U> {
  return choice.kind === 'leaf'
    ? { kind: 'leaf', leaf: change(choice.leaf) }
    : {
        ...choice,
        then: mapChoice(choice.then, change),
        otherwise: mapChoice(choice.otherwise, change),
      }
}

/** Whether the node is an `if`: a choice that is made per parameter, before the first step. */
export function isShapeChoice(node: GraphNode): boolean {
  return (
    node.kind === 'apply' &&
    node.operator === choiceOperator &&
    isShapeCondition(node.arguments[0]!)
  )
}

/** Whether the value is made of facts about the parameter's shape and of numbers: hyperparameters may change with the step. */
function isShapeCondition(condition: GraphNode): boolean {
  return (
    isFromShape(condition) &&
    reachable([condition]).some((node) => node.kind === 'apply' && isLasting(node.operator))
  )
}

/**
 * Splits a program at its conditions on shapes. The programs of all leaves are in one graph and number their states like
 * `program`; a state that a leaf does not need keeps its value there.
 */
export function specialize(program: Program): Choice<Program> {
  let graph: GraphBuilder | undefined
  return split(program, () => (graph ??= createGraph()))
}

/** The graph is asked for where something changes. */
function split(program: Program, graph: () => GraphBuilder): Choice<Program> {
  const condition = outermostCondition(program)
  if (condition === undefined) return { kind: 'leaf', leaf: keepDeadStates(program, graph) }
  return {
    kind: 'branch',
    condition,
    then: split(assume(program, graph(), condition, true), graph),
    otherwise: split(assume(program, graph(), condition, false), graph),
  }
}

/** What is chosen for a parameter of the given shape, of which more may be told. */
export function leafFor<T>(
  choice: Choice<T>,
  shape: readonly number[],
  layout: Layout = layouts[0],
  told: Told = {},
): T {
  let chosen = choice
  while (chosen.kind === 'branch')
    chosen =
      shapeValue(chosen.condition, shape, layout, told) !== 0 ? chosen.then : chosen.otherwise
  return chosen.leaf
}

/** The program that is left for a parameter of the given shape. */
export function specializeTo(
  program: Program,
  shape: readonly number[],
  layout: Layout = layouts[0],
): Program {
  return leafFor(specialize(program), shape, layout)
}

/** The value of a node that is known from shapes, for a parameter of the given shape. */
function shapeValue(node: GraphNode, shape: readonly number[], layout: Layout, told: Told): number {
  if (node.kind === 'constant') return node.value
  if (node.kind !== 'apply') return NaN
  if (node.operator.kind === 'shape') return node.operator.meaning(shape, layout, told)
  if (node.operator.kind !== 'elementwise') return NaN
  return node.operator.meaning(
    ...node.arguments.map((argument) => shapeValue(argument, shape, layout, told)),
  )
}

function outermostCondition(program: Program): GraphNode | undefined {
  const roots = [...resultsOf(program), ...program.states.map((state) => state.next)]
  if (!reachable(roots).some(isShapeChoice)) return undefined
  const seen = new Set<GraphNode>()
  const pending = [...roots].reverse()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (isShapeChoice(node)) return operands(node)[0]
    pending.push(...[...operands(node)].reverse())
  }
  return undefined
}

function assume(
  program: Program,
  graph: GraphBuilder,
  condition: GraphNode,
  isTrue: boolean,
): Program {
  return rewriteProgram(program, (node, arguments_) =>
    isShapeChoice(node) && operands(node)[0] === condition
      ? arguments_[isTrue ? 1 : 2]!
      : rebuild(graph, node, arguments_),
  )
}

/** The program in which states that nothing needs are not changed. */
function keepDeadStates(program: Program, graph: () => GraphBuilder): Program {
  const live = new Set(liveStates(program))
  if (live.size === program.states.length) return program
  return {
    ...program,
    states: program.states.map((state, index) =>
      live.has(index) ? state : { ...state, next: graph().state(index) },
    ),
  }
}
