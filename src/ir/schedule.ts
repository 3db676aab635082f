import { reachable } from './build.ts'
import type { ApplyNode, CallNode, GraphNode, ScheduleFunction } from './graph.ts'

/** Whether the function has the value of step `T` - 1 on every step from `T` on: a decay that knows where the run ends. */
export function holds({ role, usesTotalSteps }: ScheduleFunction): boolean {
  return role === 'decay' && usesTotalSteps
}

/** One number per step: a function of the steps already taken and the total number of steps (NaN when not given). */
export type ScheduleValue = (t: number, totalSteps: number) => number

/**
 * The value of a schedule or decay at step `t`. `arguments_` in the order of its parameters, an undefined one has its
 * default. `totalSteps` may be NaN when the function does not use `T`. A decay that uses `T`, directly or through another
 * function, holds the value of step `T` - 1 from step `T` on; one that does not cannot know where the run ends.
 */
export function evaluateFunction(
  callee: ScheduleFunction,
  arguments_: readonly (number | undefined)[],
  t: number,
  totalSteps: number,
): number {
  const known = new Map<GraphNode, number>()
  const parameters = new Map(
    callee.parameters.map((parameter, index) => [
      parameter.name,
      arguments_[index] ?? parameter.default ?? NaN,
    ]),
  )
  const step = holds(callee) ? Math.min(t, totalSteps - 1) : t
  for (const node of nodesOf(callee))
    known.set(node, valueOf(node, known, parameters, step, totalSteps))
  return known.get(callee.body)!
}

const nodesOfBodies = new WeakMap<ScheduleFunction, readonly GraphNode[]>()

/** The nodes of a function's body in the order of evaluation, worked out once. */
function nodesOf(callee: ScheduleFunction): readonly GraphNode[] {
  let nodes = nodesOfBodies.get(callee)
  if (nodes === undefined) nodesOfBodies.set(callee, (nodes = reachable([callee.body])))
  return nodes
}

function valueOf(
  node: GraphNode,
  known: ReadonlyMap<GraphNode, number>,
  parameters: ReadonlyMap<string, number>,
  t: number,
  totalSteps: number,
): number {
  const arguments_ = (user: ApplyNode | CallNode): number[] =>
    user.arguments.map((argument) => known.get(argument)!)
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'parameter':
      return parameters.get(node.name) ?? NaN
    case 'input':
      return node.name === 't' ? t : node.name === 'T' ? totalSteps : NaN
    case 'call': {
      const [step, ...given] = arguments_(node) as [number, ...number[]]
      return evaluateFunction(node.callee, given, step, totalSteps)
    }
    case 'apply':
      return node.operator.kind === 'elementwise' ? node.operator.meaning(...arguments_(node)) : NaN
    case 'state':
    case 'total':
      return NaN
  }
}
