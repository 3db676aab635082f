import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Expression, FunctionDeclaration } from '../../syntax/ast.ts'
import { expressionsOf, forEachExpression, forEachStatement } from '../expressions.ts'
import { showSignature } from '../scope.ts'
import { STEP, takesStep } from '../step-argument.ts'
import type { RuleContext } from './rule.ts'

/** A schedule or decay takes the step as its first parameter. */
export function checkStepParameter(
  { path, report }: RuleContext,
  declaration: FunctionDeclaration,
): void {
  const { role, name, parameters, parentheses } = declaration
  if (role === 'fn' || takesStep(declaration)) return
  const place = parameters.findIndex((parameter) => parameter.name.name === STEP)
  const given = parameters[place]
  if (given !== undefined && place === 0) {
    report(
      diagnose('schedule-without-step', {
        path,
        span: given.span,
        message: `the step of a ${role} takes neither a range nor a default`,
        label: 'always the number of steps taken',
        help: `write \`${STEP}\` alone`,
        fix: {
          title: `write \`${STEP}\` alone`,
          edits: [{ span: { start: given.name.span.end, end: given.span.end }, text: '' }],
        },
      }),
    )
    return
  }
  const start = parentheses.start + 1
  const insertion = {
    span: { start, end: start },
    text: parameters.length === 0 ? STEP : `${STEP}, `,
  }
  report(
    diagnose('schedule-without-step', {
      path,
      span: given?.name.span ?? name.span,
      message: `the first parameter of a ${role} is the step \`${STEP}\``,
      label: given === undefined ? 'does not take the step' : 'not the first one',
      help:
        given === undefined
          ? `declare it, and pass it in calls: \`${showSignature(name.name, [STEP, ...parameters.map((parameter) => parameter.name.name)])}\``
          : 'move it to the front',
      fix:
        given === undefined
          ? { title: `declare \`${STEP}\``, edits: [insertion] }
          : {
              title: 'move it to the front',
              edits: [
                insertion,
                {
                  span: { start: parameters[place - 1]!.span.end, end: given.span.end },
                  text: '',
                },
              ],
            },
    }),
  )
}

/** A schedule or decay keeps no state and uses neither `g` nor `w`, not even through functions it calls. */
export function checkSchedules(
  { path, report, tables }: RuleContext,
  declaration: FunctionDeclaration,
): void {
  const { role, body } = declaration
  if (role === 'fn') return
  const look = (part: Expression): void => {
    const call = part.kind === 'call' ? tables.calls.get(part) : undefined
    if (part.kind !== 'call' || call?.kind !== 'function' || call.declaration.role !== 'fn') return
    const facts = tables.facts.get(call.declaration)
    const name = call.declaration.name.name
    if (facts?.state === true) {
      report(
        diagnose('state-in-schedule', {
          path,
          span: part.span,
          message: `a ${role} cannot call \`${name}\`, which keeps a state`,
          help: 'write the value in terms of `t` and `T`, or declare a `fn`',
        }),
      )
    }
    if (facts?.gradient === true) {
      report(
        diagnose('gradient-in-schedule', {
          path,
          span: part.span,
          message: `a ${role} cannot call \`${name}\`, which uses the gradient or the parameter`,
          help: 'use `t`, `T` and arguments only, or declare a `fn`',
        }),
      )
    }
  }
  if (body.kind !== 'block') {
    forEachExpression(body, look)
    return
  }
  forEachStatement(body.statements, (statement) => {
    for (const expression of expressionsOf(statement)) forEachExpression(expression, look)
    if (statement.kind !== 'state') return
    report(
      diagnose('state-in-schedule', {
        path,
        span: statement.span,
        message: `a ${role} cannot keep a state`,
        help: 'write the value in terms of `t` and `T`, or declare a `fn`',
      }),
    )
  })
}
