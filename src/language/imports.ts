import type { Source } from '../diagnostics/source.ts'

/** A file of the standard library by its name, `std/NAME`; undefined when there is none. */
export type LibraryReader = (name: string) => Source | undefined

const PREFIX = 'std/'
const SPACES = `${PREFIX}spaces/`

/** Whether a name is written like one of the standard library, `std/NAME` or `std/FOLDER/NAME`. */
export function isLibraryName(name: string): boolean {
  return /^std\/[\w-]+(\/[\w-]+)?$/.test(name)
}

/**
 * The path of an import: `std/NAME` stays, `./` and `../` are taken from the folder of `from`, whose parts are divided by
 * slashes. Undefined for others, and for files that library files would import.
 */
export function resolveImport(specifier: string, from: string): string | undefined {
  if (isLibraryName(specifier)) return specifier
  if (!/^\.\.?\//.test(specifier) || isLibraryName(from)) return undefined
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '.' || part === '') continue
    const last = parts.at(-1)
    if (part !== '..') parts.push(part)
    else if (last === undefined || last === '..') parts.push('..')
    else if (last !== '') parts.pop()
  }
  return parts.join('/')
}

/** Of the names of all library files those that are not search spaces, in the order they are listed in. */
export function libraryFiles(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !name.startsWith(SPACES))
    .sort(new Intl.Collator('en', { numeric: true }).compare)
}

/** Of the names of all library files the search spaces, without what is before their names, sorted. */
export function librarySpaces(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.startsWith(SPACES))
    .map((name) => name.slice(SPACES.length))
    .sort()
}
