import type { Expression, If, Let, Parameter, State, Statement } from '../syntax/ast.ts'

/** Visits `expression` and everything in it, each before its parts. */
export function forEachExpression(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression)
  switch (expression.kind) {
    case 'unary':
      forEachExpression(expression.operand, visit)
      break
    case 'binary':
      forEachExpression(expression.left, visit)
      forEachExpression(expression.right, visit)
      break
    case 'call':
      for (const argument of expression.arguments) forEachExpression(argument.value, visit)
      break
    case 'number':
    case 'name':
    case 'missing':
  }
}

/** Visits every statement of a body, those inside branches too, each before its parts. */
export function forEachStatement(
  statements: readonly Statement[],
  visit: (statement: Statement, insideIf: boolean) => void,
  insideIf = false,
): void {
  for (const statement of statements) {
    visit(statement, insideIf)
    if (statement.kind !== 'if') continue
    for (const branch of branchesOf(statement)) forEachStatement(branch.statements, visit, true)
  }
}

/** One way through an `if`: the statements, and the condition in front of them; the last `else` has none. */
export interface Branch {
  readonly condition: Expression | undefined
  readonly statements: readonly Statement[]
}

/** The branches of an `if` and its `else if`s, in order; one without statements at the end when there is no `else`. */
export function branchesOf(statement: If): Branch[] {
  const branches: Branch[] = []
  let current: If = statement
  for (;;) {
    branches.push({ condition: current.condition, statements: current.then.statements })
    const { otherwise } = current
    if (otherwise?.kind === 'if') {
      current = otherwise
      continue
    }
    branches.push({ condition: undefined, statements: otherwise?.statements ?? [] })
    return branches
  }
}

/** The expressions that a statement itself holds; those inside the branches of an `if` are not among them. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  if (statement.kind !== 'if') return [statement.value]
  return branchesOf(statement).flatMap(({ condition }) => (condition ? [condition] : []))
}

/** The expressions of a parameter's range and default. */
export function parameterExpressions({ range, default: value }: Parameter): readonly Expression[] {
  return [range?.low, range?.high, value].filter((expression) => expression !== undefined)
}

/** The `let` and `state` declarations anywhere in the statements, by name. */
export function declarationsOf(statements: readonly Statement[]): Map<string, Let | State> {
  const found = new Map<string, Let | State>()
  forEachStatement(statements, (statement) => {
    if (statement.kind !== 'let' && statement.kind !== 'state') return
    if (!found.has(statement.name.name)) found.set(statement.name.name, statement)
  })
  return found
}

/** How often the statements assign each name. */
export function assignmentsOf(statements: readonly Statement[]): Map<string, number> {
  const found = new Map<string, number>()
  forEachStatement(statements, (statement) => {
    if (statement.kind !== 'assign') return
    const { name } = statement.target
    found.set(name, (found.get(name) ?? 0) + 1)
  })
  return found
}
