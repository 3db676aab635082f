import { isFreshDraw } from '../operators/table.ts'
import type { Expression, FunctionDeclaration, Statement } from '../syntax/ast.ts'
import {
  expressionsOf,
  forEachExpression,
  forEachStatement,
  parameterExpressions,
} from './expressions.ts'
import type { Resolution } from './resolution.ts'
import type { Facts, Tables } from './resolved-module.ts'

const LARGEST = 1e9
/** The facts of a body that holds nothing. */
export const NOTHING: Facts = {
  size: 0,
  gradient: false,
  state: false,
  draws: false,
  totalSteps: false,
}

/** Works out the facts of `functions`, which may call each other and those of other modules. Recursive calls count for nothing. */
export function collectFacts(functions: readonly FunctionDeclaration[], tables: Tables): void {
  const open = new Set<FunctionDeclaration>()
  const factsOf = (declaration: FunctionDeclaration): Facts => {
    const known = tables.facts.get(declaration)
    if (known !== undefined) return known
    if (open.has(declaration)) return NOTHING
    open.add(declaration)
    const facts = declaration.parameters
      .flatMap(parameterExpressions)
      .map((expression) => bodyFacts(expression, tables, factsOf))
      .reduce(joinFacts, bodyFacts(declaration.body, tables, factsOf))
    open.delete(declaration)
    tables.facts.set(declaration, facts)
    return facts
  }
  for (const declaration of functions) factsOf(declaration)
}

/** The facts of a body, given those of the functions it calls. */
export function bodyFacts(
  body: FunctionDeclaration['body'] | readonly Statement[],
  tables: Tables,
  factsOf: (declaration: FunctionDeclaration) => Facts,
): Facts {
  let { size, gradient, state, draws, totalSteps } = NOTHING
  const look = (part: Expression): void => {
    size += 1
    if (part.kind === 'name') {
      const resolution = tables.names.get(part)
      if (resolution?.kind === 'builtin' && (resolution.name === 'g' || resolution.name === 'w'))
        gradient = true
      if (isTotalSteps(resolution, tables)) totalSteps = true
    }
    if (part.kind !== 'call') return
    const call = tables.calls.get(part)
    if (call?.kind === 'operator') draws ||= isFreshDraw(call.operator)
    if (call?.kind !== 'function') return
    const inner = factsOf(call.declaration)
    size = Math.min(LARGEST, size + inner.size)
    gradient ||= inner.gradient
    state ||= inner.state
    draws ||= inner.draws
    totalSteps ||= inner.totalSteps
  }
  if (isExpression(body)) {
    forEachExpression(body, look)
    return { size, gradient, state, draws, totalSteps }
  }
  forEachStatement('kind' in body ? body.statements : body, (statement) => {
    if (statement.kind === 'state') state = true
    for (const expression of expressionsOf(statement)) forEachExpression(expression, look)
  })
  return { size, gradient, state, draws, totalSteps }
}

/** Whether a name stands for `T`, as such or as a parameter that calls leave out. */
function isTotalSteps(resolution: Resolution | undefined, tables: Tables): boolean {
  if (resolution?.kind === 'builtin') return resolution.name === 'T'
  return (
    resolution?.kind === 'parameter' && tables.implicitDefaults.get(resolution.declaration) === 'T'
  )
}

function joinFacts(a: Facts, b: Facts): Facts {
  return {
    size: Math.min(LARGEST, a.size + b.size),
    gradient: a.gradient || b.gradient,
    state: a.state || b.state,
    draws: a.draws || b.draws,
    totalSteps: a.totalSteps || b.totalSteps,
  }
}

function isExpression(
  body: FunctionDeclaration['body'] | readonly Statement[],
): body is Expression {
  return 'kind' in body && body.kind !== 'block'
}
