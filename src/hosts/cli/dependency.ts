import { readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { PACKAGE_NAME, packageRoot } from '../../tasks/package-root.ts'
import { packageVersion } from './package.ts'

/** How another package.json depends on this package. */
export interface Dependency {
  /** A version of the registry, or the tarball, repository or folder that the running copy is from. */
  readonly from: string
  /** False when nothing says where the copy is from, as in global installations; then the registry is a guess. */
  readonly isKnown: boolean
}

/** Where another project gets the copy of this package that runs. */
export function packageDependency(): Dependency {
  const root = packageRoot()
  const end = root.lastIndexOf(`${sep}node_modules${sep}`)
  return end < 0 ? { from: `file:${root}`, isKnown: true } : installedFrom(root.slice(0, end))
}

/** What npm writes down of the packages it installs in a folder. */
const LOCK = z.object({
  packages: z.object({
    [`node_modules/${PACKAGE_NAME}`]: z.object({ resolved: z.string() }),
  }),
})

/** What npm wrote down of the copy in the node_modules of `project`. */
function installedFrom(project: string): Dependency {
  const registry = `^${packageVersion()}`
  let written: string
  try {
    written = readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')
  } catch {
    return { from: registry, isKnown: false }
  }
  const { success, data } = LOCK.safeParse(JSON.parse(written))
  const resolved = success ? data.packages[`node_modules/${PACKAGE_NAME}`]?.resolved : undefined
  if (resolved === undefined) return { from: registry, isKnown: false }
  if (resolved.startsWith('file:'))
    return { from: `file:${resolve(project, resolved.slice('file:'.length))}`, isKnown: true }
  // Registries, also mirrors, have tarballs of a package under `/-/`.
  return { from: resolved.includes('/-/') ? registry : resolved, isKnown: true }
}
