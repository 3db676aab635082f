import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type {
  Assign,
  Expression,
  FunctionDeclaration,
  Parameter,
  State,
  Statement,
} from '../../syntax/ast.ts'
import type { GraphBuilder } from '../build.ts'
import type { Condition } from '../condition.ts'
import type { GraphNode } from '../graph.ts'
import type { Body, LoweredSchedule, Occurrence } from './occurrence.ts'

/** A state of the program: a declaration of the optimizer, or of a function for one of its calls. */
export interface StateInstance {
  readonly declaration: State
  readonly index: number
  readonly initial: GraphNode
  readonly owner: FunctionDeclaration | undefined
  next: GraphNode
}

/**
 * Values of names inside one body: parameters, lets and states by their declarations, and the update; `w` where it stands for
 * anything but the parameter before the step.
 */
export type LoweredNames = Map<Parameter | Statement | 'update' | 'return' | 'w', GraphNode>

/** An `evaluate = ...` where it stands: its value is lowered once all statements are, since it is that after the step. */
export interface PendingEvaluation {
  readonly statement: Assign
  readonly frame: Frame
  readonly environment: LoweredNames
}

/** Schedules and decays that are lowered, each in a graph of its own. */
export type Schedules = Map<FunctionDeclaration, LoweredSchedule>

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
  readonly evaluations: PendingEvaluation[]
  /** Whether nothing can be kept from step to step, as in schedules, decays and constants. */
  readonly isStateless: boolean
}

/** A call whose body has been put in its place. */
export interface Inlined {
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
  isStateless = false,
): Lowering {
  return {
    isStateless,
    resolved,
    graph,
    schedules,
    instances: [],
    names: new Map(),
    calls: new Map(),
    functionNumbers: new Map(),
    sites: new Map(),
    evaluations: [],
  }
}

/** The frame where `node`, a condition, is `truth`. */
export function under(frame: Frame, node: GraphNode, truth: boolean): Frame {
  return { ...frame, condition: { node, truth, above: frame.condition } }
}

/** What has been noted of a body; an optimizer has no declaration of its own. */
export function bodyOf(
  { resolved }: Lowering,
  { occurrences, instances }: Frame,
  declaration?: FunctionDeclaration,
): Body {
  const home = declaration && resolved.tables.homes.get(declaration)
  const states = new Map([...instances].map(([state, { index }]) => [state, index]))
  return { kind: 'body', path: home ?? resolved.module.path, occurrences, states }
}
