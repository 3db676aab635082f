import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Call, Expression, FunctionDeclaration } from '../../syntax/ast.ts'
import {
  expressionsOf,
  forEachExpression,
  forEachStatement,
  parameterExpressions,
} from '../expressions.ts'
import type { Tables } from '../resolved-module.ts'

/** Reports each circle of calls among the functions of a module once, and notes everyone on it as recursive. */
export function checkRecursion(
  functions: readonly FunctionDeclaration[],
  tables: Tables,
  path: string,
  report: (diagnostic: Diagnostic) => void,
): void {
  const own = new Set(functions)
  const finished = new Set<FunctionDeclaration>()
  const stack: FunctionDeclaration[] = []

  const visit = (declaration: FunctionDeclaration): void => {
    stack.push(declaration)
    for (const call of callsIn(declaration)) {
      const resolved = tables.calls.get(call)
      if (resolved?.kind !== 'function' || finished.has(resolved.declaration)) continue
      const position = stack.indexOf(resolved.declaration)
      if (position < 0) {
        if (own.has(resolved.declaration)) visit(resolved.declaration)
        continue
      }
      const circle = stack.slice(position)
      for (const member of circle) tables.recursive.add(member)
      report(explain(call, circle, path))
    }
    stack.pop()
    finished.add(declaration)
  }
  for (const declaration of functions) if (!finished.has(declaration)) visit(declaration)
}

function explain(call: Call, circle: readonly FunctionDeclaration[], path: string): Diagnostic {
  const names = [...circle, circle[0]!].map(({ name }) => `\`${name.name}\``)
  const own = circle.length === 1
  return diagnose('recursion', {
    path,
    span: call.span,
    message: own ? `${names[0]} calls itself` : `${names[0]} calls itself through ${names[1]}`,
    label: 'this call never ends',
    ...(own ? {} : { notes: [names.join(' calls ')] }),
    help: 'keep the previous value in a `state` instead',
  })
}

function callsIn({ body, parameters }: FunctionDeclaration): Call[] {
  const calls: Call[] = []
  const collect = (expression: Expression): void =>
    forEachExpression(expression, (part) => {
      if (part.kind === 'call') calls.push(part)
    })
  for (const parameter of parameters) parameterExpressions(parameter).forEach(collect)
  if (body.kind !== 'block') collect(body)
  else forEachStatement(body.statements, (statement) => expressionsOf(statement).forEach(collect))
  return calls
}
