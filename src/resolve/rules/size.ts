import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { FunctionDeclaration } from '../../syntax/ast.ts'
import type { CheckedOptimizer } from '../resolution.ts'
import { bodyFacts, NOTHING } from '../facts.ts'
import { MAXIMUM_SIZE } from '../program-size.ts'
import type { RuleContext } from './rule.ts'

/** Whether every program stays within MAXIMUM_SIZE expressions; those that do not are reported. */
export function checkSize(
  { path, report, tables, module }: RuleContext,
  functions: readonly FunctionDeclaration[],
  optimizers: readonly CheckedOptimizer[],
): void {
  const complain = (name: string, span: Span, size: number): void => {
    const count = size >= 1e9 ? 'more than 1,000,000,000' : size.toLocaleString('en')
    report(
      diagnose('program-too-large', {
        path,
        span,
        message: `\`${name}\` has ${count} expressions with its functions put in place; ${MAXIMUM_SIZE.toLocaleString('en')} are allowed`,
        help: 'compute what is used several times once, with `let`',
      }),
    )
  }
  for (const declaration of functions) {
    const size = tables.facts.get(declaration)?.size ?? 0
    if (size <= MAXIMUM_SIZE) continue
    complain(declaration.name.name, declaration.name.span, size)
    // Whoever calls it is too large because of it: one message is enough.
    return
  }
  for (const optimizer of optimizers) {
    const { size } = bodyFacts(
      optimizer.statements,
      tables,
      (callee) => tables.facts.get(callee) ?? NOTHING,
    )
    const span = optimizer.declaration?.name.span ?? optimizer.statements[0]?.span ?? module.span
    if (size > MAXIMUM_SIZE) complain(optimizer.name, span, size)
  }
}
