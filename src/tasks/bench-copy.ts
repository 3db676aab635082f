import * as tf from '@tensorflow/tfjs-core'
import type { WasmBackend } from '../runtime/wasm/backend-memory.ts'
import { linkCopy } from '../runtime/wasm/copy.ts'
import type { Contestant } from './bench-optimizers.ts'

/** Bytes that a copy moves at a time. */
const PIECE = 64

/**
 * Copies half as many bytes from one place to another, so that it reads and writes `bytes` in all: on wasm with SIMD in the
 * memory of the backend, on cpu as typed arrays do. Undefined on backends whose memory is not this process's,
 * and where there is not so much.
 */
export function copyContestant(bytes: number): Contestant | undefined {
  const half = PIECE * Math.ceil(bytes / 2 / PIECE)
  if (tf.getBackend() === 'cpu') {
    const [from, to] = [new Float32Array(half / 4).fill(1), new Float32Array(half / 4)]
    return timedCopy(
      () => to.set(from),
      () => {},
    )
  }
  if (tf.getBackend() !== 'wasm') return undefined
  const backend = tf.backend() as unknown as WasmBackend
  const copy = linkCopy(backend)
  const address = backend.wasm._malloc(2 * half) >>> 0
  if (address === 0) return undefined
  return timedCopy(
    () => copy(address, address + half, half),
    () => backend.wasm._free(address),
  )
}

function timedCopy(copy: () => void, dispose: () => void): Contestant {
  return {
    time: (steps) => {
      const before = performance.now()
      for (let index = 0; index < steps; index++) copy()
      return (performance.now() - before) / 1000 / steps
    },
    dispose,
  }
}
