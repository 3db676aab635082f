import type { Expression } from '../syntax/ast.ts'
import type { CheckedModule, Type } from './checked-module.ts'

/** An expression of a module with its type. */
export interface TypedExpression {
  readonly expression: Expression
  readonly type: Type
}

/** The innermost expression of the module at `offset` whose type is known; undefined where there is none. */
export function typeAt(checked: CheckedModule, offset: number): TypedExpression | undefined {
  let best: TypedExpression | undefined
  for (const [expression, type] of checked.types) {
    const { start, end } = expression.span
    if (offset < start || offset > end || start === end) continue
    const width = end - start
    const smallest =
      best === undefined ? Infinity : best.expression.span.end - best.expression.span.start
    if (width < smallest) best = { expression, type }
  }
  return best
}

/** What users are shown a type as: when it is known and what there is one for, such as `step, run`; a comparison is a `mask`. */
export function showPlacement({ known, extent, boolean }: Type): string {
  return `${boolean ? 'mask, ' : ''}${known}, ${extent}`
}
