import { dropoutKey, uniformAt } from '../operators/random.ts'
import type { Operator } from '../operators/operator.ts'
import { reachable } from './build.ts'
import type {
  ApplyNode,
  CallNode,
  GraphNode,
  Program,
  ProgramState,
  ScheduleFunction,
} from './graph.ts'
import { isHostNumber } from './host-number.ts'
import { specializeTo } from './specialize.ts'

/** One number per step: a function of the steps already taken and the total number of steps (NaN when not given). */
export type ScheduleValue = (t: number, totalSteps: number) => number

export interface EvaluationOptions {
  /** Shape of the parameter. */
  readonly shape: readonly number[]
  /** Values by name; those not given have their defaults. */
  readonly hyperparameters?: Readonly<Record<string, number | ScheduleValue>>
  /** Total steps of the run; needed when the program uses `T`. */
  readonly totalSteps?: number
  /** Seed of the random streams; 0 when not given. */
  readonly seed?: number
  /** Which parameter of the model this is; tells random streams apart. */
  readonly parameterIndex?: number
  /** 32: every tensor operation is rounded to 32-bit floats, as on the targets. 64: none is. */
  readonly precision?: 32 | 64
}

/** The value of each state: one number, or one per element in row-major order. */
export type StateValues = readonly (number | Float64Array)[]

/** One optimizer for one parameter, as the pure pair of functions every target implements. */
export interface Evaluation {
  initialize(w: ArrayLike<number>): StateValues
  /** What step `t` subtracts from `w`, and the states after it. The arrays of the answer are new. */
  update(
    gradient: ArrayLike<number>,
    states: StateValues,
    w: ArrayLike<number>,
    t: number,
  ): { readonly update: Float64Array; readonly states: StateValues }
}

type Value = number | Float64Array
type Instruction = () => void

/** The reference meaning of a program: what every target is compared with. */
export function instantiate(source: Program, options: EvaluationOptions): Evaluation {
  const { shape, seed = 0, parameterIndex = 0, precision = 32 } = options
  const program = specializeTo(source, shape)
  const size = shape.reduce((product, length) => product * length, 1)
  const round = precision === 32 ? Math.fround : (value: number): number => value
  const totalSteps = options.totalSteps ?? NaN
  const nodes = reachable([
    program.update,
    ...program.states.flatMap((state) => [state.initial, state.next]),
  ])
  const values: Value[] = []
  const slots = new Map<GraphNode, number>()
  const instructions: Instruction[] = []
  let step = 0

  const slotOf = (node: GraphNode): number => slots.get(node)!
  const hyperparameter = (name: string): number => {
    const given = options.hyperparameters?.[name]
    if (typeof given === 'function') return given(step, totalSteps)
    return given ?? program.hyperparameters.find((known) => known.name === name)?.default ?? NaN
  }

  for (const node of nodes) {
    const slot = slots.size
    slots.set(node, slot)
    values.push(node.stage === 'tensor' ? new Float64Array(size) : 0)
    switch (node.kind) {
      case 'constant':
        values[slot] = node.value
        break
      case 'parameter':
        instructions.push(() => (values[slot] = hyperparameter(node.name)))
        break
      case 'input':
        if (node.name === 't') instructions.push(() => (values[slot] = step))
        if (node.name === 'T') values[slot] = totalSteps
        break
      case 'state':
        break
      case 'call': {
        const arguments_ = node.arguments.map(slotOf)
        instructions.push(() => {
          values[slot] = evaluateFunction(
            node.callee,
            arguments_.map((argument) => values[argument] as number),
            step,
            totalSteps,
          )
        })
        break
      }
      case 'apply':
        instructions.push(applyInstruction(node, slot))
    }
  }

  function applyInstruction(node: ApplyNode, slot: number): Instruction {
    const { operator, site } = node
    const arguments_ = node.arguments.map(slotOf)
    const asTensor = (index: number): ArrayLike<number> => {
      const value = values[arguments_[index]!]!
      return typeof value === 'number' ? new Float64Array(size).fill(round(value)) : value
    }
    if (operator.kind === 'shape') return () => (values[slot] = operator.meaning(shape))
    if (operator.kind === 'reduction') {
      const indices = arguments_.map((_, index) => index)
      return () => (values[slot] = round(operator.meaning(...indices.map(asTensor))))
    }
    if (operator.kind === 'random') {
      const result = values[slot] as Float64Array
      const key = dropoutKey(seed, site, parameterIndex)
      return () => {
        const inputs = arguments_.map((argument) => values[argument]!)
        for (let element = 0; element < size; element++) {
          const draw = uniformAt(key, step, element)
          result[element] = round(
            operator.meaning(draw, ...inputs.map((input) => round(at(input, element)))),
          )
        }
      }
    }
    if (node.stage !== 'tensor') {
      const rounding = isHostNumber(node) ? (value: number): number => value : round
      return () =>
        (values[slot] = rounding(
          operator.meaning(...arguments_.map((argument) => rounding(values[argument] as number))),
        ))
    }
    return elementwiseInstruction(operator, arguments_, slot)
  }

  function elementwiseInstruction(
    operator: Extract<Operator, { kind: 'elementwise' }>,
    arguments_: readonly number[],
    slot: number,
  ): Instruction {
    const { meaning } = operator
    const result = values[slot] as Float64Array
    const scratch = arguments_.map(() => new Float64Array(1))
    return () => {
      const inputs: Float64Array[] = []
      const strides: number[] = []
      for (let index = 0; index < arguments_.length; index++) {
        const value = values[arguments_[index]!]!
        if (typeof value === 'number') scratch[index]![0] = round(value)
        inputs.push(typeof value === 'number' ? scratch[index]! : value)
        strides.push(typeof value === 'number' ? 0 : 1)
      }
      const [a, b] = inputs
      const [strideA = 0, strideB = 0] = strides
      if (inputs.length === 1) {
        for (let i = 0; i < size; i++) result[i] = round(meaning(a![i * strideA]!))
      } else if (inputs.length === 2) {
        for (let i = 0; i < size; i++)
          result[i] = round(meaning(a![i * strideA]!, b![i * strideB]!))
      } else {
        for (let i = 0; i < size; i++) {
          result[i] = round(meaning(...inputs.map((input, index) => input[i * strides[index]!]!)))
        }
      }
    }
  }

  const load = (node: GraphNode, source: ArrayLike<number>): void => {
    const slot = slots.get(node)
    if (slot === undefined) return
    const target = values[slot] as Float64Array
    for (let i = 0; i < size; i++) target[i] = round(source[i]!)
  }
  const gradientNode = nodes.find((node) => node.kind === 'input' && node.name === 'g')
  const weightNode = nodes.find((node) => node.kind === 'input' && node.name === 'w')
  const stateNodes = program.states.map((_, index) =>
    nodes.find((node) => node.kind === 'state' && node.index === index),
  )
  const read = (node: GraphNode, stage: ProgramState['stage']): Value => {
    const value = values[slotOf(node)]!
    if (stage === 'schedule') return value as number
    if (stage === 'statistic') return round(value as number)
    return typeof value === 'number' ? new Float64Array(size).fill(round(value)) : value.slice()
  }
  const run = (w: ArrayLike<number>, t: number): void => {
    step = t
    if (weightNode !== undefined) load(weightNode, w)
    for (const instruction of instructions) instruction()
  }

  return {
    initialize: (w) => {
      run(w, 0)
      return program.states.map((state) => read(state.initial, state.stage))
    },
    update: (gradient, states, w, t) => {
      if (gradientNode !== undefined) load(gradientNode, gradient)
      program.states.forEach((state, index) => {
        const node = stateNodes[index]
        if (node === undefined) return
        if (state.stage === 'tensor') load(node, states[index] as Float64Array)
        else values[slotOf(node)] = states[index]!
      })
      run(w, t)
      return {
        update: read(program.update, 'tensor') as Float64Array,
        states: program.states.map((state) => read(state.next, state.stage)),
      }
    },
  }
}

function at(value: Value, element: number): number {
  return typeof value === 'number' ? value : value[element]!
}

/** The weights after each step from `w0` under the given gradients: one array per step, row-major. */
export function simulate(
  program: Program,
  options: EvaluationOptions,
  w0: ArrayLike<number>,
  gradients: readonly ArrayLike<number>[],
): Float64Array[] {
  const evaluation = instantiate(program, options)
  const round = (options.precision ?? 32) === 32 ? Math.fround : (value: number): number => value
  let w = Float64Array.from(w0, round)
  let states = evaluation.initialize(w)
  return gradients.map((gradient, t) => {
    const result = evaluation.update(gradient, states, w, t)
    states = result.states
    w = w.map((value, index) => round(value - result.update[index]!))
    return w
  })
}

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
  // A decay promises its interval for the steps of the run: behind them it holds its last value.
  const holds = callee.role === 'decay' && callee.usesTotalSteps
  const step = holds ? Math.min(t, totalSteps - 1) : t
  for (const node of nodesOf(callee))
    known.set(node, hostValue(node, known, parameters, step, totalSteps))
  return known.get(callee.body)!
}

const nodesOfBodies = new WeakMap<ScheduleFunction, readonly GraphNode[]>()

/** The nodes of a function's body in the order of evaluation, worked out once. */
function nodesOf(callee: ScheduleFunction): readonly GraphNode[] {
  let nodes = nodesOfBodies.get(callee)
  if (nodes === undefined) nodesOfBodies.set(callee, (nodes = reachable([callee.body])))
  return nodes
}

function hostValue(
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
    case 'call':
      return evaluateFunction(node.callee, arguments_(node), t, totalSteps)
    case 'apply':
      return node.operator.kind === 'elementwise' ? node.operator.meaning(...arguments_(node)) : NaN
    case 'state':
      return NaN
  }
}
