import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { test } from 'vitest'
import { BACKEND_LOADERS } from '../../src/runtime/backend-loaders.ts'

/** Backends that need not be there: WebGPU wants an adapter, TensorFlow a native library. */
const OPTIONAL = ['webgpu', 'tensorflow'] as const
type OptionalBackend = (typeof OPTIONAL)[number]

/** A backend that tests of tensors run on. */
export type TensorBackend = 'cpu' | 'wasm' | OptionalBackend

/** Makes `name` the backend of the test file. */
export async function useBackend(name: TensorBackend): Promise<void> {
  tf.enableProdMode()
  if (name === 'wasm') {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
    setWasmPaths(`${folder}/`)
  }
  if (isOptional(name)) {
    const missing = await load(name)
    if (missing !== undefined) throw new Error(missing)
  }
  // Otherwise the backend leaves small tensors whose numbers the processor has to the kernels of backend cpu.
  if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false)
  if (!(await tf.setBackend(name))) throw new Error(`there is no backend ${name}`)
  await tf.ready()
}

/**
 * Those of `wanted` that are there. For each of the others the file that asks has a test that is skipped, and a line says why it is
 * left out.
 */
export async function tensorBackends(
  wanted: readonly TensorBackend[] = ['cpu', 'wasm', ...OPTIONAL],
): Promise<TensorBackend[]> {
  const found: TensorBackend[] = []
  for (const name of wanted) {
    const missing = isOptional(name) ? await load(name) : undefined
    if (missing === undefined) found.push(name)
    else leaveOut(`on ${name}`, missing)
  }
  return found
}

/** A test that is skipped, and a line that says why. */
export function leaveOut(what: string, reason: string): void {
  console.log(`not tested ${what}: ${reason}`)
  test.skip(`${what}: ${reason}`, () => undefined)
}

const isOptional = (name: TensorBackend): name is OptionalBackend =>
  OPTIONAL.some((optional) => optional === name)

const loaded = new Map<OptionalBackend, Promise<string | undefined>>()

/** Loads a backend, WebGPU on the processor where there is no graphics card. Says what is missing. */
function load(name: OptionalBackend): Promise<string | undefined> {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const loader = BACKEND_LOADERS.find((each) => each.name === name)!
  const made = loader.load().then(({ missing }) => missing)
  loaded.set(name, made)
  return made
}
