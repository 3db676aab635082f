import type { Space } from './space/space.ts'
import { productOperator } from '../operators/table.ts'
import type { Expression } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { isCurve } from './curve.ts'
import type { Edge } from './graph.ts'

/** The decay on an edge, if it has one, and the value it multiplies. */
export function splitEdge(space: Space, expression: Expression): Edge {
  if (expression.kind === 'binary' && expression.operator === productOperator.name) {
    const { left, right } = expression
    if (isCurve(space.decay, left)) return { decay: left, value: right }
    if (isCurve(space.decay, right)) return { decay: right, value: left }
  }
  return { decay: undefined, value: expression }
}

/** The value on an edge with or without a decay. */
export function joinEdge({ decay, value }: Edge): Expression {
  return decay === undefined ? value : build.binary(productOperator.name, decay, value)
}
