import { limitOperator } from '../../operators/table.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type { FunctionDeclaration, Parameter } from '../../syntax/ast.ts'
import { keepsPromise } from '../analysis/promise.ts'
import { createGraph, reachable, type GraphBuilder } from '../build.ts'
import type { GraphNode, Hyperparameter, ScheduleFunction } from '../graph.ts'
import { lowerExpression } from './expressions.ts'
import {
  bodyOf,
  createFrame,
  createLowering,
  type Frame,
  type Inlined,
  type LoweredNames,
  type Lowering,
  type Schedules,
} from './lowering.ts'
import type { Body, LoweredSchedule } from './occurrence.ts'
import { lowerParameter } from './parameters.ts'
import { lowerStatements } from './statements.ts'

/**
 * Those of other modules, which programs share: a module that changes is read anew, with new declarations, and nothing that
 * a function calls changes without it.
 */
const importedSchedules = new WeakMap<FunctionDeclaration, LoweredSchedule>()

/**
 * What a call of a function with these values of its parameters is. Equal calls of one program are one, but for those that
 * draw random numbers of their own. `givenWeights`: what `w` is where the call stands if that is not the parameter before the
 * step; a body that keeps states is part of the step wherever it is called, and has the parameter before it.
 */
export function callFunction(
  lowering: Lowering,
  declaration: FunctionDeclaration,
  values: readonly GraphNode[],
  givenWeights?: GraphNode,
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
  const facts = resolved.tables.facts.get(declaration)
  const weights = facts?.state === true ? undefined : givenWeights
  const own = weights !== undefined && facts?.gradient === true ? ` w ${weights.id}` : ''
  const key = `${number} ${values.map((value) => value.id).join(' ')}${own}`
  const isFresh = facts?.draws === true
  let inlined = isFresh ? undefined : lowering.calls.get(key)
  if (inlined === undefined) {
    const environment: LoweredNames = new Map()
    declaration.parameters.forEach((parameter, index) => environment.set(parameter, values[index]!))
    if (weights !== undefined) environment.set('w', weights)
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
