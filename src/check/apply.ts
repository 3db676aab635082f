import type { Operator } from '../operators/operator.ts'
import { fits } from '../operators/type.ts'
import type { Expression } from '../syntax/ast.ts'
import { finding, type Finding } from './findings.ts'
import { findHazards } from './hazards.ts'
import { rangeOf } from './range-of.ts'
import { relate } from './relations.ts'
import { narrow } from './intervals.ts'
import { placementName } from './placement-name.ts'
import { createValue, unknownValue, type Value } from './value.ts'

/** Checks the arguments of an operator against its row. `note` may be called several times. */
export function checkArguments(
  operator: Operator,
  arguments_: readonly Expression[],
  values: readonly Value[],
  path: string,
  note: (found: Finding) => void,
): void {
  let wrong = false
  const report = (found: Finding): void => {
    wrong ||= found.diagnostic.severity === 'error'
    note(found)
  }
  const name = operator.fixity
    ? `\`${operator.fixity.symbol}\``
    : `\`${operator.callName ?? operator.name}\``
  operator.parameters.forEach((parameter, index) => {
    const expression = arguments_[index]
    const value = values[index]
    if (expression === undefined || value === undefined || value.unknown) return
    const { span } = expression
    if (parameter.boolean === true && !value.boolean) {
      report(
        finding('condition-not-boolean', value.guessedPlacement, {
          path,
          span,
          message: `${name} wants a condition here, and this is a number`,
          help: 'compare it with something: `x > 0`',
        }),
      )
    } else if (parameter.boolean !== true && value.boolean)
      report(booleanAsNumber(expression, name, path))
    const { latest } = parameter
    if (latest === undefined || fits(value, latest)) return
    report(
      finding('stage-too-late', value.guessedPlacement, {
        path,
        span,
        message: `the ${parameter.name} of ${name} must be ${placementName(latest)}, and this is ${placementName(value)}`,
        help: 'pass a number, a hyperparameter or a schedule',
      }),
    )
  })
  if (wrong || values.some(({ unknown }) => unknown)) return
  for (const found of findHazards(operator, arguments_, values, path)) report(found)
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
  if (values.some(({ unknown }) => unknown))
    return { ...unknownValue, gradient: values.some(({ gradient }) => gradient) }
  const intervals = values.map((value) => value.interval)
  const related = relate(
    operator,
    values.map((value) => value.relation),
    intervals,
  )
  const plain = rangeOf(operator, intervals)
  const range = related.interval === undefined ? plain : narrow(plain, related.interval)
  return createValue(operator.placement(...values), range, {
    boolean: operator.kind === 'elementwise' && operator.boolean === true,
    relation: related.relation,
    // A fact about a shape says nothing of the gradient, whatever stands in its brackets.
    gradient: operator.kind !== 'shape' && values.some(({ gradient }) => gradient),
    adjustable: operator.kind !== 'shape' && values.some(({ adjustable }) => adjustable),
    interior: values.some(({ interior }) => interior),
    beforeEnd:
      range.low !== plain.low ||
      range.high !== plain.high ||
      values.some(({ beforeEnd }) => beforeEnd),
    guessedInterval: values.some(({ guessedInterval }) => guessedInterval),
    guessedPlacement: values.some(({ guessedPlacement }) => guessedPlacement),
  })
}
