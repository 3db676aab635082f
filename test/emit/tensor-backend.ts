import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { test } from 'vitest'
import { loadTensorflow } from '../../src/runtime/tensorflow-package.ts'

/** A backend that emitted classes are tried on. */
export type TensorBackend = 'cpu' | 'wasm' | 'tensorflow'

const { missing } = await loadTensorflow()

/** The backends that are there: TensorFlow need not be. */
export const tensorBackends: readonly TensorBackend[] = [
  'cpu',
  'wasm',
  ...(missing === undefined ? (['tensorflow'] as const) : []),
]

/** A test that is skipped and says why TensorFlow is left out; none where it is there. */
export function noteWhatIsLeftOut(): void {
  if (missing !== undefined) test.skip(`on tensorflow: ${missing}`, () => undefined)
}

/** Makes `name` the backend of the test file. */
export async function useBackend(name: TensorBackend): Promise<void> {
  tf.enableProdMode()
  if (name === 'wasm') {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
    setWasmPaths(`${folder}/`)
  }
  if (!(await tf.setBackend(name))) throw new Error(`there is no backend ${name}`)
  await tf.ready()
}
