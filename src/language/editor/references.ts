import type { Analysis } from './analysis.ts'
import type { Location } from './definition.ts'
import { declaredAt, isSameEntity, mentionAt, type Entity, type Mention } from './mentions.ts'
import type { Workspace } from './workspace.ts'

/** A mention with the file it is in. */
export interface Found {
  readonly analysis: Analysis
  readonly mention: Mention
}

/** Every mention of an entity in the workspace; of one that is declared inside a body only in its file. */
export function mentionsOfEntity(entity: Entity, workspace: Workspace): readonly Found[] {
  const home = declaredAt(entity)?.path
  const found: Found[] = []
  const seen = new Set<string>()
  const look = (analysis: Analysis): void => {
    if (seen.has(analysis.source.path)) return
    seen.add(analysis.source.path)
    if (!mayMention(analysis, entity, home)) return
    for (const mention of analysis.mentions)
      if (isSameEntity(mention.entity, entity)) found.push({ analysis, mention })
  }
  for (const analysis of workspace.modules()) look(analysis)
  const library = home === undefined ? undefined : workspace.library(home)
  if (library !== undefined) {
    look(library)
    for (const name of workspace.libraryNames) {
      const other = workspace.library(name)
      if (other !== undefined) look(other)
    }
  }
  return found
}

/** Whether a file can mention the entity: names are looked for in the text before anything is worked out. */
function mayMention({ source }: Analysis, entity: Entity, home: string | undefined): boolean {
  if (entity.kind === 'module') return source.text.includes(entity.specifier)
  const name = 'declaration' in entity ? entity.declaration.name.name : entity.name
  return home === source.path || source.text.includes(name)
}

/** Where what stands at the offset is mentioned in the workspace. */
export function referencesAt(
  analysis: Analysis,
  offset: number,
  workspace: Workspace,
  withDeclaration: boolean,
): readonly Location[] {
  const mention = mentionAt(analysis.mentions, offset)
  if (mention === undefined) return []
  return mentionsOfEntity(mention.entity, workspace)
    .filter(({ mention: { role } }) => withDeclaration || role !== 'declaration')
    .map(({ analysis: { source }, mention: { span } }) => ({ path: source.path, span }))
}

/** The mentions of what stands at the offset in its own file. */
export function highlightsAt({ mentions }: Analysis, offset: number): readonly Mention[] {
  const mention = mentionAt(mentions, offset)
  return mention === undefined
    ? []
    : mentions.filter(({ entity }) => isSameEntity(entity, mention.entity))
}
