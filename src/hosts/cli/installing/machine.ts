import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { packageRoot } from '../../../tasks/package-root.ts'
import type { World } from '../world.ts'

/** What an installation of TensorFlow has to know of the machine. */
export interface Machine {
  /** As Node says it: `linux`. */
  readonly platform: string
  /** As Node says it: `x64`. */
  readonly arch: string
  /** Whether programs use the GNU C library; musl, of Alpine Linux, cannot load what is built for it. */
  readonly hasGlibc: boolean
  /** The version of Node's C interface. */
  readonly napi: number
  /** The folder of packages that optc finds tfjs-core in; absolute. */
  readonly packages: string
  /** The folder for what is kept between installations; absolute. */
  readonly home: string
  /** The folder that Node's C headers are in where they came with it. */
  readonly headers: string
  /** The command line that tries the backend, and exits with 0 where it works. */
  readonly trial: readonly [program: string, ...arguments_: string[]]
  readonly env: World['env']
}

/** This machine. */
export function thisMachine({ env }: Pick<World, 'env'>): Machine {
  const report = process.report.getReport() as { readonly header?: object }
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return {
    platform: process.platform,
    arch: process.arch,
    hasGlibc: report.header !== undefined && 'glibcVersionRuntime' in report.header,
    napi: Number(process.versions['napi']),
    packages: packagesFolder(packageRoot()),
    home: resolve(cache, 'optc'),
    headers: resolve(dirname(process.execPath), '..', 'include', 'node'),
    trial: [process.execPath, join(packageRoot(), 'dist', 'optc.cjs'), 'doctor', 'tensorflow'],
    env,
  }
}

/** The folder of packages in which the package at `root` finds tfjs-core: the nearest one upwards that holds it. */
export function packagesFolder(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const packages = basename(folder) === 'node_modules' ? folder : join(folder, 'node_modules')
    if (existsSync(join(packages, '@tensorflow', 'tfjs-core', 'package.json'))) return packages
    if (folder === dirname(folder)) return join(root, 'node_modules')
  }
}
