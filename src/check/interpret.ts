import type { Operator } from '../operators/operator.ts'
import type { Call, Expression, FunctionDeclaration, Name } from '../syntax/ast.ts'
import { applyValue, checkArguments } from './apply.ts'
import { callFunction } from './call.ts'
import type { Type } from './checked-module.ts'
import type { ResolvedCall } from '../resolve/resolution.ts'
import { finding, type Finding } from './findings.ts'
import { knownFrom } from './known-forms.ts'
import { findPointless } from './lints.ts'
import { operatorOf } from './operator-of.ts'
import { refineBy, truthsOf, type Refinement } from './refine.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import { sameExpression } from './same-expression.ts'
import type { Local } from '../resolve/scope.ts'
import { narrow } from './intervals.ts'
import { builtinValues, constantOf, isFromShape, unknownValue, type Value } from './value.ts'

/** What following the values of one module shares among its bodies. */
export interface Interpretation {
  readonly tables: Tables
  /** The types of expressions, filled where a frame is `direct`. */
  readonly types: Map<Expression, Type>
  /** Path of the module that is checked. */
  readonly path: string
  /** Results of calls of the module's own functions by function and arguments. */
  readonly results: Map<FunctionDeclaration, Map<string, CallResult>>
  /** What a library function warns of by itself, whatever it is called with. */
  readonly ownFindings: Map<FunctionDeclaration, ReadonlySet<string>>
  /** How many expressions may still be looked at; without any, states are not followed any further. */
  fuel: number
}

/** What a call gives, and what was found in the body of the function. */
export interface CallResult {
  readonly value: Value
  readonly findings: readonly Finding[]
}

/** One run through one body. */
export interface Frame {
  readonly path: string
  readonly environment: Environment
  /** Where findings go; undefined while a fixpoint is looked for. */
  readonly findings: Finding[] | undefined
  /** Whether the body is looked at as it stands, not as a part of its caller. */
  readonly direct: boolean
  readonly refinements: readonly Refinement[]
  /** The value of every expression of the body that has been looked at in this run. */
  readonly values: Map<Expression, Value>
}

/** Values of what a body declares, and of its results. */
export type Environment = Map<Local | 'update' | 'return', Value>

/** The value of an expression, with findings and types noted in the frame. */
export function evaluate(run: Interpretation, frame: Frame, expression: Expression): Value {
  run.fuel -= 1
  let value = evaluateKind(run, frame, expression)
  for (const { expression: known, interval: range } of frame.refinements) {
    if (value.unknown || !sameExpression(known, expression, run.tables)) continue
    value = { ...value, interval: narrow(value.interval, range) }
  }
  frame.values.set(expression, value)
  if (frame.direct && frame.findings !== undefined && !value.unknown) {
    const { known, extent, boolean, interval: range } = value
    run.types.set(expression, { known, extent, boolean, interval: range })
  }
  return value
}

function evaluateKind(run: Interpretation, frame: Frame, expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return constantOf(expression.value)
    case 'name':
      return evaluateName(run, frame, expression)
    case 'unary':
      return evaluateOperator(run, frame, expression, operatorOf(expression), [expression.operand])
    case 'binary':
      return evaluateOperator(run, frame, expression, operatorOf(expression), [
        expression.left,
        expression.right,
      ])
    case 'call': {
      const call = run.tables.calls.get(expression)
      if (call?.kind === 'operator')
        return evaluateOperator(run, frame, expression, call.operator, call.arguments)
      if (call?.kind === 'function') return evaluateCall(run, frame, expression, call)
      // What cannot be called is reported; its arguments can still have types.
      for (const argument of expression.arguments) evaluate(run, frame, argument.value)
      return unknownValue
    }
    case 'missing':
      return unknownValue
  }
}

function evaluateName(run: Interpretation, frame: Frame, expression: Name): Value {
  const resolution = run.tables.names.get(expression)
  if (resolution === undefined) return unknownValue
  if (resolution.kind === 'builtin') return builtinValues[resolution.name]
  if (resolution.kind === 'constant') return constantOf(resolution.value)
  return frame.environment.get(resolution.declaration) ?? unknownValue
}

function evaluateCall(
  run: Interpretation,
  frame: Frame,
  call: Call,
  resolved: Extract<ResolvedCall, { kind: 'function' }>,
): Value {
  const remembers = run.tables.facts.get(resolved.declaration)?.state === true
  const inner = remembers ? { ...frame, refinements: everyStep(frame) } : frame
  const values = resolved.arguments.map((argument) => argument && evaluate(run, inner, argument))
  return callFunction(run, frame, call, resolved, values)
}

/**
 * The refinements that hold on every step: a function that remembers is fed on all of them, also on those on which the
 * place of its call is not reached.
 */
function everyStep({ refinements, values }: Frame): readonly Refinement[] {
  return refinements.filter(({ expression }) => {
    const value = values.get(expression)
    return value !== undefined && isFromShape(value)
  })
}

function evaluateOperator(
  run: Interpretation,
  frame: Frame,
  node: Expression,
  operator: Operator | undefined,
  arguments_: readonly Expression[],
): Value {
  if (operator === undefined || operator.parameters.length !== arguments_.length)
    return unknownValue
  const values =
    operator.parameters[0]?.boolean === true && operator.parameters.length === 3
      ? evaluateChoice(run, frame, arguments_)
      : arguments_.map((argument) => evaluate(run, frame, argument))
  const { findings } = frame
  if (findings !== undefined)
    checkArguments(operator, arguments_, values, frame.path, (found) => findings.push(found))
  if (operator.kind === 'shape' && !isParameter(run, arguments_[0])) {
    const [argument] = arguments_
    if (values[0]?.unknown === true) return unknownValue
    findings?.push(
      finding('shape-argument', false, {
        path: frame.path,
        span: argument?.span ?? node.span,
        message: `\`${operator.callName ?? operator.name}\` is a fact about \`w\` and about nothing else`,
        help: 'write `w`',
        ...(argument
          ? { fix: { title: 'write `w`', edits: [{ span: argument.span, text: 'w' }] } }
          : {}),
      }),
    )
    return unknownValue
  }
  const plain = applyValue(operator, values)
  if (plain.unknown) return plain
  const closer = knownFrom(run.tables, frame.values, operator, arguments_)
  const value =
    closer === undefined
      ? plain
      : { ...plain, interval: { ...narrow(plain.interval, closer), nan: plain.interval.nan } }
  if (frame.direct && findings !== undefined) {
    const found = findPointless(operator, node, arguments_, values, value, frame.path)
    if (found !== undefined) findings.push(found)
  }
  return value
}

/** The three values of a choice, each side where its condition holds. */
function evaluateChoice(
  run: Interpretation,
  frame: Frame,
  arguments_: readonly Expression[],
): Value[] {
  const [condition, taken, other] = arguments_ as readonly [Expression, Expression, Expression]
  const value = evaluate(run, frame, condition)
  const side = (expression: Expression, truth: boolean): Value => {
    const found = refinementsOf(frame, condition, truth)
    const inner = { ...frame, refinements: [...frame.refinements, ...found] }
    return evaluate(run, found.length === 0 ? frame : inner, expression)
  }
  return [value, side(taken, true), side(other, false)]
}

/** What a condition being `truth` says of expressions in it, once the condition has been evaluated. */
export function refinementsOf(
  frame: Frame,
  condition: Expression,
  truth: boolean,
): readonly Refinement[] {
  if (condition.kind !== 'binary' && condition.kind !== 'unary') return []
  const operator = operatorOf(condition)
  if (operator === undefined) return []
  const sides = condition.kind === 'unary' ? [condition.operand] : [condition.left, condition.right]
  if (operator.parameters[0]?.boolean === true)
    return truthsOf(operator, truth).flatMap((each, index) =>
      each === undefined ? [] : refinementsOf(frame, sides[index]!, each),
    )
  const [left, right] = sides
  const values = sides.map((side) => frame.values.get(side))
  if (right === undefined || values.some((value) => value === undefined || value.unknown)) return []
  const found = refineBy(operator, [left!, right], [values[0]!, values[1]!], truth)
  return found === undefined ? [] : [found]
}

function isParameter(run: Interpretation, expression: Expression | undefined): boolean {
  const resolution = expression?.kind === 'name' ? run.tables.names.get(expression) : undefined
  return resolution?.kind === 'builtin' && resolution.name === 'w'
}
