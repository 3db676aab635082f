import { finite, interval, type Interval } from '../../operators/interval.ts'
import { isEmpty } from '../../operators/interval-sets.ts'
import type { Operator } from '../../operators/operator.ts'
import { choiceOperator, limitOperator } from '../../operators/table.ts'
import { UPDATE } from '../../resolve/builtins.ts'
import { MAXIMUM_SIZE } from '../../resolve/program-size.ts'
import type { ResolvedCall } from '../../resolve/resolution.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
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
} from '../../syntax/ast.ts'
import { operatorOf } from '../../syntax/operator-of.ts'
import { keepsPromise } from '../analysis/promise.ts'
import { createGraph, isFromShape, isMask, reachable, type GraphBuilder } from '../build.ts'
import { foldConstant } from '../fold.ts'
import type { GraphNode, Hyperparameter, ScheduleFunction } from '../graph.ts'
import type { Condition } from '../condition.ts'
import type { Body, LoweredSchedule, Occurrence, Operand } from './occurrence.ts'

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
export type Schedules = Map<FunctionDeclaration, LoweredSchedule>

/**
 * Those of other modules, which programs share: a module that changes is read anew, with new declarations, and nothing that
 * a function calls changes without it.
 */
const importedSchedules = new WeakMap<FunctionDeclaration, LoweredSchedule>()

/** What is shared by all bodies of one program. */
export interface Lowering {
  readonly resolved: ResolvedModule
  readonly graph: GraphBuilder
  readonly instances: StateInstance[]
  readonly names: Map<GraphNode, string>
  readonly calls: Map<string, Inlined>
  readonly functionNumbers: Map<FunctionDeclaration, number>
  readonly schedules: Schedules
  readonly sites: Map<string, number>
  /** Whether it is the lowering of a schedule or decay, which can keep nothing. */
  readonly isSchedule: boolean
}

/** A call whose body has been put in its place. */
interface Inlined {
  readonly result: GraphNode
  readonly body: Body
}

/** The body being lowered: who owns its states, what tells two calls of one function apart, where in it we are. */
export interface Frame {
  readonly owner: FunctionDeclaration | undefined
  readonly instances: Map<State, StateInstance>
  /** Where its expressions are noted. */
  readonly occurrences: Map<Expression, Occurrence>
  readonly condition: Condition | undefined
}

/** The frame of a body of which nothing is lowered yet; without an owner that of an optimizer or schedule. */
export function createFrame(owner?: FunctionDeclaration): Frame {
  return { owner, instances: new Map(), occurrences: new Map(), condition: undefined }
}

/** A lowering that has seen nothing yet; `schedules` of the module are lowered once. */
export function createLowering(
  resolved: ResolvedModule,
  graph: GraphBuilder,
  schedules: Schedules,
  isSchedule = false,
): Lowering {
  return {
    isSchedule,
    resolved,
    graph,
    schedules,
    instances: [],
    names: new Map(),
    calls: new Map(),
    functionNumbers: new Map(),
    sites: new Map(),
  }
}

/** A parameter with its interval and default as numbers; its expressions are noted in the frame. */
export function lowerParameter(
  lowering: Lowering,
  parameter: Parameter,
  frame = createFrame(),
): Hyperparameter {
  return {
    name: parameter.name.name,
    documentation: parameter.documentation,
    interval: parameter.range === undefined ? finite : lowerRange(lowering, frame, parameter.range),
    default:
      parameter.default === undefined
        ? undefined
        : constantValue(lowering, frame, parameter.default),
  }
}

function lowerRange(lowering: Lowering, frame: Frame, range: Range): Interval {
  const { lowOpen, highOpen } = range
  const low = constantValue(lowering, frame, range.low)
  const high = constantValue(lowering, frame, range.high)
  return interval(low, high, { lowOpen, highOpen })
}

/** The number a constant expression stands for; NaN when it stands for none. */
function constantValue(lowering: Lowering, frame: Frame, expression: Expression): number {
  return foldConstant(lowerExpression(lowering, frame, expression, new Map()))
}

/** The interval a parameter declares; undefined when it declares none, or one that cannot be read or is empty. */
export function declaredInterval(
  resolved: ResolvedModule,
  parameter: Parameter,
): Interval | undefined {
  const { range } = parameter
  if (range === undefined) return undefined
  if (declaredIntervals.has(parameter)) return declaredIntervals.get(parameter)
  const lowering = createLowering(resolved, createGraph(), new Map())
  const { low, high } = lowerRange(lowering, createFrame(), range)
  const { lowOpen, highOpen } = range
  const isRange =
    !Number.isNaN(low) && !Number.isNaN(high) && !isEmpty({ low, high, lowOpen, highOpen })
  const declared = isRange ? interval(low, high, { lowOpen, highOpen }) : undefined
  declaredIntervals.set(parameter, declared)
  return declared
}

const declaredIntervals = new WeakMap<Parameter, Interval | undefined>()

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
        environment.set(
          statement,
          openState(lowering, frame, statement, numberOf(lowering, initial)),
        )
        break
      }
      case 'assign': {
        const value = numberOf(
          lowering,
          lowerExpression(lowering, frame, statement.value, environment),
        )
        const state = lowering.resolved.tables.assignments.get(statement)
        if (state === undefined) {
          if (statement.target.name === UPDATE) environment.set('update', value)
        } else {
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

/** The node, or a hole where it is a comparison, which is no number. */
function numberOf({ graph }: Lowering, node: GraphNode): GraphNode {
  return isMask(node) ? graph.hole() : node
}

function openState(
  lowering: Lowering,
  frame: Frame,
  declaration: State,
  initial: GraphNode,
): GraphNode {
  if (lowering.isSchedule) return lowering.graph.hole()
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
  const lowerSide = (side: Block | If | undefined, truth: boolean): LoweredNames => {
    for (const [state, instance] of frame.instances)
      instance.next = before.get(state) ?? instance.next
    const inner: LoweredNames = new Map(environment)
    const inside = under(frame, condition, truth)
    if (side?.kind === 'block') lowerStatements(lowering, inside, side.statements, inner)
    else if (side?.kind === 'if') lowerIf(lowering, inside, side, inner)
    return inner
  }
  const nextAfter = (): Map<StateInstance, GraphNode> =>
    new Map([...frame.instances.values()].map((instance) => [instance, instance.next]))

  const thenSide = lowerSide(statement.then, true)
  const thenNext = nextAfter()
  const otherwiseSide = lowerSide(statement.otherwise, false)
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

/** The frame where `node`, a condition, is `truth`. */
function under(frame: Frame, node: GraphNode, truth: boolean): Frame {
  return { ...frame, condition: { node, truth, above: frame.condition } }
}

function lowerExpression(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  environment: LoweredNames,
): GraphNode {
  if (expression.kind === 'call') {
    const resolved = lowering.resolved.tables.calls.get(expression)
    if (resolved?.kind === 'function')
      return lowerCall(lowering, frame, expression, resolved, environment)
  }
  const applied = appliedBy(lowering, expression)
  if (applied !== undefined) return lowerOperator(lowering, frame, expression, applied, environment)
  const node = lowerLeaf(lowering, frame, expression, environment)
  note(frame, { expression, node, condition: frame.condition, operands: NONE })
  return node
}

const NONE: readonly Operand[] = []

function note(frame: Frame, occurrence: Occurrence): void {
  frame.occurrences.set(occurrence.expression, occurrence)
}

interface Applied {
  readonly operator: Operator
  readonly arguments: readonly Expression[]
}

/** What an expression applies; undefined where it applies nothing, or not as many arguments as the operator has. */
function appliedBy({ resolved }: Lowering, expression: Expression): Applied | undefined {
  let applied: { operator: Operator | undefined; arguments: readonly Expression[] } | undefined
  if (expression.kind === 'unary')
    applied = { operator: operatorOf(expression), arguments: [expression.operand] }
  else if (expression.kind === 'binary')
    applied = { operator: operatorOf(expression), arguments: [expression.left, expression.right] }
  else if (expression.kind === 'call') {
    const call = resolved.tables.calls.get(expression)
    if (call?.kind === 'operator') applied = call
  }
  if (applied?.operator === undefined) return undefined
  const { operator, arguments: arguments_ } = applied
  return operator.parameters.length === arguments_.length
    ? { operator, arguments: arguments_ }
    : undefined
}

/** An expression that applies nothing, or that cannot be applied: then what is in it is lowered all the same. */
function lowerLeaf(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  environment: LoweredNames,
): GraphNode {
  const { graph, resolved } = lowering
  switch (expression.kind) {
    case 'number':
      return graph.constant(expression.value)
    case 'name': {
      const resolution = resolved.tables.names.get(expression)
      if (resolution?.kind === 'builtin') return graph.input(resolution.name)
      if (resolution?.kind === 'constant') return graph.constant(resolution.value)
      return (resolution && environment.get(resolution.declaration)) ?? graph.hole()
    }
    case 'call':
      for (const { value } of expression.arguments)
        lowerExpression(lowering, frame, value, environment)
      return graph.hole()
    case 'unary':
    case 'binary':
    case 'missing':
      return graph.hole()
  }
}

function lowerOperator(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  { operator, arguments: arguments_ }: Applied,
  environment: LoweredNames,
): GraphNode {
  const { graph } = lowering
  const operands: Operand[] = []
  for (let index = 0; index < arguments_.length; index++) {
    const inner =
      operator === choiceOperator && index > 0
        ? under(frame, operands[0]!.node, index === 1)
        : frame
    const written = arguments_[index]!
    const node = lowerExpression(lowering, inner, written, environment)
    operands.push({ expression: written, node, condition: inner.condition })
  }
  const nodes = operands.map((operand) => operand.node)
  const node =
    operator.kind === 'random'
      ? graph.apply(operator, nodes, siteOf(lowering, operator.name, nodes))
      : operator.kind === 'shape' && !isWeights(lowering, arguments_[0])
        ? graph.hole()
        : graph.apply(operator, nodes)
  note(frame, { expression, node, condition: frame.condition, operator, operands })
  return node
}

/** Whether the expression is the name `w`, about which alone there are facts. */
function isWeights({ resolved }: Lowering, expression: Expression | undefined): boolean {
  const resolution = expression?.kind === 'name' ? resolved.tables.names.get(expression) : undefined
  return resolution?.kind === 'builtin' && resolution.name === 'w'
}

function lowerCall(
  lowering: Lowering,
  frame: Frame,
  expression: Call,
  { declaration, arguments: arguments_ }: Extract<ResolvedCall, { kind: 'function' }>,
  environment: LoweredNames,
): GraphNode {
  const { facts, recursive } = lowering.resolved.tables
  const known = facts.get(declaration)
  const inner =
    known?.state === true ? { ...frame, condition: onEveryStep(frame.condition) } : frame
  const operands = declaration.parameters.map((parameter, index): Operand => {
    const written = arguments_[index]
    const node =
      written === undefined
        ? defaultValue(lowering, parameter)
        : lowerExpression(lowering, inner, written, environment)
    return { expression: written, node, condition: inner.condition }
  })
  const hasValue = !recursive.has(declaration) && (known?.size ?? 0) <= MAXIMUM_SIZE
  const called = hasValue
    ? callFunction(
        lowering,
        declaration,
        operands.map(({ node }) => node),
      )
    : { node: lowering.graph.hole(), callee: undefined }
  note(frame, {
    expression,
    node: called.node,
    condition: frame.condition,
    operands,
    call: { expression, declaration, callee: called.callee, condition: inner.condition },
  })
  return called.node
}

/** Those of the conditions that hold on every step or on none, as they are about shapes. */
function onEveryStep(condition: Condition | undefined): Condition | undefined {
  if (condition === undefined) return undefined
  const above = onEveryStep(condition.above)
  if (!isFromShape(condition.node)) return above
  return above === condition.above ? condition : { ...condition, above }
}

/** The value of a parameter that a call gives none. */
function defaultValue(lowering: Lowering, parameter: Parameter): GraphNode {
  if (parameter.default !== undefined)
    return lowerExpression(lowering, createFrame(), parameter.default, new Map())
  const builtin = lowering.resolved.tables.implicitDefaults.get(parameter)
  return builtin === undefined ? lowering.graph.hole() : lowering.graph.input(builtin)
}

/** Equal draws of one program share a stream; different ones are numbered in the order of the source. */
function siteOf(lowering: Lowering, name: string, arguments_: readonly GraphNode[]): number {
  const key = `${name} ${arguments_.map((argument) => argument.id).join(' ')}`
  const site = lowering.sites.get(key) ?? lowering.sites.size + 1
  lowering.sites.set(key, site)
  return site
}

/** What a call of a function with these values of its parameters is; equal calls of one program are one. */
function callFunction(
  lowering: Lowering,
  declaration: FunctionDeclaration,
  values: readonly GraphNode[],
): { readonly node: GraphNode; readonly callee: Body | LoweredSchedule } {
  const { graph, resolved } = lowering
  if (
    declaration.role !== 'fn' &&
    declaration.parameters.every((parameter, index) =>
      fitsCall(resolved, parameter, values[index]!),
    )
  ) {
    const callee = lowerSchedule(resolved, lowering.schedules, declaration)
    const given = values.filter(
      (_, index) => resolved.tables.implicitDefaults.get(declaration.parameters[index]!) !== 'T',
    )
    return { node: graph.call(callee.function, given), callee }
  }
  const number = lowering.functionNumbers.get(declaration) ?? lowering.functionNumbers.size
  lowering.functionNumbers.set(declaration, number)
  const key = `${number} ${values.map((value) => value.id).join(' ')}`
  let inlined = lowering.calls.get(key)
  if (inlined === undefined) {
    const environment: LoweredNames = new Map()
    declaration.parameters.forEach((parameter, index) => environment.set(parameter, values[index]!))
    inlined = lowerBody(lowering, createFrame(declaration), declaration, environment)
    lowering.calls.set(key, inlined)
  }
  return { node: inlined.result, callee: inlined.body }
}

/** Whether a parameter named `T` is given the total number of steps. */
function fitsCall({ tables }: ResolvedModule, parameter: Parameter, value: GraphNode): boolean {
  return (
    tables.implicitDefaults.get(parameter) !== 'T' || (value.kind === 'input' && value.name === 'T')
  )
}

/** The body of a function whose parameters have the values of the environment. */
export function lowerBody(
  lowering: Lowering,
  frame: Frame,
  declaration: FunctionDeclaration,
  environment: LoweredNames,
): Inlined {
  const { body } = declaration
  if (body.kind === 'block') lowerStatements(lowering, frame, body.statements, environment)
  const result =
    body.kind === 'block'
      ? (environment.get('return') ?? lowering.graph.hole())
      : lowerExpression(lowering, frame, body, environment)
  return { result, body: bodyOf(lowering, frame, declaration) }
}

/** What has been noted of a body; an optimizer has no declaration of its own. */
export function bodyOf(
  { resolved }: Lowering,
  { occurrences }: Frame,
  declaration?: FunctionDeclaration,
): Body {
  const home = declaration && resolved.tables.homes.get(declaration)
  return { kind: 'body', path: home ?? resolved.module.path, occurrences }
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
  resolved: ResolvedModule,
  schedules: Schedules,
  declaration: FunctionDeclaration,
): LoweredSchedule {
  const { homes, implicitDefaults } = resolved.tables
  const memo = homes.get(declaration) === resolved.module.path ? schedules : importedSchedules
  const known = memo.get(declaration)
  if (known !== undefined) return known
  const graph = createGraph()
  const lowering = createLowering(resolved, graph, schedules, true)
  const environment: LoweredNames = new Map()
  const parameters: Hyperparameter[] = []
  const constants = createFrame()
  for (const parameter of declaration.parameters) {
    const lowered = lowerParameter(lowering, parameter, constants)
    const builtin = implicitDefaults.get(parameter)
    if (builtin !== undefined) {
      environment.set(parameter, graph.input(builtin))
      continue
    }
    parameters.push(lowered)
    environment.set(parameter, graph.parameter(declaration, lowered.name, lowered.interval))
  }
  const { result, body } = lowerBody(lowering, createFrame(), declaration, environment)
  const written: ScheduleFunction = {
    name: declaration.name.name,
    role: declaration.role === 'decay' ? 'decay' : 'schedule',
    documentation: declaration.documentation,
    parameters,
    body: result,
    names: lowering.names,
    usesTotalSteps: reachable([result]).some(dependsOnTotalSteps),
  }
  const lowered: LoweredSchedule = {
    kind: 'schedule',
    function: limited(graph, written),
    written,
    body,
    declarations: bodyOf(lowering, constants, declaration),
  }
  memo.set(declaration, lowered)
  return lowered
}

/** Nothing may rest on a promise that is not kept: that of a decay which is not proved is made true. */
function limited(graph: GraphBuilder, written: ScheduleFunction): ScheduleFunction {
  if (written.role !== 'decay' || keepsPromise(written)) return written
  const limits = [graph.constant(0), graph.constant(1)]
  return {
    ...written,
    body: graph.apply(limitOperator, [written.body, ...limits]),
    isLimited: true,
  }
}
