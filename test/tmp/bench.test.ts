import * as tf from '@tensorflow/tfjs-core'
import { test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { library } from '../stdlib/library.ts'
import { useBackend } from '../emit/tensor-backend.ts'
const median = (x: number[]) => x.sort((a, b) => a - b)[x.length >> 1]!
async function time(make: () => tf.Optimizer, sizes: number[], steps: number) {
  const vars = sizes.map((n, i) => tf.variable(tf.fill([n], 0.5), true, `v${i}_${Math.random()}`))
  const grads = vars.map((v) => ({ name: v.name, tensor: tf.fill(v.shape, 0.01) }))
  const o = make()
  const times: number[] = []
  for (let t = 0; t < steps; t++) {
    const s = performance.now()
    o.applyGradients(grads as any)
    if (t > 2) times.push(performance.now() - s)
  }
  o.dispose(); tf.dispose(vars); tf.dispose(grads.map((g) => g.tensor))
  return median(times)
}
test('bench', async () => {
  for (const backend of ['wasm', 'cpu'] as const) {
    await useBackend(backend)
    for (const name of ['sgd', 'adam', 'lion', 'opt6', 'opt10', 'adafactor', 'prodigy']) {
      const { programs, functions } = library(name)
      const t0 = performance.now()
      const [K] = (await loadPrograms(programs, functions, tf, true)).optimizers.values()
      const t1 = performance.now()
      const [C] = (await loadPrograms(programs, functions, tf, false)).optimizers.values()
      const shape = [1_000_000]
      const n = backend === 'cpu' ? 8 : 25
      const k = await time(() => new K!({ totalSteps: 100 }), shape, n)
      const c = await time(() => new C!({ totalSteps: 100 }), shape, n)
      const a = name === 'adam' ? await time(() => tf.train.adam() as any, shape, n) : NaN
      const small = Array.from({ length: 60 }, () => 1000)
      const ks = await time(() => new K!({ totalSteps: 100 }), small, 30)
      const as = name === 'adam' ? await time(() => tf.train.adam() as any, small, 30) : NaN
      console.log(backend, name, 'load', (t1 - t0).toFixed(1), 'kernels', k.toFixed(2), 'class', c.toFixed(2), 'tf', a.toFixed(2), 'small', ks.toFixed(3), as.toFixed(3))
    }
  }
}, 300000)
