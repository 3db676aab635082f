import type { Operator } from '../../operators/operator.ts'
import type { Call, Expression, FunctionDeclaration, State } from '../../syntax/ast.ts'
import type { Condition } from '../condition.ts'
import type { GraphNode, ScheduleFunction } from '../graph.ts'

/** One expression of a body, and the node it has become. */
export interface Occurrence {
  readonly expression: Expression
  readonly node: GraphNode
  readonly condition: Condition | undefined
  /** What it applies to `operands`, where it applies an operator. */
  readonly operator?: Operator
  /** What it calls with `operands`, one for each parameter, where it calls a function. */
  readonly call?: CallOccurrence
  /** In the order of parameters: two nodes of operands that commute are one node, in whichever order they are written. */
  readonly operands: readonly Operand[]
}

/** An operand with the expression it is written as; a default has none. */
export interface Operand {
  readonly expression: Expression | undefined
  readonly node: GraphNode
  readonly condition: Condition | undefined
}

/** A call of a function that is declared in the language. */
export interface CallOccurrence {
  readonly expression: Call
  readonly declaration: FunctionDeclaration
  /** The body put in the place of the call, or the schedule that is called; undefined for one without a value. */
  readonly callee: Body | LoweredSchedule | undefined
  /** Under which of the conditions of the call the body is run: a function that remembers is fed on every step. */
  readonly condition: Condition | undefined
}

/** What the expressions of a body have become. */
export interface Body {
  readonly kind: 'body'
  /** The path of the module it stands in. */
  readonly path: string
  /** By expression, operands before what they stand in. */
  readonly occurrences: ReadonlyMap<Expression, Occurrence>
  /** The indices of the states it declares. */
  readonly states: ReadonlyMap<State, number>
}

/** A schedule or decay in a graph of its own. */
export interface LoweredSchedule {
  readonly kind: 'schedule'
  /** What calls of it call: limited to [0, 1] where it is a decay whose promise is not proved. */
  readonly function: ScheduleFunction
  /** What it is as it is written. */
  readonly written: ScheduleFunction
  readonly body: Body
  /** The ranges and defaults of its parameters. */
  readonly declarations: Body
}
