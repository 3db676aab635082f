import type { CheckedModule } from '../check/checked-module.ts'
import type { Space } from './space/space.ts'
import {
  differenceOperator,
  negationOperator,
  productOperator,
  quotientOperator,
  sumOperator,
} from '../operators/table.ts'
import type { Binary, Call, Expression } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { printInline } from '../syntax/print.ts'
import { isCurve } from './curve.ts'
import { isOperand } from './graph.ts'
import type { RuleView } from './rule.ts'
import { createRateTests } from './rate.ts'
import { walkUses, type BlockPath, type Scope } from './scope.ts'
import { isIdentity, matchTemplate } from './template.ts'

/** A part of an expression that can be left out: with `replacement` in the place of `node` it is gone. */
export interface Part {
  readonly short: string
  /** The same with more of what is around it. */
  readonly long: string
  readonly node: Expression
  readonly replacement: Expression
}

const LONGEST_TEXT = 60

function textOf(expression: Expression): string {
  const text = printInline(expression)
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text
}

/** Whether it is an operand that no operator of the space makes of another one: such are left as they are. */
function isWhole({ rule }: Space, expression: Expression): boolean {
  return (
    isOperand(rule, expression) &&
    !rule.unary.items.some(
      (template) => !isIdentity(template) && matchTemplate(template, expression) !== undefined,
    )
  )
}

/** What the updates of a rule depend on, taken apart: its terms, factors, decays, functions and their arguments. */
export function partsOf(
  space: Space,
  scope: Scope,
  { updates, factor }: RuleView,
  types: CheckedModule['types'],
): readonly Part[] {
  const { isRate, isScaled } = createRateTests(space, scope, factor?.declaration.name.name)
  const parts: Part[] = []
  /** Whether the value is of the parameter or its gradient: a number per element or per tensor, no condition. */
  const isTensor = (expression: Expression): boolean =>
    types.get(expression)?.boolean === false && types.get(expression)?.known === 'gradient'
  const called = (text: string): Pick<Part, 'short' | 'long'> => ({ short: text, long: text })
  const add = (short: string, around: string, node: Expression, replacement: Expression): void =>
    void parts.push({ short, long: `${short} ${around}`, node, replacement })

  const enter = (expression: Expression, place: BlockPath): boolean => {
    if (isRate(expression, place) || isWhole(space, expression)) return false
    if (expression.kind === 'unary' && isTensor(expression)) unary(expression, expression.operand)
    if (expression.kind === 'binary') binary(expression, place)
    if (expression.kind === 'call') call(expression)
    return true
  }

  const unary = (node: Expression, operand: Expression): void =>
    add('minus', `of ${textOf(operand)}`, node, operand)

  const binary = (node: Binary, place: BlockPath): void => {
    const { operator, left, right } = node
    const [first, second] = [textOf(left), textOf(right)]
    const isWhole = isTensor(node)
    if (operator === productOperator.name) {
      if (!isRate(left, place) && !isScaled(left, place)) side(node, left, right, place)
      if (!isRate(right, place) && !isScaled(right, place)) side(node, right, left, place)
    } else if (!isWhole) return
    else if (operator === sumOperator.name || operator === differenceOperator.name) {
      const negated = operator === differenceOperator.name
      if (types.get(right)?.known !== 'build') add(`term ${second}`, `of ${first}`, node, left)
      if (types.get(left)?.known !== 'build')
        add(
          `term ${first}`,
          `of ${second}`,
          node,
          negated ? build.unary(negationOperator.name, right) : right,
        )
    } else if (operator === quotientOperator.name) {
      if (!isPlain(right)) add(`divisor ${second}`, `of ${first}`, node, left)
      if (!isPlain(left) && !isScaled(left, place))
        add(`dividend ${first}`, `of ${second}`, node, right)
    }
  }

  /** A constant factor or divisor is no part: the learning rate makes up for it. */
  const isPlain = (expression: Expression): boolean =>
    ['constant', 'build'].includes(types.get(expression)?.known ?? '')

  /** One side of a product: a number per step is a decay or, where it multiplies the learning rate, a schedule. */
  const side = (node: Binary, gone: Expression, kept: Expression, place: BlockPath): void => {
    const [text, rest] = [textOf(gone), textOf(kept)]
    if (types.get(gone)?.known !== 'step') {
      if (isTensor(node) && !isPlain(gone) && isTensor(kept) && !isRate(kept, place))
        add(`factor ${text}`, `of ${rest}`, node, kept)
    } else if (isScaled(kept, place))
      add(`${isCurve(space.decay, gone) ? 'decay' : 'schedule'} ${text}`, `on ${rest}`, node, kept)
    else if (isTensor(node) || gone.kind === 'call')
      parts.push({ ...called(`decay ${text} on ${rest}`), node, replacement: kept })
  }

  /** A function of one tensor is left out; of several, each in turn, or all but one in turn where it has more than two. */
  const call = (node: Call): void => {
    if (!isTensor(node)) return
    const { name } = node.callee
    const tensors = node.arguments.map(({ value }) => value).filter(isTensor)
    if (tensors.length === 1) add(name, `of ${textOf(tensors[0]!)}`, node, tensors[0]!)
    else if (tensors.length === 2)
      for (const [index, gone] of tensors.entries())
        add(`${textOf(gone)} in ${name}`, `of ${textOf(node)}`, node, tensors[1 - index]!)
    else
      for (const kept of tensors)
        add(`all but ${textOf(kept)} in ${name}`, `of ${textOf(node)}`, node, kept)
  }

  const roots = updates.map(({ core, place }) => ({ expression: core, place }))
  walkUses(scope, roots, enter)
  return parts
}
