import { contains, showInterval } from '../operators/interval.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Expression, Parameter } from '../syntax/ast.ts'
import { booleanAsNumber } from './apply.ts'
import { placementName } from './placement-name.ts'
import { constantFrame } from './call.ts'
import { parameterExpressions } from '../resolve/expressions.ts'
import { finding, type Finding } from './findings.ts'
import { evaluate, type Interpretation } from './interpret.ts'
import { constantValue, declaredInterval } from './parameters.ts'
import { isEmpty } from './intervals.ts'

/** Whether the range and the default of a parameter are constants that fit each other; what does not is added to `findings`. */
export function checkParameter(
  run: Interpretation,
  parameter: Parameter,
  path: string,
  findings: Finding[],
): boolean {
  const { range, default: value } = parameter
  const constant = parameterExpressions(parameter).map((expression) =>
    isConstant(run, expression, path, findings),
  )
  if (!constant.every(Boolean)) return false
  if (range !== undefined) {
    const low = constantValue(run.tables, range.low)
    const high = constantValue(run.tables, range.high)
    const { lowOpen, highOpen } = range
    if (isEmpty({ low, high, lowOpen, highOpen }) || Number.isNaN(low) || Number.isNaN(high)) {
      findings.push(
        finding('empty-range', false, {
          path,
          span: range.span,
          message: `no number is in \`${showInterval({ low, high, lowOpen, highOpen, nan: false })}\``,
          help:
            low > high
              ? 'the low end stands first'
              : 'an end with a round bracket is not part of the range',
          ...(low > high
            ? {
                fix: {
                  title: 'swap the ends',
                  edits: [
                    {
                      span: range.span,
                      text: showInterval({ low: high, high: low, lowOpen, highOpen, nan: false }),
                    },
                  ],
                },
              }
            : {}),
        }),
      )
      return false
    }
  }
  const declared = declaredInterval(run.tables, parameter)
  if (value === undefined || declared === undefined) return true
  const number = constantValue(run.tables, value)
  if (contains(declared, number)) return true
  findings.push({
    guessed: false,
    diagnostic: diagnose('default-out-of-range', {
      path,
      span: value.span,
      message: `the default ${String(number)} of \`${parameter.name.name}\` is not in its range`,
      label: `not in ${showInterval(declared)}`,
      help: 'change the default, or widen the range',
      ...(range === undefined ? {} : { related: [{ path, span: range.span, label: 'the range' }] }),
    }),
  })
  return false
}

function isConstant(
  run: Interpretation,
  expression: Expression,
  path: string,
  findings: Finding[],
): boolean {
  const value = evaluate(run, constantFrame(path), expression)
  if (value.unknown) return false
  if (value.boolean) {
    findings.push(booleanAsNumber(expression, 'a parameter', path))
    return false
  }
  if (value.known === 'constant') return true
  findings.push(
    finding('not-constant', false, {
      path,
      span: expression.span,
      message: `this must be a constant, and it is ${placementName(value)}`,
      label: 'not known when compiling',
      help: 'write a number',
    }),
  )
  return false
}
