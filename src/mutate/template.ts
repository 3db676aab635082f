import type { Template } from './space/space.ts'
import type { Expression } from '../syntax/ast.ts'
import { equal, visit } from '../syntax/traverse.ts'

/** Whether the template stands for its argument itself. */
export function isIdentity(template: Template): boolean {
  return (
    template.expression.kind === 'name' && template.parameters.includes(template.expression.name)
  )
}

/** The template with its holes filled. Every node of the answer is new, so that it has one place in a tree. */
export function fill(template: Template, arguments_: readonly Expression[]): Expression {
  const { parameters } = template
  const used: boolean[] = []
  return copyWith(template.expression, (name) => {
    const index = parameters.indexOf(name)
    if (index < 0) return undefined
    const argument = arguments_[index]!
    const first = arguments_.indexOf(argument)
    if (used[first] === true) return copy(argument)
    used[first] = true
    return argument
  })
}

/** A tree of new nodes that says the same. */
export function copy(expression: Expression): Expression {
  return copyWith(expression, () => undefined)
}

/** A copy in which `replace` may give other trees for names. */
function copyWith(
  expression: Expression,
  replace: (name: string) => Expression | undefined,
): Expression {
  switch (expression.kind) {
    case 'name':
      return replace(expression.name) ?? { ...expression }
    case 'unary':
      return { ...expression, operand: copyWith(expression.operand, replace) }
    case 'binary':
      return {
        ...expression,
        left: copyWith(expression.left, replace),
        right: copyWith(expression.right, replace),
      }
    case 'call':
      return {
        ...expression,
        callee: { ...expression.callee },
        arguments: expression.arguments.map((argument) => ({
          ...argument,
          ...(argument.name !== undefined && { name: { ...argument.name } }),
          value: copyWith(argument.value, replace),
        })),
      }
    case 'number':
    case 'missing':
      return { ...expression }
  }
}

/** Whether a node is an expression. */
export function isExpression(node: { readonly kind: string }): node is Expression {
  return ['number', 'name', 'unary', 'binary', 'call', 'missing'].includes(node.kind)
}

/** The arguments that make the template say what `expression` says, in the order of its holes; undefined when none do. */
export function matchTemplate(
  template: Template,
  expression: Expression,
): readonly Expression[] | undefined {
  const found = new Map<string, Expression>()
  if (!matchInto(template, template.expression, expression, found)) return undefined
  const arguments_ = template.parameters.map((parameter) => found.get(parameter))
  return arguments_.every((argument) => argument !== undefined) ? arguments_ : undefined
}

function matchInto(
  template: Template,
  pattern: Expression,
  expression: Expression,
  found: Map<string, Expression>,
): boolean {
  if (pattern.kind === 'name' && template.parameters.includes(pattern.name)) {
    const known = found.get(pattern.name)
    if (known !== undefined) return equal(known, expression)
    found.set(pattern.name, expression)
    return true
  }
  if (pattern.kind === 'unary' && expression.kind === 'unary') {
    return (
      pattern.operator === expression.operator &&
      matchInto(template, pattern.operand, expression.operand, found)
    )
  }
  if (pattern.kind === 'binary' && expression.kind === 'binary') {
    return (
      pattern.operator === expression.operator &&
      matchInto(template, pattern.left, expression.left, found) &&
      matchInto(template, pattern.right, expression.right, found)
    )
  }
  if (pattern.kind === 'call' && expression.kind === 'call') {
    return (
      pattern.callee.name === expression.callee.name &&
      pattern.arguments.length === expression.arguments.length &&
      pattern.arguments.every((argument, index) => {
        const other = expression.arguments[index]!
        return (
          argument.name?.name === other.name?.name &&
          matchInto(template, argument.value, other.value, found)
        )
      })
    )
  }
  return equal(pattern, expression)
}

/** The names an expression uses, calls not counted. */
export function usedNames(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  visit(expression, { enter: (node) => void (node.kind === 'name' && names.add(node.name)) })
  return names
}
