import { lex } from '../../../../grammar/lex.ts'
import { Identifier } from '../../../../grammar/tokens.ts'
import { analyze, hasErrors } from '../../../compile.ts'
import type { Span } from '../../../diagnostics/source.ts'
import { libraryLoader } from '../../../library/sources.ts'
import type { Item } from '../../../syntax/ast.ts'
import type { ShownDefinition } from '../panes/pane.ts'

export interface OutlineQuestion {
  readonly kind: 'outline'
  readonly text: string
  readonly fileName: string
}

/** What a text declares. */
export interface Outline {
  readonly definitions: readonly (ShownDefinition & { readonly span: Span })[]
  /** Every name that stands in it, once. */
  readonly names: readonly string[]
  readonly hasErrors: boolean
}

/** The outline of any text. */
export function outlineOf({ text, fileName }: OutlineQuestion): Outline {
  const { value: checked, diagnostics } = analyze({ path: fileName, text }, libraryLoader)
  const { tokens } = lex(text)
  const images = tokens.flatMap(({ tokenType, image }) => (tokenType === Identifier ? [image] : []))
  return {
    definitions: checked.module.items.flatMap((item) => {
      const kind = kindOf(item)
      return kind === undefined || !('name' in item)
        ? []
        : [{ name: item.name.name, kind, span: item.span }]
    }),
    names: [...new Set(images)],
    hasErrors: hasErrors(diagnostics),
  }
}

function kindOf(item: Item): ShownDefinition['kind'] | undefined {
  if (item.kind === 'function') return item.role === 'fn' ? 'function' : item.role
  return item.kind === 'optimizer' || item.kind === 'space' ? item.kind : undefined
}
