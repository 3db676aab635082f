import type { Operator } from '../operators/operator.ts'
import { fits } from '../operators/type.ts'
import type { Expression } from '../syntax/ast.ts'
import { finding, type Finding } from './findings.ts'
import { findHazards } from './hazards.ts'
import { rangeOf } from './range-of.ts'
import { relate } from './relations.ts'
import { narrow } from './intervals.ts'
import { placementName } from './placement-name.ts'
import { unknownValue, type Value } from './value.ts'

/** Checks the arguments of an operator against its row. `report` may be called several times. */
export function checkArguments(
  operator: Operator,
  arguments_: readonly Expression[],
  values: readonly Value[],
  path: string,
  report: (found: Finding) => void,
): void {
  let wrong = false
  let unknown = false
  for (let index = 0; index < arguments_.length; index++) {
    const value = values[index]!
    if (value.unknown) unknown = true
    else if (isWrong(operator, index, value))
      wrong = reportArgument(operator, index, arguments_[index]!, value, path, report) || wrong
  }
  if (wrong || unknown || operator.hazards === undefined) return
  for (const found of findHazards(operator, arguments_, values, path)) report(found)
}

function isWrong({ parameters }: Operator, index: number, value: Value): boolean {
  const { boolean = false, latest } = parameters[index]!
  return boolean !== value.boolean || (latest !== undefined && !fits(value, latest))
}

/** Reports what is wrong with an argument; whether any of it is an error. */
function reportArgument(
  operator: Operator,
  index: number,
  expression: Expression,
  value: Value,
  path: string,
  report: (found: Finding) => void,
): boolean {
  const parameter = operator.parameters[index]!
  const { span } = expression
  const name = operator.fixity
    ? `\`${operator.fixity.symbol}\``
    : `\`${operator.callName ?? operator.name}\``
  const found: Finding[] = []
  if (parameter.boolean === true && !value.boolean) {
    found.push(
      finding('condition-not-boolean', value.guessedPlacement, {
        path,
        span,
        message: `${name} wants a condition here, and this is a number`,
        help: 'compare it with something: `x > 0`',
      }),
    )
  } else if (parameter.boolean !== true && value.boolean)
    found.push(booleanAsNumber(expression, name, path))
  const { latest } = parameter
  if (latest !== undefined && !fits(value, latest)) {
    found.push(
      finding('stage-too-late', value.guessedPlacement, {
        path,
        span,
        message: `the ${parameter.name} of ${name} must be ${placementName(latest)}, and this is ${placementName(value)}`,
        help: 'pass a number, a hyperparameter or a schedule',
      }),
    )
  }
  found.forEach(report)
  return found.some(({ diagnostic }) => diagnostic.severity === 'error')
}

/** That a comparison stands where a number is wanted. */
export function booleanAsNumber({ span }: Expression, place: string, path: string): Finding {
  return finding('boolean-as-number', false, {
    path,
    span,
    message: `${place} wants a number here, and this is a comparison`,
    help: 'turn it into numbers with `where(condition, 1, 0)`',
    fix: {
      title: 'turn it into 1 and 0',
      edits: [
        { span: { start: span.start, end: span.start }, text: 'where(' },
        { span: { start: span.end, end: span.end }, text: ', 1, 0)' },
      ],
    },
  })
}

/** The value of an operator applied to values. */
export function applyValue(operator: Operator, values: readonly Value[]): Value {
  let unknown = false
  let gradient = false
  let adjustable = false
  let interior = false
  let beforeEnd = false
  let guessedInterval = false
  let guessedPlacement = false
  for (const value of values) {
    unknown ||= value.unknown
    gradient ||= value.gradient
    adjustable ||= value.adjustable
    interior ||= value.interior
    beforeEnd ||= value.beforeEnd
    guessedInterval ||= value.guessedInterval
    guessedPlacement ||= value.guessedPlacement
  }
  if (unknown) return { ...unknownValue, gradient }
  const intervals = values.map((value) => value.interval)
  const related = relate(
    operator,
    values.map((value) => value.relation),
    intervals,
  )
  const plain = rangeOf(operator, intervals)
  const range = related.interval === undefined ? plain : narrow(plain, related.interval)
  const { known, extent } = operator.placement(...values)
  // A fact about a shape says nothing of the gradient, whatever stands in its brackets.
  const isFact = operator.kind === 'shape'
  return {
    known,
    extent,
    interval: range,
    boolean: operator.kind === 'elementwise' && operator.boolean === true,
    relation: related.relation,
    adjustable: !isFact && adjustable,
    gradient: !isFact && gradient,
    interior,
    beforeEnd: beforeEnd || range.low !== plain.low || range.high !== plain.high,
    declared: undefined,
    guessedInterval,
    guessedPlacement,
    unknown: false,
  }
}
