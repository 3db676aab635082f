import { diagnose } from '../../diagnostics/diagnose.ts'
import type { CheckedOptimizer } from '../resolution.ts'
import type { RuleContext } from './rule.ts'

/** Every hyperparameter has a default. */
export function checkDefaults(
  { path, report }: RuleContext,
  { parameters }: CheckedOptimizer,
): void {
  for (const parameter of parameters) {
    if (parameter.default !== undefined) continue
    const { name, span } = parameter.name
    report(
      diagnose('missing-default', {
        path,
        span,
        message: `the hyperparameter \`${name}\` has no default`,
        help: `give it one: \`${name} = ...\``,
      }),
    )
  }
}
