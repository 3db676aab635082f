import {
  anything,
  exactly,
  finite,
  interval,
  within,
  type Interval,
} from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import { joinStages, type Stage } from '../operators/stage.ts'
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
} from './graph.ts'
import type { StateType } from './state-type.ts'

/** Makes the nodes of one graph; equal nodes come back as the same object. */
export interface GraphBuilder {
  /** Every value the node can take; its `interval`, unless the graph is lazy. */
  intervalOf(node: GraphNode): Interval
  constant(value: number): ConstantNode
  input(name: InputNode['name']): InputNode
  /** `owner` tells parameters of different functions apart that share a name. */
  parameter(owner: object | undefined, name: string, range: Interval, stage: Stage): ParameterNode
  state(index: number, type: StateType): StateNode
  apply(operator: Operator, arguments_: readonly GraphNode[], site?: number): ApplyNode
  call(callee: ScheduleFunction, arguments_: readonly GraphNode[]): CallNode
}

const INPUTS: Readonly<Record<InputNode['name'], { stage: Stage; interval: Interval }>> = {
  g: { stage: 'tensor', interval: finite },
  w: { stage: 'tensor', interval: finite },
  t: { stage: 'schedule', interval: interval(0, Infinity, { highOpen: true }) },
  T: { stage: 'hyper', interval: interval(1, Infinity, { highOpen: true }) },
}

/**
 * A builder with an empty graph. With `stateInterval` the graph is lazy: `interval` of its states and operators says
 * nothing; `intervalOf` works it out, operands first and by recursion, from what `stateInterval` gives for a state's index.
 */
export function createGraph(stateInterval?: (index: number) => Interval): GraphBuilder {
  const nodes: GraphNode[] = []
  const named = new Map<string, GraphNode>()
  const constants = new Map<number, ConstantNode>()
  const applied = createApplyTable()
  const numbers = new Map<object, number>()
  const intervals = new Map<GraphNode, Interval>()
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
    const made: ConstantNode = {
      kind: 'constant',
      id: nodes.length,
      value,
      stage: 'constant',
      interval: exactly(value),
    }
    nodes.push(made)
    return made
  }
  const intervalOf = (node: GraphNode): Interval => {
    if (stateInterval === undefined) return node.interval
    if (node.kind === 'state') return stateInterval(node.index)
    if (node.kind !== 'apply') return node.interval
    const known = intervals.get(node)
    if (known !== undefined) return known
    const found = applyInterval(node.operator, node.arguments, node.arguments.map(intervalOf))
    intervals.set(node, found)
    return found
  }

  return {
    intervalOf,
    constant: (value) => {
      if (Object.is(value, -0)) return (negativeZero ??= constant(value))
      const known = constants.get(value)
      if (known !== undefined) return known
      const made = constant(value)
      constants.set(value, made)
      return made
    },
    input: (name) => intern(name, (id) => ({ kind: 'input', id, name, ...INPUTS[name] })),
    parameter: (owner, name, range, stage) =>
      intern(`parameter ${owner === undefined ? '' : numberOf(owner)} ${name}`, (id) => ({
        kind: 'parameter',
        id,
        name,
        stage,
        interval: range,
      })),
    state: (index, { stage, interval }) =>
      intern(`state ${index}`, (id) => ({ kind: 'state', id, index, stage, interval })),
    apply: (operator, arguments_, site = 0) => {
      const known = applied.find(operator, arguments_, site)
      if (known !== undefined) return known
      const made: ApplyNode = {
        kind: 'apply',
        id: nodes.length,
        operator,
        arguments: arguments_,
        site,
        stage: applyStage(operator, arguments_),
        interval:
          stateInterval === undefined
            ? applyInterval(
                operator,
                arguments_,
                arguments_.map((argument) => argument.interval),
              )
            : anything,
      }
      nodes.push(made)
      applied.add(made)
      return made
    },
    call: (callee, arguments_) => {
      return intern(
        `call ${numberOf(callee)} ${arguments_.map((argument) => argument.id).join(' ')}`,
        (id) => ({
          kind: 'call',
          id,
          callee,
          arguments: arguments_,
          stage: joinStages(callee.body.stage, ...arguments_.map((argument) => argument.stage)),
          interval: callInterval(callee, arguments_, intervalOf),
        }),
      )
    },
  }
}

/**
 * What a schedule or decay can give. The promise of a decay is not taken for it: only what the graph shows. Its body was
 * followed for arguments in their declared ranges; nothing is known of it for others.
 */
function callInterval(
  callee: ScheduleFunction,
  arguments_: readonly GraphNode[],
  intervalOf: (node: GraphNode) => Interval,
): Interval {
  const wanted = [INPUTS.t.interval, ...callee.parameters.map((parameter) => parameter.interval)]
  const asDeclared = arguments_.every((argument, index) =>
    within(intervalOf(argument), wanted[index]!),
  )
  return asDeclared ? callee.body.interval : anything
}

function applyStage(operator: Operator, arguments_: readonly GraphNode[]): Stage {
  switch (operator.kind) {
    case 'elementwise':
      return joinStages(...arguments_.map((argument) => argument.stage))
    case 'reduction':
      return 'statistic'
    case 'shape':
      return 'shape'
    case 'random':
      return 'tensor'
  }
}

/** The interval of an operator on nodes of the given intervals. */
export function applyInterval(
  operator: Operator,
  arguments_: readonly GraphNode[],
  intervals: readonly Interval[],
): Interval {
  return progressInterval(operator, arguments_) ?? operator.interval(...intervals)
}

/** `t / T` stays below 1 and `(t + 1) / T` does not exceed it: what t < T adds to the intervals of its two sides. */
function progressInterval(
  operator: Operator,
  arguments_: readonly GraphNode[],
): Interval | undefined {
  const [step, total] = arguments_
  if (operator.fixity?.symbol !== '/' || total?.kind !== 'input' || total.name !== 'T')
    return undefined
  if (step?.kind === 'input' && step.name === 't') return interval(0, 1, { highOpen: true })
  if (step?.kind !== 'apply' || step.operator.fixity?.symbol !== '+') return undefined
  const isStep = step.arguments.some(
    (argument) => argument.kind === 'input' && argument.name === 't',
  )
  const isNext = step.arguments.some(
    (argument) => argument.kind === 'constant' && argument.value === 1,
  )
  return isStep && isNext ? interval(0, 1, { lowOpen: true }) : undefined
}

/** The nodes a node uses directly. */
export function operands(node: GraphNode): readonly GraphNode[] {
  return node.kind === 'apply' || node.kind === 'call' ? node.arguments : []
}

/** Every node reachable from `roots`, each after the nodes it uses. */
export function reachable(roots: readonly GraphNode[]): readonly GraphNode[] {
  const seen = new Set<GraphNode>()
  const pending = [...roots]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    pending.push(...operands(node))
  }
  return [...seen].sort((a, b) => a.id - b.id)
}
