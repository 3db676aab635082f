import type { Space } from './space/space.ts'
import type { Expression, Module } from '../syntax/ast.ts'
import {
  decayNotation,
  EDGE,
  FORM_SEPARATOR,
  OUTER_FORMS,
  ruleNotation,
  spell,
  type Notation,
} from './notation.ts'
import { splitEdge } from './edge.ts'
import { readScope } from './scope.ts'
import { isIdentity, matchTemplate } from './template.ts'
import { readUpdates } from './update.ts'

const identityRow = ruleNotation.operators.find(({ template }) => isIdentity(template))!

/**
 * A module's rule in the notation of the published log, `outer form ~ update`; undefined when the notation has no word
 * for a part of it. A `let` that only renames a value is an identity node. The module must check.
 */
export function printNotation(space: Space, module: Module): string | undefined {
  const scope = readScope(module)
  const [update, ...others] = scope === undefined ? [] : readUpdates(space, scope)
  const form = update?.form === undefined ? undefined : OUTER_FORMS[update.form]
  if (scope === undefined || update?.rate === undefined || others.length > 0) return undefined
  const lets = new Map(
    scope.optimizer.body.statements.flatMap((statement) =>
      statement.kind === 'let' ? [[statement.name.name, statement.value] as const] : [],
    ),
  )

  const value = (expression: Expression): string | undefined => {
    const named = expression.kind === 'name' ? lets.get(expression.name) : undefined
    if (named !== undefined) return isNode(named) ? operator(named) : renamed(named)
    const edge = splitEdge(space, expression)
    if (edge.decay === undefined) return operand(expression) ?? operator(expression)
    const decay = printDecay(edge.decay)
    const multiplied = value(edge.value)
    return decay === undefined || multiplied === undefined
      ? undefined
      : spell(EDGE, { decay, value: multiplied })
  }
  const renamed = (expression: Expression): string | undefined => {
    const x = value(expression)
    return x === undefined ? undefined : spell(identityRow.spelling, { x })
  }
  const operand = (expression: Expression): string | undefined =>
    printOperand(ruleNotation, expression)
  const operator = (expression: Expression): string | undefined =>
    printOperator(ruleNotation, expression, value)
  const isNode = (expression: Expression): boolean =>
    expression.kind !== 'name' &&
    operand(expression) === undefined &&
    splitEdge(space, expression).decay === undefined

  const text = value(update.core)
  return form === undefined || text === undefined ? undefined : `${form}${FORM_SEPARATOR}${text}`
}

function printDecay(decay: Expression): string | undefined {
  return printOperand(decayNotation, decay) ?? printOperator(decayNotation, decay, printDecay)
}

function printOperand({ operands }: Notation, expression: Expression): string | undefined {
  return operands.find(({ template }) => matchTemplate(template, expression) !== undefined)
    ?.spelling
}

function printOperator(
  { operators }: Notation,
  expression: Expression,
  printArgument: (argument: Expression) => string | undefined,
): string | undefined {
  for (const { spelling, template } of operators) {
    const arguments_ = isIdentity(template) ? undefined : matchTemplate(template, expression)
    if (arguments_ === undefined) continue
    const holes: Record<string, string> = {}
    for (const [index, argument] of arguments_.entries()) {
      const text = printArgument(argument)
      if (text === undefined) return undefined
      holes[template.parameters[index]!] = text
    }
    return spell(spelling, holes)
  }
  return undefined
}
