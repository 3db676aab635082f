import { exactly, finite, interval, type Interval } from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import { joinStages, type Stage } from '../operators/stage.ts'
import { operators } from '../operators/table.ts'
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

const operatorNumbers = new Map(operators.map((operator, number) => [operator, number]))

/** Ids and numbers of operators up to these have one number as the key of an operator and two operands. */
const ID_LIMIT = 2 ** 20

/**
 * A builder with an empty graph. In a `lazy` one the intervals of operators are worked out when they are first asked for,
 * operands first and by recursion: for graphs that stay shallow.
 */
export function createGraph({ lazy = false }: { readonly lazy?: boolean } = {}): GraphBuilder {
  const nodes = new Map<string | number, GraphNode>()
  const numbers = new Map<object, number>()

  const numberOf = (thing: object): number => {
    const number = numbers.get(thing) ?? numbers.size
    numbers.set(thing, number)
    return number
  }
  const intern = <N extends GraphNode>(key: string | number, make: (id: number) => N): N => {
    const known = nodes.get(key)
    if (known !== undefined) return known as N
    const made = make(nodes.size)
    nodes.set(key, made)
    return made
  }
  const intervalOf = (work: () => Interval): (() => Interval) => {
    let known: Interval | undefined
    if (!lazy) known = work()
    return () => (known ??= work())
  }

  return {
    constant: (value) =>
      intern(`constant ${Object.is(value, -0) ? '-0' : value}`, (id) => ({
        kind: 'constant',
        id,
        value,
        stage: 'constant',
        interval: exactly(value),
      })),
    input: (name) =>
      intern(`input ${name}`, (id) => ({ kind: 'input', id, name, ...INPUTS[name] })),
    parameter: (owner, name, range, stage) =>
      intern(`parameter ${owner === undefined ? '' : numberOf(owner)} ${name}`, (id) => ({
        kind: 'parameter',
        id,
        name,
        stage,
        interval: range,
      })),
    state: (index, type) =>
      intern(`state ${index}`, (id) => {
        const interval = intervalOf(() => type.interval)
        return {
          kind: 'state',
          id,
          index,
          stage: type.stage,
          get interval() {
            return interval()
          },
        }
      }),
    apply: (operator, arguments_, site = 0) =>
      intern(applyKey(operator, arguments_, site), (id) => {
        const interval = intervalOf(() =>
          applyInterval(
            operator,
            arguments_,
            arguments_.map((argument) => argument.interval),
          ),
        )
        return {
          kind: 'apply',
          id,
          operator,
          arguments: arguments_,
          site,
          stage: applyStage(operator, arguments_),
          get interval() {
            return interval()
          },
        }
      }),
    call: (callee, arguments_) => {
      return intern(
        `call ${numberOf(callee)} ${arguments_.map((argument) => argument.id).join(' ')}`,
        (id) => ({
          kind: 'call',
          id,
          callee,
          arguments: arguments_,
          stage: joinStages(callee.body.stage, ...arguments_.map((argument) => argument.stage)),
          interval: callee.role === 'decay' ? interval(0, 1) : callee.body.interval,
        }),
      )
    },
  }
}

/** What equal applications have in common: a number where that is possible, since most keys are asked for often. */
function applyKey(
  operator: Operator,
  arguments_: readonly GraphNode[],
  site: number,
): string | number {
  const number = operatorNumbers.get(operator)!
  const commutes = operator.kind === 'elementwise' && operator.commutative === true
  let first = arguments_[0]?.id ?? 0
  let second = arguments_[1]?.id ?? 0
  if (commutes && second < first) [first, second] = [second, first]
  if (site === 0 && arguments_.length <= 2 && first < ID_LIMIT && second < ID_LIMIT)
    return (number * ID_LIMIT + first) * ID_LIMIT + second
  const ids = arguments_.length === 2 ? [first, second] : arguments_.map(({ id }) => id)
  return `apply ${number} ${ids.join(' ')} ${site}`
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
