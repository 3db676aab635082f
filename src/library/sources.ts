import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Source } from '../diagnostics/source.ts'
import { isLibraryName, resolveImport } from '../language/imports.ts'
import { parse } from '../syntax/parse.ts'
import { standardLibrary } from './standard-library.ts'

/**
 * Gives the text of an imported file by its path (as `resolveImport` has it), or undefined when there is none; may be
 * asynchronous. A loader that throws or rejects counts as one that found nothing.
 */
export type Load = (path: string) => string | undefined | Promise<string | undefined>

/** Where a program stands and where its imports come from. */
export interface SourceOptions {
  /** The path diagnostics show and relative imports start from; `main.opt` when absent. */
  readonly path?: string
  /** Finds the files that `./` and `../` import; the standard library is always there. */
  readonly load?: Load
}

/** A program's text with its path. */
export function sourceOf(text: string, { path = 'main.opt' }: SourceOptions): Source {
  return { path, text }
}

/** A file of the standard library; undefined when there is none of that name. */
export function librarySource(name: string): Source | undefined {
  return Object.hasOwn(standardLibrary, name)
    ? { path: name, text: standardLibrary[name]! }
    : undefined
}

/** A loader for the checker that finds the standard library alone. */
export const libraryLoader: ModuleLoader = (specifier) => librarySource(specifier)

/** A loader for the checker, which does not wait: everything that `source` imports is read beforehand. Never rejects. */
export async function prefetch(source: Source, load: Load | undefined): Promise<ModuleLoader> {
  const known = new Map<string, Source | undefined>([[source.path, source]])
  const read = async ({ path, text }: Source): Promise<void> => {
    const wanted = parse({ path, text }).value.items.flatMap((item) => {
      const found = item.kind === 'import' ? resolveImport(item.from.value, path) : undefined
      return found === undefined || isLibraryName(found) || known.has(found) ? [] : [found]
    })
    // Told apart before any is awaited, so that files that import each other are read once.
    for (const each of wanted) known.set(each, undefined)
    await Promise.all(
      [...new Set(wanted)].map(async (each) => {
        const found = await loadQuietly(load, each)
        if (found === undefined) return
        const next = { path: each, text: found }
        known.set(each, next)
        await read(next)
      }),
    )
  }
  await read(source)
  return (specifier, from) => {
    const path = resolveImport(specifier, from)
    if (path === undefined) return undefined
    return isLibraryName(path) ? librarySource(path) : known.get(path)
  }
}

async function loadQuietly(load: Load | undefined, path: string): Promise<string | undefined> {
  try {
    return await load?.(path)
  } catch {
    return undefined
  }
}
