import type { Operator } from '../operators/operator.ts'
import type { Expression, FunctionDeclaration, Parameter, Statement } from '../syntax/ast.ts'
import { branchesOf } from '../resolve/expressions.ts'
import { operatorOf } from './operator-of.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import type { Local } from '../resolve/scope.ts'

/** The step of a run and its total number of steps. */
export interface Step {
  readonly t: number
  readonly T: number
}

type Environment = ReadonlyMap<Local, number>

/**
 * The number that an expression known at a step has there, in 64 bits; NaN where it has none (errors in it, tensors, states).
 * `environment` holds the values of parameters and `let`s.
 */
export function evaluateAt(
  tables: Tables,
  expression: Expression,
  environment: Environment,
  step: Step,
): number {
  const inner = (part: Expression): number => evaluateAt(tables, part, environment, step)
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name': {
      const resolution = tables.names.get(expression)
      if (resolution === undefined) return NaN
      if (resolution.kind === 'constant') return resolution.value
      if (resolution.kind === 'builtin') return builtinAt(resolution.name, step)
      return environment.get(resolution.declaration) ?? NaN
    }
    case 'unary':
      return applyTo(operatorOf(expression), [inner(expression.operand)])
    case 'binary':
      return applyTo(operatorOf(expression), [inner(expression.left), inner(expression.right)])
    case 'call': {
      const call = tables.calls.get(expression)
      if (call === undefined) return NaN
      if (call.kind === 'operator') return applyTo(call.operator, call.arguments.map(inner))
      return callAt(
        tables,
        call.declaration,
        call.arguments.map((argument) => argument && inner(argument)),
        step,
      )
    }
    case 'missing':
      return NaN
  }
}

/**
 * The value of a schedule or decay at a step; an undefined argument stands for the parameter's default. A decay that uses
 * `T` holds the value of step `T` - 1 from step `T` on.
 */
export function callAt(
  tables: Tables,
  declaration: FunctionDeclaration,
  arguments_: readonly (number | undefined)[],
  step: Step,
): number {
  if (tables.recursive.has(declaration)) return NaN
  const inner = declaration.role === 'fn' ? step : stepOf(tables, declaration, arguments_[0], step)
  const environment = new Map<Local, number>()
  declaration.parameters.forEach((parameter, index) => {
    const isStep = index === 0 && declaration.role !== 'fn'
    environment.set(
      parameter,
      isStep ? inner.t : (arguments_[index] ?? defaultAt(tables, parameter, inner)),
    )
  })
  const { body } = declaration
  if (body.kind !== 'block') return evaluateAt(tables, body, environment, inner)
  return runAt(tables, body.statements, environment, inner) ?? NaN
}

/** The step a schedule or decay has its value for, called with `given` as its step. */
function stepOf(
  tables: Tables,
  declaration: FunctionDeclaration,
  given: number | undefined,
  { t, T }: Step,
): Step {
  const called = given ?? t
  const holds = declaration.role === 'decay' && tables.facts.get(declaration)?.totalSteps === true
  return { t: holds ? Math.min(called, T - 1) : called, T }
}

function defaultAt(tables: Tables, parameter: Parameter, step: Step): number {
  if (parameter.default !== undefined) return evaluateAt(tables, parameter.default, new Map(), step)
  const builtin = tables.implicitDefaults.get(parameter)
  return builtin === undefined ? NaN : builtinAt(builtin, step)
}

function builtinAt(name: 'g' | 'w' | 't' | 'T', step: Step): number {
  return name === 't' || name === 'T' ? step[name] : NaN
}

function applyTo(operator: Operator | undefined, arguments_: readonly number[]): number {
  return operator?.kind === 'elementwise' ? operator.meaning(...arguments_) : NaN
}

/** Runs statements and gives what they return. */
function runAt(
  tables: Tables,
  statements: readonly Statement[],
  environment: Map<Local, number>,
  step: Step,
): number | undefined {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let':
        environment.set(statement, evaluateAt(tables, statement.value, environment, step))
        break
      case 'return':
        return evaluateAt(tables, statement.value, environment, step)
      case 'if': {
        const taken = branchesOf(statement).find(
          ({ condition }) =>
            condition === undefined || evaluateAt(tables, condition, environment, step) !== 0,
        )
        const result = taken && runAt(tables, taken.statements, environment, step)
        if (result !== undefined) return result
        break
      }
      case 'state':
      case 'assign':
    }
  }
  return undefined
}
