import type { CheckedOptimizer } from '../../resolve/resolution.ts'
import { bodyFacts, NOTHING } from '../../resolve/facts.ts'
import { MAXIMUM_SIZE } from '../../resolve/program-size.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type { FunctionDeclaration, Parameter } from '../../syntax/ast.ts'
import { createGraph, reachable } from '../build.ts'
import type { GraphNode, Hyperparameter, ParameterNode, Program, ProgramState } from '../graph.ts'
import {
  bodyOf,
  createFrame,
  createLowering,
  type Frame,
  type LoweredNames,
  type Lowering,
  type Schedules,
} from './lowering.ts'
import { dependsOnTotalSteps, lowerBody, lowerSchedule } from './calls.ts'
import { lowerEvaluation, type LoweredEvaluation } from './evaluation.ts'
import { lowerParameter } from './parameters.ts'
import { lowerStatements } from './statements.ts'
import type { Body, LoweredSchedule } from './occurrence.ts'

/** The graphs of everything a module declares. */
export interface LoweredModule {
  /** In the order of the source. */
  readonly optimizers: readonly LoweredOptimizer[]
  /** The schedules and decays the module itself declares, in the order of the source. */
  readonly schedules: ReadonlyMap<FunctionDeclaration, LoweredSchedule>
}

/** An optimizer's program, and what the expressions of its text have become in it. */
export interface LoweredOptimizer {
  readonly optimizer: CheckedOptimizer
  readonly program: Program
  /** Empty where it is too large to be looked at. */
  readonly body: Body
  /** The ranges and defaults of its parameters. */
  readonly declarations: Body
  readonly parameters: readonly BoundParameter[]
  /** What its `evaluate = ...` have become; undefined where it has none. */
  readonly evaluation?: LoweredEvaluation
}

/** A function by itself, with parameters of which only their declarations are known. */
export interface LoweredTemplate {
  readonly body: Body
  /** The ranges and defaults of its parameters. */
  readonly declarations: Body
  readonly parameters: readonly BoundParameter[]
  readonly states: readonly ProgramState[]
  readonly result: GraphNode
}

/**
 * The graphs of a module's optimizers, schedules and decays. Total for every module, also one with errors: what is wrong
 * becomes a hole, and functions that call themselves are left out.
 */
export function lower(resolved: ResolvedModule): LoweredModule {
  const schedules: Schedules = new Map()
  for (const declaration of resolved.functions)
    if (declaration.role !== 'fn' && isLowered(resolved, declaration))
      lowerSchedule(resolved, schedules, declaration)
  return {
    optimizers: resolved.optimizers.map((optimizer) =>
      lowerOptimizer(resolved, schedules, optimizer),
    ),
    schedules: new Map(
      resolved.functions.flatMap((declaration) => {
        const lowered = schedules.get(declaration)
        return lowered === undefined ? [] : [[declaration, lowered] as const]
      }),
    ),
  }
}

/** Whether a function has a body that can be looked at. */
export function isLowered({ tables }: ResolvedModule, declaration: FunctionDeclaration): boolean {
  const size = tables.facts.get(declaration)?.size ?? 0
  return !tables.recursive.has(declaration) && size <= MAXIMUM_SIZE
}

/** A function's body with a node for each of its parameters, whatever is called with what. */
export function lowerTemplate(
  resolved: ResolvedModule,
  declaration: FunctionDeclaration,
): LoweredTemplate {
  const lowering = createLowering(resolved, createGraph(), new Map())
  const constants = createFrame()
  const environment: LoweredNames = new Map()
  const { parameters: own } = declaration
  const parameters = bindParameters(lowering, constants, own, environment, declaration)
  const { result, body } = lowerBody(lowering, createFrame(), declaration, environment)
  return {
    body,
    declarations: bodyOf(lowering, constants, declaration),
    parameters,
    states: nameStates(lowering),
    result,
  }
}

/** A parameter with its node, in the order of the declaration. */
export interface BoundParameter {
  readonly parameter: Parameter
  readonly node: ParameterNode
  readonly lowered: Hyperparameter
}

function bindParameters(
  lowering: Lowering,
  frame: Frame,
  parameters: readonly Parameter[],
  environment: LoweredNames,
  owner?: FunctionDeclaration,
): readonly BoundParameter[] {
  // What is constant keeps nothing from step to step.
  const constants: Lowering = { ...lowering, calls: new Map(), isStateless: true }
  const all = parameters.map((parameter) => lowerParameter(constants, parameter, frame))
  return parameters.map((parameter, index) => {
    const lowered = all[index]!
    const node = lowering.graph.parameter(owner, lowered.name, lowered.interval)
    environment.set(parameter, node)
    return { parameter, node, lowered }
  })
}

function lowerOptimizer(
  resolved: ResolvedModule,
  schedules: Schedules,
  optimizer: CheckedOptimizer,
): LoweredOptimizer {
  const lowering = createLowering(resolved, createGraph(), schedules)
  const constants = createFrame()
  const frame = createFrame()
  const environment: LoweredNames = new Map()
  const parameters = bindParameters(lowering, constants, optimizer.parameters, environment)
  const { tables } = resolved
  const { size } = bodyFacts(
    optimizer.statements,
    tables,
    (callee) => tables.facts.get(callee) ?? NOTHING,
  )
  if (size <= MAXIMUM_SIZE) lowerStatements(lowering, frame, optimizer.statements, environment)
  const update = environment.get('update') ?? lowering.graph.hole()
  const evaluation = lowerEvaluation(lowering, update)
  const results = { update, ...(evaluation?.node && { evaluate: evaluation.node }) }
  const states = nameStates(lowering)
  const nodes = reachable([
    ...Object.values(results),
    ...states.flatMap((state) => [state.initial, state.next]),
  ])
  return {
    optimizer,
    ...(evaluation && { evaluation }),
    parameters,
    body: bodyOf(lowering, frame),
    declarations: bodyOf(lowering, constants),
    program: {
      name: optimizer.name,
      documentation: optimizer.documentation,
      hyperparameters: parameters.map(({ lowered }) => lowered),
      states,
      ...results,
      totals: [],
      names: lowering.names,
      usesTotalSteps: nodes.some(dependsOnTotalSteps),
    },
  }
}

/**
 * States of library functions are called what the program calls the value they end up with, else after the function. The
 * second of two that branches of an `if` declare under one name gets a number.
 */
function nameStates(lowering: Lowering): ProgramState[] {
  const taken = new Set<string>()
  const unique = (wanted: string): string => {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    return name
  }
  for (const instance of lowering.instances)
    if (instance.owner === undefined) taken.add(instance.declaration.name.name)
  const declared = new Set<string>()
  return lowering.instances.map((instance) => {
    const own = instance.declaration.name.name
    const isOwn = instance.owner === undefined
    const isFirst = isOwn && !declared.has(own)
    if (isOwn) declared.add(own)
    const name = isFirst
      ? own
      : isOwn
        ? unique(own)
        : unique(lowering.names.get(instance.next) ?? `${instance.owner.name.name}_${own}`)
    return {
      name,
      documentation: instance.declaration.documentation,
      initial: instance.initial,
      next: instance.next,
    }
  })
}
