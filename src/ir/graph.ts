import type { Interval } from '../operators/interval.ts'
import type { GlobalOperator, Operator } from '../operators/operator.ts'
import type { Documentation, FunctionRole } from '../syntax/ast.ts'

interface Numbered {
  /** Unique within its graph, and smaller than the id of every node that uses this one. */
  readonly id: number
}

/** A number written in or folded from the program. */
export interface ConstantNode extends Numbered {
  readonly kind: 'constant'
  readonly value: number
  /** Set where it stands for something wrong, whose value nobody knows; programs without errors have no such node. */
  readonly isHole?: true
}

/** `g`, `w`, `t` or `T`. */
export interface InputNode extends Numbered {
  readonly kind: 'input'
  readonly name: 'g' | 'w' | 't' | 'T'
}

/** A hyperparameter of the optimizer, or an argument of the function whose body this is. */
export interface ParameterNode extends Numbered {
  readonly kind: 'parameter'
  readonly name: string
  /** The interval it declares. */
  readonly declared: Interval
}

/** What a state held before the step; `index` into the program's states. */
export interface StateNode extends Numbered {
  readonly kind: 'state'
  readonly index: number
}

/** One number over all parameters, worked out before the step changes anything; `index` into the program's totals. */
export interface TotalNode extends Numbered {
  readonly kind: 'total'
  readonly index: number
  /** The operator that it stands for. */
  readonly of: ApplyNode
}

/** An operator on nodes. `site` tells the random streams of one program apart; 0 for operators that draw nothing. */
export interface ApplyNode extends Numbered {
  readonly kind: 'apply'
  readonly operator: Operator
  readonly arguments: readonly GraphNode[]
  readonly site: number
}

/** A call of a schedule or decay, kept as a call so that targets can emit it as a function. One number for the run, known before the gradient. */
export interface CallNode extends Numbered {
  readonly kind: 'call'
  readonly callee: ScheduleFunction
  /** The step it is called for, then an argument for each of the callee's parameters. */
  readonly arguments: readonly GraphNode[]
}

/**
 * A node of the hash-consed expression graph: equal nodes of one graph are the same object. It is structure only; what is
 * known of its value is worked out in analyze.ts.
 */
export type GraphNode =
  ConstantNode | InputNode | ParameterNode | StateNode | TotalNode | ApplyNode | CallNode

/** A schedule or decay: `body` over its parameters, `t` and `T`. */
export interface ScheduleFunction {
  readonly name: string
  readonly role: Exclude<FunctionRole, 'fn'>
  readonly documentation: Documentation
  readonly parameters: readonly Hyperparameter[]
  readonly body: GraphNode
  /** Names of the source for nodes of the body, as in Program. */
  readonly names: ReadonlyMap<GraphNode, string>
  /** Whether the value depends on `T`, directly or through another function. */
  readonly usesTotalSteps: boolean
  /** Set where a decay is limited to [0, 1] because its promise is not proved. */
  readonly isLimited?: true
}

export interface Hyperparameter {
  readonly name: string
  readonly documentation: Documentation
  readonly interval: Interval
  /** Absent when it must be given (only functions have such parameters). */
  readonly default: number | undefined
}

/** Numbers kept from one step to the next. What there is one of follows from what is assigned. */
export interface ProgramState {
  readonly name: string
  readonly documentation: Documentation
  /** The value before the first step: known when the optimizer is built, or the input `w`. */
  readonly initial: GraphNode
  /** The value after the step. The state's own node when nothing is assigned. */
  readonly next: GraphNode
}

/** A number over all parameters. */
export interface Total {
  readonly operator: GlobalOperator
  /** What a parameter adds to it: the operator's part, applied to its arguments. */
  readonly part: GraphNode
}

/**
 * A whole optimizer as a pure function of (gradient, parameter, states, step): functions and state makers are inlined,
 * only calls of schedules and decays are kept. A `where` whose condition is made of facts about the shape stands for an `if`:
 * only the taken side may be evaluated (see specialize).
 */
export interface Program {
  readonly name: string
  readonly documentation: Documentation
  readonly hyperparameters: readonly Hyperparameter[]
  readonly states: readonly ProgramState[]
  /** What one step subtracts from the parameter. */
  readonly update: GraphNode
  /** The numbers over all parameters that have been taken apart (see src/plan/totals.ts), each after those it reads; else none. */
  readonly totals: readonly Total[]
  /**
   * The weights to evaluate a model with, where they are not those it is trained at. It is worked out between steps: its
   * input `w` is the parameter after the step, its states are what they are after the step, and `t` is the step last taken.
   */
  readonly evaluate?: GraphNode
  /** The name the source gives to a node with `let` or by assigning a state. */
  readonly names: ReadonlyMap<GraphNode, string>
  /** Whether the total number of steps must be given. */
  readonly usesTotalSteps: boolean
}
