import type { ModuleLoader } from '../../../src/resolve/resolution.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { standardLibrary } from '../../../src/library/standard-library.ts'
import { createAnalysis, type Analysis } from '../../../src/language/editor/analysis.ts'
import type { Workspace } from '../../../src/language/editor/workspace.ts'
import { isLibraryName, resolveImport } from '../../../src/language/imports.ts'

/** An analysis of a program that imports the library and nothing else. */
export function analysisOf(text: string, path = 'main.opt'): Analysis {
  return createAnalysis({ path, text }, libraryLoader)
}

/** The programs of the library, as files of one's own. */
export const libraryPrograms: readonly Analysis[] = Object.entries(standardLibrary)
  .filter(([name]) => name !== 'std/prelude' && !name.includes('/spaces/'))
  .map(([name, text]) => analysisOf(text, `${name.slice('std/'.length)}.opt`))

/** A workspace of files by their paths. */
export function workspaceOf(texts: Readonly<Record<string, string>>): Workspace {
  const known = new Map<string, Analysis>()
  const loader: ModuleLoader = (specifier, from) => {
    const path = resolveImport(specifier, from)
    if (path === undefined) return undefined
    if (isLibraryName(path)) return libraryLoader(path, from)
    return Object.hasOwn(texts, path) ? { path, text: texts[path]! } : undefined
  }
  const analyzed = (path: string): Analysis | undefined => {
    const source = loader(isLibraryName(path) ? path : `./${path}`, 'main.opt')
    if (source === undefined) return undefined
    let analysis = known.get(path)
    if (analysis === undefined) known.set(path, (analysis = createAnalysis(source, loader)))
    return analysis
  }
  return {
    loader,
    modules: () => Object.keys(texts).flatMap((path) => analyzed(path) ?? []),
    library: (name) => (isLibraryName(name) ? analyzed(name) : undefined),
    libraryNames: Object.keys(standardLibrary).filter((name) => !name.includes('/spaces/')),
  }
}

/** The text with the place of `|` taken out, and that place. */
export function marked(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf('|')
  return { text: text.slice(0, offset) + text.slice(offset + 1), offset }
}

/** The text with the places of `«` and `»` taken out, and what is between them. */
export function selected(text: string): {
  readonly text: string
  readonly span: { readonly start: number; readonly end: number }
} {
  const start = text.indexOf('«')
  const end = text.indexOf('»') - 1
  return { text: text.replace(/[«»]/g, ''), span: { start, end } }
}
