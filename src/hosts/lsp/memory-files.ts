import type { Files } from './files.ts'

const PREFIX = 'memory:///'

/**
 * Files in memory: `texts` of a workspace by their paths, and those of the standard library by their names. The file `a.opt` has
 * the URI `memory:///a.opt`, a file of the library `memory:///std/adam`.
 */
export function memoryFiles(
  texts: Readonly<Record<string, string>>,
  library: Readonly<Record<string, string>>,
): Files {
  const find = (from: Readonly<Record<string, string>>, path: string): string | undefined =>
    Object.hasOwn(from, path) ? from[path] : undefined
  return {
    pathOf: (uri) => (uri.startsWith(PREFIX) ? uri.slice(PREFIX.length) : uri),
    uriOf: (path) => `${PREFIX}${path}`,
    read: (path) => {
      const text = find(texts, path) ?? find(library, path)
      return text === undefined ? undefined : { path, text }
    },
    list: () => Object.keys(texts),
    libraryNames: Object.keys(library).filter((name) => name.split('/').length === 2),
    open: () => undefined,
    forget: () => undefined,
  }
}
