import { lex } from '../../../grammar/lex.ts'
import { contextualWords, Identifier } from '../../../grammar/tokens.ts'
import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import { lineStarts, positionAt, type Source, type Span } from '../../diagnostics/source.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import { reservedBecause } from '../../resolve/scope.ts'
import { isLibraryName } from '../imports.ts'
import { createAnalysis, type Analysis } from './analysis.ts'
import { applyEdits, moved } from './edits.ts'
import { declaredAt, isSameEntity, mentionAt, type Entity, type Mention } from './mentions.ts'
import { mentionsOfEntity } from './references.ts'
import type { Workspace } from './workspace.ts'

/** A question that is answered, or why it is not, in a sentence without a full stop. */
export type Answered<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: string }

export const refused = (reason: string): { readonly kind: 'refused'; readonly reason: string } => ({
  kind: 'refused',
  reason,
})

/** What would be renamed at the offset. */
export interface Renameable {
  readonly span: Span
  readonly name: string
}

/** What stands at the offset, if it has a name that can be changed. */
export function renameableAt(analysis: Analysis, offset: number): Answered<Renameable> {
  const mention = mentionAt(analysis.mentions, offset)
  if (mention === undefined) return refused('no name that is declared stands here')
  const { entity, span, alias } = mention
  const name = analysis.source.text.slice(span.start, span.end)
  if (alias !== undefined) return { kind: 'done', value: { span, name } }
  switch (entity.kind) {
    case 'operator':
      return refused(`\`${name}\` is an operator of the language`)
    case 'builtin':
      return refused(`\`${name}\` is always there and has no other name`)
    case 'constant':
      return refused(`\`${name}\` is a constant of the language`)
    case 'result':
      return refused(`\`${name}\` is what the language calls the result of a step`)
    case 'axis':
      return refused(`\`${name}\` is an axis of a parameter`)
    case 'module':
      return refused('files are renamed where they are')
    default:
  }
  if (isLibraryName(entity.path)) return refused(`\`${name}\` is declared in \`${entity.path}\``)
  const { name: declared } = entity.declaration
  if (declared.span.start === declared.span.end)
    return refused(`\`${name}\` is the learning rate that every file of statements has`)
  return declared.name === name
    ? { kind: 'done', value: { span, name } }
    : refused(`\`${name}\` is not how \`${declared.name}\` is written`)
}

/** The edits of one file. */
export interface FileEdits {
  readonly path: string
  readonly edits: readonly TextEdit[]
}

/** The edits that give what stands at the offset the name `wanted` in the whole workspace, or why they are not made. */
export function renameAt(
  analysis: Analysis,
  offset: number,
  wanted: string,
  workspace: Workspace,
): Answered<readonly FileEdits[]> {
  const renameable = renameableAt(analysis, offset)
  if (renameable.kind === 'refused') return renameable
  const mention = mentionAt(analysis.mentions, offset)!
  const problem = badName(wanted, mention)
  if (problem !== undefined) return refused(problem)
  if (renameable.value.name === wanted) return { kind: 'done', value: [] }
  const byFile = new Map<Analysis, TextEdit[]>()
  const add = (file: Analysis, span: Span): void => {
    const edits = byFile.get(file) ?? []
    byFile.set(file, edits)
    edits.push({ span, text: wanted })
  }
  if (mention.alias !== undefined) {
    for (const each of analysis.mentions) if (each.alias === mention.alias) add(analysis, each.span)
  } else
    for (const { analysis: file, mention: each } of mentionsOfEntity(mention.entity, workspace))
      if (each.alias === undefined && isWrittenAs(file, each, renameable.value.name))
        add(file, each.span)
  const clash = clashOf(byFile, wanted, workspace)
  if (clash !== undefined) return refused(clash)
  return {
    kind: 'done',
    value: [...byFile].map(([{ source }, edits]) => ({ path: source.path, edits })),
  }
}

function isWrittenAs({ source }: Analysis, { span }: Mention, name: string): boolean {
  return source.text.slice(span.start, span.end) === name
}

/** Why nothing can be called so. */
function badName(wanted: string, { entity }: Mention): string | undefined {
  const { tokens, comments } = lex(wanted)
  const [token] = tokens
  const isWord = tokens.length === 1 && comments.length === 0 && token?.image === wanted
  if (!isWord || !/^[A-Za-z_]/.test(wanted))
    return `\`${wanted}\` is no name: names are letters, digits and \`_\`, and begin with no digit`
  if (token.tokenType !== Identifier && !contextualWords.includes(token.tokenType))
    return `\`${wanted}\` is a word of the language`
  const isLocal = entity.kind === 'local'
  const isParameter = isLocal && entity.declaration.kind === 'parameter'
  const reason = isLocal ? reservedBecause(wanted, isParameter) : undefined
  return reason === undefined ? undefined : `\`${wanted}\` cannot be declared: ${reason}`
}

/**
 * What else would mean something else with the new name: the renamed texts are resolved and every mention is compared with
 * the one it comes from.
 */
function clashOf(
  renamed: ReadonlyMap<Analysis, readonly TextEdit[]>,
  wanted: string,
  { loader }: Workspace,
): string | undefined {
  const changed = new Map<string, Source>(
    [...renamed].map(([{ source }, edits]) => [
      source.path,
      { path: source.path, text: applyEdits(source.text, edits) },
    ]),
  )
  const afterwards: ModuleLoader = (specifier, from) => {
    const found = loader(specifier, from)
    return found && (changed.get(found.path) ?? found)
  }
  for (const [before, edits] of renamed) {
    const after = createAnalysis(changed.get(before.source.path)!, afterwards)
    const taken = nameTaken(before, after, edits, (path, offset) => {
      const own = [...renamed].find(([{ source }]) => source.path === path)
      return own === undefined ? offset : moved(own[1], offset)
    })
    if (taken !== undefined) return `the name \`${wanted}\` is taken: ${taken}`
  }
  return undefined
}

/** Whether what was mentioned is what is mentioned now, where `follow` says how declarations have moved. */
function isKept(
  before: Entity,
  after: Entity,
  follow: (path: string, offset: number) => number,
): boolean {
  const [old, made] = [declaredAt(before), declaredAt(after)]
  if (old === undefined || made === undefined) return isSameEntity(before, after)
  return old.path === made.path && follow(old.path, old.span.start) === made.span.start
}

/** Where a mention has become one of something else, in words; undefined where all mean what they meant. */
function nameTaken(
  before: Analysis,
  after: Analysis,
  edits: readonly TextEdit[],
  follow: (path: string, offset: number) => number,
): string | undefined {
  const starts = new Map(after.mentions.map((mention) => [mention.span.start, mention]))
  for (const { span, entity } of before.mentions) {
    const found = starts.get(moved(edits, span.start))
    if (found !== undefined && isKept(entity, found.entity, follow)) continue
    const { line } = positionAt(lineStarts(before.source.text), span.start)
    return `line ${line} of \`${before.source.path}\` would mean something else`
  }
  const errors = (analysis: Analysis): number =>
    analysis.resolved.diagnostics.filter(({ severity }) => severity === 'error').length
  return errors(after) > errors(before) || after.mentions.length !== before.mentions.length
    ? `\`${before.source.path}\` declares it or uses it otherwise`
    : undefined
}
