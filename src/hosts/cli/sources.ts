import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceLookup } from '../../diagnostics/render-place.ts'
import type { Source } from '../../diagnostics/source.ts'
import { isLibraryName, resolveImport, type LibraryReader } from '../../language/imports.ts'
import { decodeSource } from './decode.ts'
import { failure } from './failure.ts'
import { libraryFolder } from './package.ts'

/** The path standard input is shown under. */
export const STDIN = '<stdin>'

/** No program is near this size; bytes. */
const LARGEST_FILE = 16 * 2 ** 20

/** The files of one run, each read once. Paths are those of `pathOf`, `std/NAME` or `<stdin>`. */
export interface Sources {
  /** The text of a file. Throws a failure that says why it cannot be read. */
  readonly read: (path: string) => Source
  /** Gives `<stdin>` its content. */
  readonly provideStdin: (bytes: Uint8Array) => void
  readonly loader: ModuleLoader
  /** The files of the standard library. Throws a failure for one that cannot be read. */
  readonly library: LibraryReader
  /** The text of a file that was read. */
  readonly sourceOf: SourceLookup
  /** What was wrong with the bytes of a file that was read; empty when nothing was. */
  readonly problemsOf: (path: string) => readonly Diagnostic[]
  /** The absolute paths of the files read, those of the library apart. */
  readonly files: () => readonly string[]
  /** Reads a file anew when it is next wanted. */
  readonly forget: () => void
}

interface Reading {
  readonly source: Source
  readonly problems: readonly Diagnostic[]
}

/** The sources seen from the folder `cwd`. */
export function createSources(cwd: string): Sources {
  const readings = new Map<string, Reading>()
  let stdin: Uint8Array | undefined

  const load = (path: string): Reading => {
    let reading = readings.get(path)
    if (reading === undefined) {
      const bytes =
        path === STDIN && stdin !== undefined ? stdin : readBytes(locationOf(path, cwd), path)
      const { value, diagnostics } = decodeSource(path, bytes)
      reading = { source: value, problems: diagnostics }
      readings.set(path, reading)
    }
    return reading
  }

  return {
    read: (path) => load(path).source,
    provideStdin: (bytes) => {
      stdin = bytes
    },
    loader: (specifier, from) => {
      const path = importedPath(specifier, from, cwd)
      if (path === undefined) return undefined
      try {
        return load(path).source
      } catch {
        return undefined
      }
    },
    library: (name) => (isInLibrary(name) ? load(name).source : undefined),
    sourceOf: (path) => readings.get(path)?.source,
    problemsOf: (path) => readings.get(path)?.problems ?? [],
    files: () =>
      [...readings.keys()]
        .filter((path) => path !== STDIN && !path.startsWith('std/'))
        .map((path) => locationOf(path, cwd)),
    forget: () => {
      for (const path of readings.keys()) if (!path.startsWith('std/')) readings.delete(path)
    },
  }
}

/** How the file at a written path is called everywhere: relative to `cwd` when it is below it, absolute otherwise. */
export function pathOf(written: string, cwd: string): string {
  const absolute = resolve(cwd, written)
  const below = relative(cwd, absolute)
  const path = below === '' || below.startsWith('..') || isAbsolute(below) ? absolute : below
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** Where a path of `pathOf` or a library name is on disk. */
export function locationOf(path: string, cwd: string): string {
  return isLibraryName(path)
    ? resolve(libraryFolder(), `${path.slice('std/'.length)}.opt`)
    : resolve(cwd, path)
}

/** The path of an import: `std/NAME`, or a file relative to the one that imports. */
function importedPath(specifier: string, from: string, cwd: string): string | undefined {
  const path = resolveImport(specifier, from === STDIN ? '' : from)
  return path === undefined || isLibraryName(path) ? path : pathOf(path, cwd)
}

function isInLibrary(name: string): boolean {
  return isLibraryName(name) && existsSync(locationOf(name, ''))
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'part of its path is not a folder',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go in a circle',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be larger than files may be here',
  EROFS: 'the disk is read-only',
  EEXIST: 'there is one already',
}

/** Why the file system refused something, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}

/** What `work` gives. Throws a failure that begins with `problem` and says why the file system refused. */
export function orFail<T>(problem: string, work: () => T, help?: string): T {
  try {
    return work()
  } catch (error) {
    throw failure('failed', `${problem}: ${reasonOf(error)}`, help)
  }
}

function readBytes(location: string, path: string): Uint8Array {
  let descriptor: number | undefined
  try {
    descriptor = openSync(location, 'r')
    const chunks: Uint8Array[] = []
    let size = 0
    // Not readFile: a device may never end.
    while (size <= LARGEST_FILE) {
      const chunk = new Uint8Array(64 * 1024)
      const count = readSync(descriptor, chunk)
      if (count === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, count))
      size += count
    }
  } catch (error) {
    throw failure('failed', `cannot read ${path}: ${reasonOf(error)}`)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  throw failure('failed', `cannot read ${path}: it is larger than ${LARGEST_FILE / 2 ** 20} MiB`)
}
