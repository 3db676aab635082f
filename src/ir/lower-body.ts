import type { CheckedModule } from '../check/checked-module.ts'
import { finite, interval, type Interval } from '../operators/interval.ts'
import { choiceOperator, limitOperator, operatorByName } from '../operators/table.ts'
import type {
  Block,
  Call,
  Expression,
  FunctionDeclaration,
  If,
  Parameter,
  Range,
  State,
  Statement,
} from '../syntax/ast.ts'
import { createGraph, reachable, type GraphBuilder } from './build.ts'
import { foldConstant } from './fold.ts'
import type { GraphNode, Hyperparameter, ScheduleFunction } from './graph.ts'

/** A state of the program: a declaration of the optimizer, or of a function for one of its calls. */
export interface StateInstance {
  readonly declaration: State
  readonly index: number
  readonly initial: GraphNode
  readonly owner: FunctionDeclaration | undefined
  next: GraphNode
}

/** Values of names inside one body: parameters, lets and states by their declarations, and the update. */
export type LoweredNames = Map<Parameter | Statement | 'update' | 'return', GraphNode>

/** Schedules and decays that are lowered, each in a graph of its own. */
export type Schedules = Map<FunctionDeclaration, ScheduleFunction>

/**
 * Those of other modules, which programs share: a module that changes is read anew, with new declarations, and nothing that
 * a function calls changes without it.
 */
const importedSchedules = new WeakMap<FunctionDeclaration, ScheduleFunction>()

/** What is shared by all bodies of one program. */
export interface Lowering {
  readonly checked: CheckedModule
  readonly graph: GraphBuilder
  readonly instances: StateInstance[]
  readonly names: Map<GraphNode, string>
  readonly calls: Map<string, GraphNode>
  readonly functionNumbers: Map<FunctionDeclaration, number>
  readonly schedules: Schedules
  readonly sites: Map<string, number>
}

/** The body being lowered: who owns its states, and what tells two calls of one function apart. */
interface Frame {
  readonly owner: FunctionDeclaration | undefined
  readonly instances: Map<State, StateInstance>
}

/** A lowering that has seen nothing yet; `schedules` of the module are lowered once. */
export function createLowering(
  checked: CheckedModule,
  graph: GraphBuilder,
  schedules: Schedules,
): Lowering {
  return {
    checked,
    graph,
    schedules,
    instances: [],
    names: new Map(),
    calls: new Map(),
    functionNumbers: new Map(),
    sites: new Map(),
  }
}

/** A parameter with its interval and default as numbers. */
export function lowerParameter(lowering: Lowering, parameter: Parameter): Hyperparameter {
  return {
    name: parameter.name.name,
    documentation: parameter.documentation,
    interval: parameter.range === undefined ? finite : lowerRange(lowering, parameter.range),
    default:
      parameter.default === undefined ? undefined : constantValue(lowering, parameter.default),
  }
}

function lowerRange(lowering: Lowering, range: Range): Interval {
  const { lowOpen, highOpen } = range
  return interval(constantValue(lowering, range.low), constantValue(lowering, range.high), {
    lowOpen,
    highOpen,
  })
}

/** The number a constant expression stands for. */
function constantValue(lowering: Lowering, expression: Expression): number {
  const frame: Frame = { owner: undefined, instances: new Map() }
  return foldConstant(lowerExpression(lowering, frame, expression, new Map()))
}

/** Lowers statements in their order; what they define is added to `environment`. */
export function lowerStatements(
  lowering: Lowering,
  frame: Frame,
  statements: readonly Statement[],
  environment: LoweredNames,
): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let': {
        const value = lowerExpression(lowering, frame, statement.value, environment)
        environment.set(statement, value)
        nameNode(lowering, frame, value, statement.name.name)
        break
      }
      case 'state': {
        const initial = lowerExpression(lowering, frame, statement.value, environment)
        environment.set(statement, openState(lowering, frame, statement, initial))
        break
      }
      case 'assign': {
        const value = lowerExpression(lowering, frame, statement.value, environment)
        const state = lowering.checked.assignments.get(statement)
        if (state === undefined) environment.set('update', value)
        else {
          nameNode(lowering, frame, value, statement.target.name)
          setState(frame, state, value, environment)
        }
        break
      }
      case 'return':
        environment.set('return', lowerExpression(lowering, frame, statement.value, environment))
        break
      case 'if':
        lowerIf(lowering, frame, statement, environment)
    }
  }
}

function openState(
  lowering: Lowering,
  frame: Frame,
  declaration: State,
  initial: GraphNode,
): GraphNode {
  const index = lowering.instances.length
  const node = lowering.graph.state(index)
  const instance = { declaration, index, initial, owner: frame.owner, next: node }
  lowering.instances.push(instance)
  frame.instances.set(declaration, instance)
  return node
}

function setState(frame: Frame, state: State, value: GraphNode, environment: LoweredNames): void {
  environment.set(state, value)
  const instance = frame.instances.get(state)
  if (instance !== undefined) instance.next = value
}

/** Both sides are lowered; what they assign differently becomes a `where` on the condition. */
function lowerIf(lowering: Lowering, frame: Frame, statement: If, environment: LoweredNames): void {
  const condition = lowerExpression(lowering, frame, statement.condition, environment)
  const before = new Map([...frame.instances].map(([state, instance]) => [state, instance.next]))
  const lowerSide = (side: Block | If | undefined): LoweredNames => {
    for (const [state, instance] of frame.instances)
      instance.next = before.get(state) ?? instance.next
    const inner: LoweredNames = new Map(environment)
    if (side?.kind === 'block') lowerStatements(lowering, frame, side.statements, inner)
    else if (side?.kind === 'if') lowerIf(lowering, frame, side, inner)
    return inner
  }
  const nextAfter = (): Map<StateInstance, GraphNode> =>
    new Map([...frame.instances.values()].map((instance) => [instance, instance.next]))

  const thenSide = lowerSide(statement.then)
  const thenNext = nextAfter()
  const otherwiseSide = lowerSide(statement.otherwise)
  const otherwiseNext = nextAfter()

  for (const instance of frame.instances.values()) {
    const own = lowering.graph.state(instance.index)
    const unchanged = before.get(instance.declaration) ?? own
    instance.next = choose(
      lowering,
      condition,
      thenNext.get(instance) ?? unchanged,
      otherwiseNext.get(instance) ?? unchanged,
    )
  }
  for (const key of new Set([...thenSide.keys(), ...otherwiseSide.keys()])) {
    const a = thenSide.get(key) ?? otherwiseSide.get(key)!
    const b = otherwiseSide.get(key) ?? a
    if (key === 'update' || key === 'return' || environment.has(key))
      environment.set(key, choose(lowering, condition, a, b))
  }
}

function choose(lowering: Lowering, condition: GraphNode, a: GraphNode, b: GraphNode): GraphNode {
  return a === b ? a : lowering.graph.apply(choiceOperator, [condition, a, b])
}

/** Names in the optimizer itself win over names inside the functions it calls; plain inputs and numbers keep their own. */
function nameNode(lowering: Lowering, frame: Frame, node: GraphNode, name: string): void {
  if (node.kind !== 'apply' && node.kind !== 'call') return
  if (frame.owner === undefined || !lowering.names.has(node)) lowering.names.set(node, name)
}

function lowerExpression(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  environment: LoweredNames,
): GraphNode {
  const { graph, checked } = lowering
  switch (expression.kind) {
    case 'number':
      return graph.constant(expression.value)
    case 'name': {
      const resolution = checked.names.get(expression)
      if (resolution?.kind === 'builtin') return graph.input(resolution.name)
      if (resolution?.kind === 'constant') return graph.constant(resolution.value)
      return (resolution && environment.get(resolution.declaration)) ?? graph.constant(NaN)
    }
    case 'unary':
      return graph.apply(operatorByName(expression.operator), [
        lowerExpression(lowering, frame, expression.operand, environment),
      ])
    case 'binary':
      return graph.apply(operatorByName(expression.operator), [
        lowerExpression(lowering, frame, expression.left, environment),
        lowerExpression(lowering, frame, expression.right, environment),
      ])
    case 'call':
      return lowerCall(lowering, frame, expression, environment)
    case 'missing':
      return graph.constant(NaN)
  }
}

function lowerCall(
  lowering: Lowering,
  frame: Frame,
  call: Call,
  environment: LoweredNames,
): GraphNode {
  const resolved = lowering.checked.calls.get(call)
  if (resolved === undefined) return lowering.graph.constant(NaN)
  if (resolved.kind === 'operator') {
    const arguments_ = resolved.arguments.map((argument) =>
      lowerExpression(lowering, frame, argument, environment),
    )
    if (resolved.operator.kind !== 'random')
      return lowering.graph.apply(resolved.operator, arguments_)
    return lowering.graph.apply(
      resolved.operator,
      arguments_,
      siteOf(lowering, resolved.operator.name, arguments_),
    )
  }
  const { declaration } = resolved
  const values = declaration.parameters.map((parameter, index) => {
    const written = resolved.arguments[index]
    if (written !== undefined) return lowerExpression(lowering, frame, written, environment)
    return defaultValue(lowering, parameter)
  })
  return callFunction(lowering, declaration, values)
}

/** The value of a parameter that a call gives none. */
export function defaultValue(lowering: Lowering, parameter: Parameter): GraphNode {
  const frame: Frame = { owner: undefined, instances: new Map() }
  if (parameter.default !== undefined)
    return lowerExpression(lowering, frame, parameter.default, new Map())
  const builtin = lowering.checked.implicitDefaults.get(parameter)
  return builtin === undefined ? lowering.graph.constant(NaN) : lowering.graph.input(builtin)
}

/** Equal draws of one program share a stream; different ones are numbered in the order of the source. */
function siteOf(lowering: Lowering, name: string, arguments_: readonly GraphNode[]): number {
  const key = `${name} ${arguments_.map((argument) => argument.id).join(' ')}`
  const site = lowering.sites.get(key) ?? lowering.sites.size + 1
  lowering.sites.set(key, site)
  return site
}

/** The value of a call of a function with these values of its parameters; equal calls of one program are one. */
export function callFunction(
  lowering: Lowering,
  declaration: FunctionDeclaration,
  values: readonly GraphNode[],
): GraphNode {
  const { graph, checked } = lowering
  if (
    declaration.role !== 'fn' &&
    declaration.parameters.every((parameter, index) => fitsCall(checked, parameter, values[index]!))
  ) {
    const callee = lowerSchedule(checked, lowering.schedules, declaration)
    return graph.call(
      callee,
      values.filter(
        (_, index) => checked.implicitDefaults.get(declaration.parameters[index]!) !== 'T',
      ),
    )
  }
  const number = lowering.functionNumbers.get(declaration) ?? lowering.functionNumbers.size
  lowering.functionNumbers.set(declaration, number)
  const key = `${number} ${values.map((value) => value.id).join(' ')}`
  const known = lowering.calls.get(key)
  if (known !== undefined) return known
  const environment: LoweredNames = new Map()
  declaration.parameters.forEach((parameter, index) => environment.set(parameter, values[index]!))
  const frame: Frame = { owner: declaration, instances: new Map() }
  const result = lowerBody(lowering, frame, declaration.body, environment)
  lowering.calls.set(key, result)
  return result
}

/** Whether a parameter named `T` is given the total number of steps. */
function fitsCall(checked: CheckedModule, parameter: Parameter, value: GraphNode): boolean {
  return (
    checked.implicitDefaults.get(parameter) !== 'T' ||
    (value.kind === 'input' && value.name === 'T')
  )
}

function lowerBody(
  lowering: Lowering,
  frame: Frame,
  body: Expression | Block,
  environment: LoweredNames,
): GraphNode {
  if (body.kind !== 'block') return lowerExpression(lowering, frame, body, environment)
  lowerStatements(lowering, frame, body.statements, environment)
  return environment.get('return') ?? lowering.graph.constant(NaN)
}

/** Whether the node reads `T`, or calls something that does. */
export function dependsOnTotalSteps(node: GraphNode): boolean {
  return (
    (node.kind === 'input' && node.name === 'T') ||
    (node.kind === 'call' && node.callee.usesTotalSteps)
  )
}

/** A schedule or decay as a function; its parameters named `t` or `T` are the inputs of that name. */
export function lowerSchedule(
  checked: CheckedModule,
  schedules: Schedules,
  declaration: FunctionDeclaration,
): ScheduleFunction {
  const memo = checked.functions.includes(declaration) ? schedules : importedSchedules
  const known = memo.get(declaration)
  if (known !== undefined) return known
  const graph = createGraph()
  const lowering = createLowering(checked, graph, schedules)
  const environment: LoweredNames = new Map()
  const parameters: Hyperparameter[] = []
  for (const parameter of declaration.parameters) {
    const builtin = checked.implicitDefaults.get(parameter)
    if (builtin !== undefined) {
      environment.set(parameter, graph.input(builtin))
      continue
    }
    const lowered = lowerParameter(lowering, parameter)
    parameters.push(lowered)
    environment.set(parameter, graph.parameter(declaration, lowered.name, lowered.interval))
  }
  const frame: Frame = { owner: undefined, instances: new Map() }
  const written = lowerBody(lowering, frame, declaration.body, environment)
  // Nothing may rest on a promise that is not kept: one that is not proved is made true.
  const body = checked.unprovedDecays.has(declaration)
    ? graph.apply(limitOperator, [written, graph.constant(0), graph.constant(1)])
    : written
  const result: ScheduleFunction = {
    name: declaration.name.name,
    role: declaration.role === 'decay' ? 'decay' : 'schedule',
    documentation: declaration.documentation,
    parameters,
    body,
    names: lowering.names,
    usesTotalSteps: reachable([body]).some(dependsOnTotalSteps),
  }
  memo.set(declaration, result)
  return result
}
