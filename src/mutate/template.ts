import type { Template } from './space/space.ts'
import type { Expression, Node } from '../syntax/ast.ts'
import { equal, transform, visit } from '../syntax/traverse.ts'

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
  return transform<Node>(
    expression,
    (node) => (node.kind === 'name' ? replace(node.name) : undefined) ?? { ...node },
  ) as Expression
}

/** Whether a node is an expression. */
export function isExpression(node: { readonly kind: string }): node is Expression {
  return ['number', 'name', 'unary', 'binary', 'call', 'missing'].includes(node.kind)
}

/** The arguments that make the template say what `expression` says, in the order of its holes; undefined when none do. */
export function matchTemplate(
  { expression: pattern, parameters }: Template,
  expression: Expression,
): readonly Expression[] | undefined {
  const found = new Map<string, Expression>()
  const fits = equal(pattern, expression, (hole, part) => {
    if (hole.kind !== 'name' || !parameters.includes(hole.name)) return undefined
    if (!isExpression(part)) return false
    const known = found.get(hole.name) ?? part
    found.set(hole.name, known)
    return equal(known, part)
  })
  const arguments_ = fits ? parameters.map((parameter) => found.get(parameter)) : [undefined]
  return arguments_.every((argument) => argument !== undefined) ? arguments_ : undefined
}

/** The names an expression uses, calls not counted. */
export function usedNames(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  visit(expression, { enter: (node) => void (node.kind === 'name' && names.add(node.name)) })
  return names
}
