import * as tf from '@tensorflow/tfjs-core'
import { importOptional } from './optional-package.ts'

/** The packages that bring TensorFlow's backend, the one that is looked for first at the front. Their code is the same. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

/** What builds the backend where the packages' own installation could not fetch TensorFlow. */
const REMEDY = '`optc doctor --install tensorflow` builds it'

/** Node's release that begins to warn about the functions below; the next one has removed them. */
const FIRST_NODE_THAT_WARNS = 22

/**
 * Gives `util`, the module of `node`, the two functions that the packages still call: Node 23 has removed them, and 22 writes
 * a warning where they are used. An older Node keeps its own.
 */
export function provideRemovedFunctions(util: object, node: string): void {
  if (Number.parseInt(node, 10) < FIRST_NODE_THAT_WARNS) return
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  })
}

/** Loads the first package that is there; `missing` says in one sentence why none works. */
export async function loadTensorflow(): Promise<{
  readonly detail: Record<string, string>
  readonly missing?: string
}> {
  if (typeof process === 'undefined') return { detail: {}, missing: 'it is for Node' }
  // TensorFlow reports every instruction set it was not built for on standard error.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  provideRemovedFunctions(process.getBuiltinModule('node:util'), process.versions.node)
  const failures: string[] = []
  for (const name of TENSORFLOW_PACKAGES) {
    const found = await importOptional(name)
    if (found.kind === 'loaded')
      return { detail: { package: `${name} ${packageVersion(found.module)}` } }
    if (found.kind === 'broken') failures.push(`${name} ${libraryProblem(found.reason)}`)
  }
  const problem = failures[0] ?? `neither ${TENSORFLOW_PACKAGES.join(' nor ')} is installed`
  return { detail: {}, missing: `${problem}; ${REMEDY}` }
}

/** What is wrong with a package that is there, where the error of its loader says more than a person has to know. */
function libraryProblem(reason: string): string {
  if (/native addon module .*can not be found/.test(reason))
    return 'is installed without its native library'
  const [, library] = /^(\S+\.so\S*): cannot open shared object file/.exec(reason) ?? []
  return library === undefined ? `does not load: ${reason}` : `has lost ${library}`
}

/** The packages tell their version among those of the libraries they are made of. */
function packageVersion(module: unknown): string {
  const { version } = module as { readonly version?: Readonly<Record<string, unknown>> }
  return String(version?.['tfjs-node'] ?? 'of unknown version')
}

/** The version of the library, its device and its threads: of the backend that is set. */
export function describeTensorflow(): Record<string, string> {
  const backend = tf.backend() as {
    readonly binding?: { readonly TF_Version?: unknown }
    readonly isUsingGpuDevice?: unknown
  }
  return {
    TensorFlow: String(backend.binding?.TF_Version ?? 'of unknown version'),
    device: backend.isUsingGpuDevice === true ? 'gpu' : 'cpu',
    threads: String(threadCount()),
  }
}

/** Threads that TensorFlow computes one operation with: as its library counts them. */
function threadCount(): number {
  const wanted = Number.parseInt(process.env['TF_NUM_INTRAOP_THREADS'] ?? '', 10)
  return wanted > 0 ? wanted : process.getBuiltinModule('node:os').availableParallelism()
}

/** What NVIDIA's driver puts there on Linux, and on Linux inside Windows. */
const DEVICE_FILES = ['/dev/nvidiactl', '/dev/dxg']

/** Whether TensorFlow may find a GPU; elsewhere than on Linux and macOS it has to be loaded to know. */
export function mayHaveGpu(): boolean {
  if (typeof process === 'undefined' || process.platform === 'darwin') return false
  if (process.platform !== 'linux') return true
  const { existsSync } = process.getBuiltinModule('node:fs')
  return DEVICE_FILES.some((file) => existsSync(file))
}
