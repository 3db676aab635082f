import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { fits } from '../operators/type.ts'
import type { Expression, FunctionDeclaration, Parameter } from '../syntax/ast.ts'
import { booleanAsNumber } from './apply.ts'
import { placementName } from './placement-name.ts'
import { runBody } from './body.ts'
import { UPDATE } from '../resolve/builtins.ts'
import { constantFrame } from './call.ts'
import type { Type } from './checked-module.ts'
import type { CheckedOptimizer } from '../resolve/resolution.ts'
import { checkDecay } from './decays.ts'
import { forEachStatement, parameterExpressions } from '../resolve/expressions.ts'
import { finding, findingKey, type Finding } from './findings.ts'
import { evaluate, type Environment, type Frame, type Interpretation } from './interpret.ts'
import { argumentValue, hyperparameterValue } from './parameters.ts'
import { checkPastEnd } from './past-end.ts'
import { MAXIMUM_SIZE } from '../resolve/program-size.ts'
import type { ResolvedModule, Tables } from '../resolve/resolved-module.ts'
import { checkParameter } from './parameter-declarations.ts'
import { PLACES, unknownValue, type Value } from './value.ts'

/** The types of a module's expressions, and what was found on the way to them. */
export interface Inferred {
  readonly types: ReadonlyMap<Expression, Type>
  readonly diagnostics: readonly Diagnostic[]
}

const FUEL = 2_000_000

/** Follows the values of everything a module declares. */
export function infer(resolved: ResolvedModule): Inferred {
  const { tables } = resolved
  const types = new Map<Expression, Type>()
  const run: Interpretation = {
    tables,
    types,
    path: resolved.module.path,
    results: new Map(),
    ownFindings: new Map(),
    fuel: FUEL,
  }
  const { path } = resolved.module
  const found: Finding[] = []
  for (const declaration of resolved.functions) found.push(...inferFunction(run, declaration, path))
  for (const optimizer of resolved.optimizers) found.push(...inferOptimizer(run, optimizer, path))
  return { types, diagnostics: conclude(found) }
}

/** Findings that do not rest on guesses, each once. */
function conclude(found: readonly Finding[]): Diagnostic[] {
  const known = new Map<string, Diagnostic>()
  for (const each of found) {
    const key = findingKey(each)
    if (!each.guessed && !known.has(key)) known.set(key, each.diagnostic)
  }
  return [...known.values()]
}

function bodyFrame(path: string, environment: Environment, findings: Finding[]): Frame {
  return { path, environment, findings, direct: true, refinements: [], values: new Map() }
}

function bindParameters(
  run: Interpretation,
  path: string,
  parameters: readonly Parameter[],
  findings: Finding[],
  valueOf: (parameter: Parameter) => Value,
): Environment {
  const environment: Environment = new Map()
  // A constant may be written in a clumsy way; what it is, is what counts.
  const found: Finding[] = []
  const outside: Frame = { ...constantFrame(path), findings: found, direct: true }
  for (const parameter of parameters) {
    for (const expression of parameterExpressions(parameter)) evaluate(run, outside, expression)
    const valid = checkParameter(run, parameter, path, findings)
    environment.set(parameter, valid ? valueOf(parameter) : unknownValue)
  }
  findings.push(...found.filter(({ diagnostic }) => diagnostic.severity === 'error'))
  return environment
}

function inferFunction(
  run: Interpretation,
  declaration: FunctionDeclaration,
  path: string,
): Finding[] {
  const { tables } = run
  const findings: Finding[] = []
  const isSchedule = declaration.role !== 'fn'
  const environment = bindParameters(run, path, declaration.parameters, findings, (parameter) =>
    argumentValue(tables, parameter, isSchedule),
  )
  if (tables.recursive.has(declaration) || isTooLarge(tables, declaration)) return findings
  const { body } = declaration
  const frame = bodyFrame(path, environment, findings)
  const value =
    body.kind === 'block'
      ? (runBody(run, frame, body.statements).get('return') ?? unknownValue)
      : evaluate(run, frame, body)
  if (!isSchedule || value.unknown) return findings
  const result = resultOf(declaration)
  if (value.boolean) findings.push(booleanAsNumber(result, `\`${declaration.name.name}\``, path))
  else if (!fits(value, PLACES.step)) {
    findings.push(
      finding('stage-too-late', value.guessedPlacement, {
        path,
        span: result.span,
        message: `a ${declaration.role} is ${placementName(PLACES.step)}, and this is ${placementName(value)}`,
        help: 'use `t`, `T` and arguments only, or declare a `fn`',
      }),
    )
  } else if (findings.every(({ diagnostic }) => diagnostic.severity === 'warning')) {
    const tried =
      declaration.role === 'decay'
        ? checkDecay(tables, declaration, result, value, path)
        : checkPastEnd(tables, declaration, result, path)
    if (tried !== undefined) findings.push({ diagnostic: tried, guessed: false })
  }
  return findings
}

/** The expression a function's value is. */
function resultOf({ body, name }: FunctionDeclaration): Expression {
  if (body.kind !== 'block') return body
  const last = body.statements.at(-1)
  return last?.kind === 'return' ? last.value : { kind: 'missing', span: name.span }
}

function isTooLarge(tables: Tables, declaration: FunctionDeclaration): boolean {
  return (tables.facts.get(declaration)?.size ?? 0) > MAXIMUM_SIZE
}

function inferOptimizer(run: Interpretation, optimizer: CheckedOptimizer, path: string): Finding[] {
  const { tables } = run
  const findings: Finding[] = []
  const environment = bindParameters(run, path, optimizer.parameters, findings, (parameter) =>
    hyperparameterValue(tables, parameter),
  )
  // Synthetic parameters have no place in the source.
  if (optimizer.declaration === undefined) {
    for (const expression of optimizer.parameters.flatMap(parameterExpressions))
      run.types.delete(expression)
  }
  const update = runBody(run, bodyFrame(path, environment, findings), optimizer.statements).get(
    'update',
  )
  if (update !== undefined && !update.unknown && !update.gradient)
    findings.push(ignoresGradient(optimizer, path))
  return findings
}

function ignoresGradient({ statements, name }: CheckedOptimizer, path: string): Finding {
  let span = statements[0]?.span ?? { start: 0, end: 0 }
  forEachStatement(statements, (statement) => {
    if (statement.kind === 'assign' && statement.target.name === UPDATE) span = statement.value.span
  })
  return {
    guessed: false,
    diagnostic: diagnose('update-ignores-gradient', {
      path,
      span,
      message: `the update of \`${name}\` does not depend on the gradient`,
      label: 'no `g` in it, not even through a state',
      help: 'use `g`, directly or through a state',
    }),
  }
}
