import { isLibraryName } from '../../imports.ts'
import type { Analysis } from '../analysis.ts'
import type { Completion } from './item.ts'
import { functionCompletion } from './names.ts'
import type { Workspace } from '../workspace.ts'

/** The files that can be imported: those of the library that declare functions, and those of the workspace. */
export function importCompletions(
  { source }: Analysis,
  workspace: Workspace,
): readonly Completion[] {
  const files = [...workspace.modules()].flatMap(({ source: other, module }) => {
    const declares = module.items.some(({ kind }) => kind === 'function')
    const relative = relativePath(source.path, other.path)
    return other.path === source.path || !declares || relative === undefined ? [] : [relative]
  })
  return [
    ...files.map((path): Completion => ({ label: path, kind: 'file', text: path, rank: 1 })),
    ...workspace.libraryNames.map((name): Completion => ({
      label: name,
      kind: 'file',
      detail: 'the standard library',
      text: name,
      rank: 2,
    })),
  ]
}

/** How a file is imported from another; undefined for those of the library. */
function relativePath(from: string, to: string): string | undefined {
  if (isLibraryName(to) || isLibraryName(from)) return undefined
  const [start, end] = [from.split('/').slice(0, -1), to.split('/')]
  let shared = 0
  while (shared < start.length && shared < end.length - 1 && start[shared] === end[shared])
    shared += 1
  const up = start.slice(shared).map(() => '..')
  return [...(up.length === 0 ? ['.'] : up), ...end.slice(shared)].join('/')
}

/** The functions of the file that an import around the offset names, without those it has. */
export function nameCompletions(
  { module, source }: Analysis,
  offset: number,
  workspace: Workspace,
): readonly Completion[] {
  const around = module.items.find(
    ({ kind, span }) => kind === 'import' && span.start <= offset && offset <= span.end,
  )
  if (around?.kind !== 'import') return []
  const found = workspace.loader(around.from.value, source.path)
  if (found === undefined) return []
  const other =
    workspace.library(found.path) ??
    [...workspace.modules()].find((each) => each.source.path === found.path)
  const taken = new Set(around.names.map(({ name }) => name.name))
  return (other?.module.items ?? []).flatMap((item): Completion[] => {
    if (item.kind !== 'function' || taken.has(item.name.name)) return []
    const { snippet: _, ...completion } = functionCompletion(item.name.name, item)
    return [completion]
  })
}
