import { diagnose } from '../../diagnostics/diagnose.ts'
import { createDependence } from '../../ir/analysis/dependence.ts'
import type { Program } from '../../ir/graph.ts'
import { UPDATE } from '../../resolve/builtins.ts'
import { forEachStatement } from '../../resolve/expressions.ts'
import type { CheckedOptimizer } from '../../resolve/resolution.ts'
import type { Finding } from '../findings.ts'

/** That the update of an optimizer depends on the gradient, directly or through a state. */
export function checkGradient(
  { name, statements }: CheckedOptimizer,
  { update, states }: Program,
  path: string,
): readonly Finding[] {
  const usesGradient = createDependence(
    states,
    (node) => node.kind === 'input' && node.name === 'g',
  )
  if (usesGradient(update)) return []
  let span = statements[0]?.span ?? { start: 0, end: 0 }
  forEachStatement(statements, (statement) => {
    if (statement.kind === 'assign' && statement.target.name === UPDATE) span = statement.value.span
  })
  return [
    {
      guessed: false,
      diagnostic: diagnose('update-ignores-gradient', {
        path,
        span,
        message: `the update of \`${name}\` does not depend on the gradient`,
        label: 'no `g` in it, not even through a state',
        help: 'use `g`, directly or through a state',
      }),
    },
  ]
}
