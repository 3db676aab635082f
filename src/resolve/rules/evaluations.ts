import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Assign, Statement } from '../../syntax/ast.ts'
import { EVALUATE } from '../builtins.ts'
import { branchesOf } from '../expressions.ts'
import type { CheckedOptimizer } from '../resolution.ts'
import type { RuleContext } from './rule.ts'

/** An optimizer gives at most one `evaluate` on every way through its statements. */
export function checkEvaluations(context: RuleContext, { statements }: CheckedOptimizer): void {
  follow(context, statements, undefined)
}

/** The `evaluate` in force after `statements` when `before` was in force above them. */
function follow(
  context: RuleContext,
  statements: readonly Statement[],
  before: Assign | undefined,
): Assign | undefined {
  const { path, report } = context
  let current = before
  for (const statement of statements) {
    if (statement.kind === 'if') {
      const outer = current
      const results = branchesOf(statement).map((branch) =>
        follow(context, branch.statements, outer),
      )
      current = results.find((result) => result !== outer) ?? outer
    }
    if (statement.kind !== 'assign' || statement.target.name !== EVALUATE) continue
    if (current !== undefined) {
      report(
        diagnose('evaluate-twice', {
          path,
          span: statement.target.span,
          message: '`evaluate` is given twice',
          label: 'given again',
          help: 'a model is evaluated with one set of weights: keep one of the two',
          related: [{ path, span: current.target.span, label: 'first given here' }],
        }),
      )
    }
    current = statement
  }
  return current
}
