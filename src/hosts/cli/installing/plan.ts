import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TENSORFLOW_PACKAGES } from '../../../runtime/tensorflow-package.ts'
import { failure } from '../failure.ts'
import { packageDescription } from '../package.ts'
import type { Machine } from './machine.ts'
import { findProgram, runProgram } from './run-program.ts'

/** The release of TensorFlow whose C interface the packages' binding is built against. */
export const TENSORFLOW_VERSION = '2.15.1'

/** The libraries inside TensorFlow's wheel, the one with the C interface first. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

/** Where a wheel that was fetched and not yet unpacked stands in its folder. */
const WHEEL = new RegExp(`^tensorflow_cpu-${TENSORFLOW_VERSION.replaceAll('.', '\\.')}-.*\\.whl$`)

/** Sizes in megabytes: what is fetched, and what it takes on the disk. */
export const SIZES = { package: [75, 220], wheel: [207, 615], headers: [0.1, 0.3] } as const

/** What a machine has already, and what it takes to build the rest. */
export interface Plan {
  readonly package: {
    readonly name: string
    readonly version: string
    readonly folder: string
    readonly isThere: boolean
  }
  /** TensorFlow's library and headers, unpacked. */
  readonly library: { readonly folder: string; readonly isThere: boolean }
  /** The wheel that they are unpacked from, where it has been fetched. */
  readonly wheel: string | undefined
  /** Node's C headers. */
  readonly headers: { readonly folder: string; readonly isThere: boolean }
  readonly compiler: string
  /** Where a package of npm with Node's C headers is kept. */
  readonly headersPackage: string
}

/** The package that is there, or the one that optc is developed with. */
export function findPackage({ packages }: Pick<Machine, 'packages'>): Plan['package'] {
  const wanted = TENSORFLOW_PACKAGES[0]
  const there = TENSORFLOW_PACKAGES.find((name) =>
    existsSync(join(packages, name, 'binding', 'tfjs_binding.cc')),
  )
  const name = there ?? wanted
  const folder = join(packages, name)
  const version =
    there === undefined
      ? packageDescription().peerDependencies[wanted]!
      : versionIn(join(folder, 'package.json'))
  return { name, version, folder, isThere: there !== undefined }
}

/** The version that a package.json says. */
export function versionIn(path: string): string {
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version
}

/**
 * What has to be done on a machine. Throws a failure where TensorFlow cannot be built on it, or something is missing that is
 * needed for what has to be done; all that is missing is told at once.
 */
export async function planInstallation(machine: Machine, signal: AbortSignal): Promise<Plan> {
  const { platform, arch, hasGlibc, home, env } = machine
  if (platform !== 'linux' || arch !== 'x64' || !hasGlibc)
    throw failure(
      'failed',
      `TensorFlow is built on Linux with x86-64 and glibc only, and this is ${platform} ${arch}${platform === 'linux' && !hasGlibc ? ' without glibc' : ''}`,
      'the backends wasm and webgpu need nothing to be built',
    )
  const library = join(home, `tensorflow-cpu-${TENSORFLOW_VERSION}`)
  const headersPackage = join(home, 'node-api-headers')
  const headers = [machine.headers, join(headersPackage, 'node_modules/node-api-headers/include')]
  const headersThere = headers.find((folder) => existsSync(join(folder, 'node_api.h')))
  const found = findPackage(machine)
  const compiler = findProgram(env['CXX'] ? [env['CXX']] : ['g++', 'c++', 'clang++'], env)
  const isLibraryThere = existsSync(join(library, 'tensorflow', LIBRARIES[0]))
  const wheel = existsSync(home) ? readdirSync(home).find((name) => WHEEL.test(name)) : undefined

  const missing: string[] = []
  if (compiler === undefined) missing.push(`a C++ compiler (${env['CXX'] || 'g++ or clang++'})`)
  if ((!found.isThere || headersThere === undefined) && findProgram(['npm'], env) === undefined)
    missing.push('npm')
  if (!isLibraryThere) {
    if (findProgram(['python3'], env) === undefined) missing.push('python3 with pip')
    else if (wheel === undefined) {
      const options = { cwd: '/', env, signal }
      const { exitCode } = await runProgram('python3', ['-m', 'pip', '--version'], options)
      if (exitCode !== 0) missing.push('pip for python3')
    }
  }
  if (missing.length > 0)
    throw failure(
      'failed',
      `building TensorFlow's backend needs ${missing.join(' and ')}`,
      'on Debian and Ubuntu: apt-get install g++ python3-pip',
    )
  return {
    package: found,
    library: { folder: library, isThere: isLibraryThere },
    wheel: wheel === undefined ? undefined : join(home, wheel),
    headers: { folder: headersThere ?? headers[1]!, isThere: headersThere !== undefined },
    headersPackage,
    compiler: compiler!,
  }
}

/** What a plan will fetch, how large that is and where it goes, a line each. */
export function describePlan(plan: Plan): readonly string[] {
  const { package: found, library, wheel, headers, compiler } = plan
  const fetched = (
    from: string,
    what: string,
    [megabytes, unpacked]: readonly [number, number],
    folder: string,
  ): string => `fetch ${megabytes} MB from ${from}: ${what}; ${unpacked} MB in ${folder}`
  const there = (what: string, folder: string): string => `there already: ${what} in ${folder}`
  const name = `${found.name} ${found.version}`
  const tensorflow = `tensorflow-cpu ${TENSORFLOW_VERSION}`
  return [
    found.isThere
      ? there(name, found.folder)
      : fetched('npm', `${name} and what it needs`, SIZES.package, found.folder),
    library.isThere
      ? there(tensorflow, library.folder)
      : wheel === undefined
        ? fetched('PyPI', `the wheel of ${tensorflow}`, SIZES.wheel, library.folder)
        : `unpack ${SIZES.wheel[1]} MB of ${wheel} in ${library.folder}`,
    ...(headers.isThere
      ? []
      : [fetched('npm', "Node's C headers", SIZES.headers, plan.headersPackage)]),
    `compile the package's binding with ${compiler}, which takes up to half a minute`,
  ]
}
