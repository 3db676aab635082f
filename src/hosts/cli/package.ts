import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryFiles, librarySpaces } from '../../language/imports.ts'
import { packageRoot } from '../../tasks/package-root.ts'

/** What stands in the package.json of this package. */
interface PackageDescription {
  readonly version: string
  /** What only some of it needs, and people install beside it: all are optional. */
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

/** The package.json of this package. */
export function packageDescription(): PackageDescription {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8')
  return JSON.parse(text) as PackageDescription
}

/** The version of this package. */
export function packageVersion(): string {
  return packageDescription().version
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
