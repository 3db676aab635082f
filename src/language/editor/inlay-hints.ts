import type { Span } from '../../diagnostics/source.ts'
import { showPlacement } from '../../check/type-at.ts'
import type { Expression } from '../../syntax/ast.ts'
import { visit } from '../../syntax/traverse.ts'
import type { Analysis } from './analysis.ts'
import { describeType } from './hover.ts'

/** A type written into a text by the editor. */
export interface InlayHint {
  readonly offset: number
  readonly label: string
  /** More, as Markdown. */
  readonly more: string
}

/** The types of what is named in a part of a text, behind the names. */
export function inlayHintsOf(
  { module, checked }: Analysis,
  { start, end }: Span,
): readonly InlayHint[] {
  const hints: InlayHint[] = []
  const add = (offset: number, value: Expression): void => {
    const type = offset < start || offset > end ? undefined : checked.types.get(value)
    if (type === undefined) return
    hints.push({ offset, label: `: ${showPlacement(type)}`, more: describeType(type) })
  }
  visit(module, {
    enter: (node) => {
      if (node.kind === 'let') add(node.name.span.end, node.value)
      else if (node.kind === 'assign') add(node.target.span.end, node.value)
    },
  })
  return hints
}
