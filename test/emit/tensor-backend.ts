import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { BACKEND_LOADERS } from '../../src/runtime/backend-loaders.ts'
import { provideSoftwareVulkan } from '../runtime/software-vulkan.ts'

/** A backend that tests of tensors run on. */
export type TensorBackend = 'cpu' | 'wasm' | 'webgpu'

/** Makes `name` the backend of the test file. */
export async function useBackend(name: TensorBackend): Promise<void> {
  tf.enableProdMode()
  if (name === 'wasm') {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
    setWasmPaths(`${folder}/`)
  }
  if (name === 'webgpu') {
    const missing = await loadWebgpu()
    if (missing !== undefined) throw new Error(missing)
  }
  if (!(await tf.setBackend(name))) throw new Error(`there is no backend ${name}`)
  await tf.ready()
}

/** The backends there are: without an adapter for webgpu, which a line says, the other two. */
export async function tensorBackends(): Promise<TensorBackend[]> {
  const missing = await loadWebgpu()
  if (missing === undefined) return ['cpu', 'wasm', 'webgpu']
  console.log(`not tested on webgpu: ${missing}`)
  return ['cpu', 'wasm']
}

let loaded: Promise<string | undefined> | undefined

/** Loads the backend webgpu, on the processor where there is no graphics card. Says what is missing. */
function loadWebgpu(): Promise<string | undefined> {
  provideSoftwareVulkan()
  const loader = BACKEND_LOADERS.find(({ name }) => name === 'webgpu')!
  loaded ??= loader.load().then(({ missing }) => missing)
  return loaded
}
