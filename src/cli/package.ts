import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { libraryFiles, librarySpaces } from '../language/imports.ts'
import { packageRoot } from '../tasks/package-root.ts'

/** The version of this package. */
export function packageVersion(): string {
  const description: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))
  const known = typeof description === 'object' && description !== null && 'version' in description
  return known ? String(description.version) : 'unknown'
}

/** How another package.json depends on this package: its version, or the folder of a copy that npm did not install. */
export function packageDependency(): string {
  const root = packageRoot()
  return root.split(sep).includes('node_modules') ? `^${packageVersion()}` : `file:${root}`
}

/** Absolute path of the folder with the standard library. */
export function libraryFolder(): string {
  return join(packageRoot(), 'stdlib')
}

/** The names of the standard library's files as they are written, `std/adam`, sorted. */
export function libraryNames(): readonly string[] {
  return libraryFiles(namesIn('std'))
}

/** The names of the standard library's search spaces, sorted. */
export function spaceNames(): readonly string[] {
  return librarySpaces(namesIn('std/spaces'))
}

/** The files of a folder of the library by the names they are imported under. */
function namesIn(folder: string): string[] {
  return readdirSync(join(libraryFolder(), folder.slice('std'.length)))
    .filter((file) => file.endsWith('.opt'))
    .map((file) => `${folder}/${file.slice(0, -'.opt'.length)}`)
}
