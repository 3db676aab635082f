import type { NodeSpace, Template } from './space/space.ts'
import type { Expression } from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'
import { isIdentity, matchTemplate } from './template.ts'

/** An operator somewhere in a curve: a decay or a schedule factor, written as one expression over its bases. */
export interface CurveNode {
  readonly expression: Expression
  readonly template: Template
  readonly arguments: readonly Expression[]
}

/** Whether the expression is one of the space's operands. */
export function isOperand(space: NodeSpace, expression: Expression): boolean {
  return space.operands.some((operand) => equal(operand, expression))
}

/** Whether the expression is an operand of the space or made of them with its operators. */
export function isCurve(space: NodeSpace, expression: Expression): boolean {
  if (isOperand(space, expression)) return true
  return operatorsOf(space).some((template) =>
    matchTemplate(template, expression)?.every((argument) => isCurve(space, argument)),
  )
}

/**
 * The operators of a curve, the root first, equal ones once: they are one node with two users. A bare operand is the
 * identity on it, where the space has one. Undefined when the expression is no curve of the space.
 */
export function curveNodes(space: NodeSpace, curve: Expression): readonly CurveNode[] | undefined {
  if (!isCurve(space, curve)) return undefined
  const identity = space.unary.items.find(isIdentity)
  if (isOperand(space, curve)) {
    return identity === undefined
      ? []
      : [{ expression: curve, template: identity, arguments: [curve] }]
  }
  const nodes: CurveNode[] = []
  const walk = (expression: Expression): void => {
    if (isOperand(space, expression)) return
    if (nodes.some((node) => equal(node.expression, expression))) return
    for (const template of operatorsOf(space)) {
      const arguments_ = matchTemplate(template, expression)
      if (arguments_?.every((argument) => isCurve(space, argument)) !== true) continue
      nodes.push({ expression, template, arguments: arguments_ })
      arguments_.forEach(walk)
      return
    }
  }
  walk(curve)
  return nodes
}

function operatorsOf(space: NodeSpace): readonly Template[] {
  return [...space.unary.items, ...space.binary.items].filter((template) => !isIdentity(template))
}
