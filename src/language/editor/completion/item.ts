import type { TextEdit } from '../../../diagnostics/diagnostic.ts'
import type { Span } from '../../../diagnostics/source.ts'

/** Something that can be written at a place. */
export interface Completion {
  readonly label: string
  readonly kind: 'function' | 'operator' | 'value' | 'parameter' | 'state' | 'word' | 'file'
  /** A few words beside the label. */
  readonly detail?: string
  readonly documentation?: string
  /** What is written in the place of `span`. */
  readonly text: string
  /** The same with places to fill in, as snippets of the language server protocol have them. */
  readonly snippet?: string
  /** Changes elsewhere that it needs: an import. */
  readonly edits?: readonly TextEdit[]
  /** The library file whose function it is, where that is not imported yet. */
  readonly library?: string
  /** What is likelier comes first: 0 before 9. */
  readonly rank: number
}

/** What can be written at an offset in the place of what is written there already. */
export interface Completions {
  readonly span: Span
  readonly items: readonly Completion[]
}
