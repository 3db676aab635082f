import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Assign, Statement } from '../../syntax/ast.ts'
import { UPDATE } from '../builtins.ts'
import { meansWeight } from '../habits.ts'
import type { CheckedOptimizer } from '../resolution.ts'
import { branchesOf, forEachStatement } from '../expressions.ts'
import type { RuleContext } from './rule.ts'

/** An optimizer gives exactly one `update` on every way through its statements. */
export function checkUpdates(context: RuleContext, optimizer: CheckedOptimizer): void {
  const { path, report, module } = context
  const { statements, declaration } = optimizer
  let written = 0
  let returned = 0
  forEachStatement(statements, (statement) => {
    if (statement.kind === 'assign' && statement.target.name === UPDATE) written += 1
    if (statement.kind === 'return') returned += 1
    if (statement.kind === 'assign' && !context.tables.assignments.has(statement))
      returned += meansWeight(statement.target.name) ? 1 : 0
  })
  if (written > 0) {
    followUpdates(context, statements, undefined)
    return
  }
  // A `return` or an assignment to the parameter was meant to be it, and has been reported.
  if (returned > 0) return
  const last = statements.at(-1)
  const span = declaration?.name.span ?? last?.span ?? module.span
  report(
    diagnose('update-missing', {
      path,
      span,
      message: declaration
        ? `\`${optimizer.name}\` has no \`update\``
        : 'these statements are an optimizer without an `update`',
      help: 'say what one step subtracts from the parameter: `update = ...`',
    }),
  )
}

/** The update in force after `statements` when `before` was in force above them; undefined when there is none. */
function followUpdates(
  context: RuleContext,
  statements: readonly Statement[],
  before: Assign | undefined,
): Assign | undefined {
  const { path, report } = context
  let current = before
  for (const statement of statements) {
    if (statement.kind === 'if') {
      const outer = current
      const branches = branchesOf(statement)
      const results = branches.map((branch) => followUpdates(context, branch.statements, outer))
      const given = results.find((result) => result !== undefined && result !== outer)
      if (outer === undefined && given !== undefined && results.includes(undefined)) {
        const withoutElse = branches.at(-1)?.statements.length === 0
        report(
          diagnose('update-in-one-branch', {
            path,
            span: given.target.span,
            message: '`update` is given in only one branch of this `if`',
            label: 'only here',
            help: withoutElse
              ? 'add an `else` that gives one too'
              : 'give one in every branch, or none in the branches and one below',
          }),
        )
      }
      current = given ?? current
    } else if (statement.kind === 'assign' && statement.target.name === UPDATE) {
      if (current !== undefined) {
        report(
          diagnose('update-twice', {
            path,
            span: statement.target.span,
            message: '`update` is given twice',
            label: 'given again',
            help: 'put the two together into one expression',
            related: [{ path, span: current.target.span, label: 'first given here' }],
          }),
        )
      }
      current = statement
    }
  }
  return current
}
