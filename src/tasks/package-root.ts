import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The name this package is published and imported under. Its command is `optc`. */
export const PACKAGE_NAME = 'optc-lang'

/**
 * The folder of this package: the nearest one upwards of this module whose package.json has its name. The same from the
 * sources and from a bundle. Throws an Error when there is none, which means a broken installation.
 */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url))
  for (let folder = start; ; folder = dirname(folder)) {
    const description = join(folder, 'package.json')
    if (existsSync(description) && isOurs(readFileSync(description, 'utf8'))) return folder
    if (folder === dirname(folder))
      throw new Error(`no package.json of ${PACKAGE_NAME} in any folder above ${start}`)
  }
}

function isOurs(description: string): boolean {
  const parsed: unknown = JSON.parse(description)
  const isNamed = typeof parsed === 'object' && parsed !== null && 'name' in parsed
  return isNamed && parsed.name === PACKAGE_NAME
}
