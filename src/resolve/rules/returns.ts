import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Assign, FunctionDeclaration } from '../../syntax/ast.ts'
import { EVALUATE, UPDATE } from '../builtins.ts'
import { forEachStatement } from '../expressions.ts'
import type { RuleContext } from './rule.ts'

/** A function with a block ends with its only `return`, and has no `update` and no `evaluate`. */
export function checkReturns(
  { path, report }: RuleContext,
  declaration: FunctionDeclaration,
): void {
  const { body } = declaration
  if (body.kind !== 'block') return
  const last = body.statements.at(-1)
  let returns = 0
  let results = 0
  forEachStatement(body.statements, (statement, insideIf) => {
    if (statement.kind === 'assign' && [UPDATE, EVALUATE].includes(statement.target.name)) {
      results += 1
      report(misplaced(declaration, statement, statement === last, path))
    }
    if (statement.kind !== 'return') return
    returns += 1
    if (statement === last) return
    report(
      diagnose('return-not-last', {
        path,
        span: statement.span,
        message: insideIf
          ? 'a `return` cannot stand inside an `if`'
          : 'this `return` is not the last statement',
        label: insideIf
          ? 'leaves the other branch without a value'
          : 'what stands below never happens',
        help: insideIf
          ? 'choose with `return where(condition, a, b)` at the end'
          : 'move it to the end of the function',
      }),
    )
  })
  if (returns > 0 || results > 0) return
  const { name, span } = declaration.name
  report(
    diagnose('return-missing', {
      path,
      span,
      message: `\`${name}\` returns nothing`,
      help: 'end it with `return ...`',
    }),
  )
}

/** That a function says what only an optimizer can. */
function misplaced(
  { name, role }: FunctionDeclaration,
  { target, value }: Assign,
  isLast: boolean,
  path: string,
): Diagnostic {
  const { name: result, span } = target
  const isUpdate = result === UPDATE
  return diagnose(isUpdate ? 'update-misplaced' : 'evaluate-misplaced', {
    path,
    span,
    message: `\`${name.name}\` is a ${role === 'fn' ? 'function' : role} and has no \`${result}\``,
    label: isUpdate ? 'only an optimizer updates' : 'only an optimizer is evaluated',
    help: isUpdate
      ? 'give the value back with `return`'
      : `give the value back with \`return\`, and write \`evaluate = ${name.name}(...)\` in the optimizer`,
    ...(isLast && {
      fix: {
        title: 'replace it with `return`',
        edits: [{ span: { start: span.start, end: value.span.start }, text: 'return ' }],
      },
    }),
  })
}
