import type { Span } from '../../diagnostics/source.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import type { Analysis } from './analysis.ts'
import { declaredAt, mentionAt } from './mentions.ts'

/** A place in a file. */
export interface Location {
  readonly path: string
  readonly span: Span
}

/** Where what stands at the offset is declared, and the name there: in this file, another or the library. */
export interface Definition {
  readonly origin: Span
  readonly target: Location
}

/** The definition of what stands at the offset; undefined where nothing does that is declared somewhere. */
export function definitionAt(
  { mentions, source }: Analysis,
  offset: number,
  loader: ModuleLoader,
): Definition | undefined {
  const mention = mentionAt(mentions, offset)
  if (mention === undefined) return undefined
  const { entity, span: origin } = mention
  if (entity.kind === 'module') {
    const found = loader(entity.specifier, source.path)
    return found && { origin, target: { path: found.path, span: { start: 0, end: 0 } } }
  }
  const target = declaredAt(entity)
  // The learning rate of a file of statements is written nowhere.
  return target === undefined || target.span.start === target.span.end
    ? undefined
    : { origin, target }
}
