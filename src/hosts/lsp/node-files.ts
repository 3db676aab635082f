import { readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { globSync } from 'tinyglobby'
import { isLibraryName } from '../../language/imports.ts'
import { libraryFolder } from '../cli/package.ts'
import { createSources, locationOf, pathOf, type Sources } from '../cli/sources.ts'
import type { Files } from './files.ts'

/** More programs than these are not looked through for references and symbols. */
const MOST_FILES = 2000

/** The files of this machine. Until a workspace is opened, paths count from `folder`. */
export function nodeFiles(folder: string): Files {
  let cwd = folder
  let roots: readonly string[] = []
  let sources: Sources = createSources(cwd)
  let listed: readonly string[] | undefined
  return {
    libraryNames: libraryFiles(),
    pathOf: (uri) => {
      const file = fileOf(uri)
      return file === undefined ? uri : (libraryName(file) ?? pathOf(file, cwd))
    },
    uriOf: (path) =>
      /^[a-z][a-z0-9+.-]+:/i.test(path) && !isLibraryName(path)
        ? path
        : pathToFileURL(locationOf(path, cwd)).href,
    read: (path) => {
      try {
        return sources.read(path)
      } catch {
        return undefined
      }
    },
    list: () =>
      (listed ??= roots
        .flatMap((root) => programsBelow(root))
        .slice(0, MOST_FILES)
        .map((file) => pathOf(file, cwd))),
    open: (folders) => {
      roots = folders.flatMap((uri) => fileOf(uri) ?? [])
      cwd = roots[0] ?? folder
      sources = createSources(cwd)
      listed = undefined
    },
    forget: () => {
      sources.forget()
      listed = undefined
    },
  }
}

/** The file a URI names; undefined for documents that are none. */
function fileOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined
  } catch {
    return undefined
  }
}

function programsBelow(root: string): readonly string[] {
  try {
    return globSync('**/*.opt', {
      cwd: root,
      absolute: true,
      ignore: ['**/node_modules/**', '**/.*/**'],
      followSymbolicLinks: false,
    })
  } catch {
    return []
  }
}

function libraryFiles(): readonly string[] {
  return readdirSync(libraryFolder())
    .filter((file) => file.endsWith('.opt'))
    .map((file) => `std/${basename(file, '.opt')}`)
}

/** The name of a file of the standard library, where a path is one. */
function libraryName(file: string): string | undefined {
  const folder = libraryFolder()
  const inside = relative(folder, resolve(file))
  if (inside.startsWith('..') || !inside.endsWith('.opt')) return undefined
  const name = `std/${join(dirname(inside), basename(inside, '.opt')).split(sep).join('/')}`
  return isLibraryName(name) ? name : undefined
}
