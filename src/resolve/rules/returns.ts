import { diagnose } from '../../diagnostics/diagnose.ts'
import type { FunctionDeclaration } from '../../syntax/ast.ts'
import { UPDATE } from '../builtins.ts'
import { forEachStatement } from '../expressions.ts'
import type { RuleContext } from './rule.ts'

/** A function with a block ends with its only `return`, and has no `update`. */
export function checkReturns(
  { path, report }: RuleContext,
  declaration: FunctionDeclaration,
): void {
  const { body } = declaration
  if (body.kind !== 'block') return
  const last = body.statements.at(-1)
  let returns = 0
  let updates = 0
  forEachStatement(body.statements, (statement, insideIf) => {
    if (statement.kind === 'assign' && statement.target.name === UPDATE) {
      updates += 1
      const span = statement.target.span
      const isLast = statement === last
      report(
        diagnose('update-misplaced', {
          path,
          span,
          message: `\`${declaration.name.name}\` is a ${declaration.role === 'fn' ? 'function' : declaration.role} and has no \`update\``,
          label: 'only an optimizer updates',
          help: 'give the value back with `return`',
          ...(isLast
            ? {
                fix: {
                  title: 'replace it with `return`',
                  edits: [
                    {
                      span: { start: span.start, end: statement.value.span.start },
                      text: 'return ',
                    },
                  ],
                },
              }
            : {}),
        }),
      )
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
  if (returns > 0 || updates > 0) return
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
