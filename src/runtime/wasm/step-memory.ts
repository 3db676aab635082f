import * as tf from '@tensorflow/tfjs-core'
import { addressOf, noteChange, type WasmBackend } from './backend-memory.ts'

const FLOAT = 4
/** What addresses are a multiple of: a line of the cache. */
const LINE = 64

/** Memory of a training step, kept from step to step. */
export interface StepMemory {
  readonly backend: WasmBackend
  /** The address of `count` floats, all zero at first. */
  readonly floats: (count: number) => number
  /** `count` floats at an address; a view that lasts while nothing is allocated, and is made anew only after that. */
  readonly view: (address: number, count: number) => Float32Array
  /** A tensor that is kept: what a step gives. */
  readonly tensor: (shape: readonly number[]) => KeptTensor
  readonly dispose: () => void
}

/** A tensor that is written in every step and handed out each time. */
export interface KeptTensor {
  /** Where to write this step's values: nobody else has what is there. */
  readonly write: () => number
  /** The tensor for the caller, who disposes of it. */
  readonly give: () => tf.Tensor
}

/** Memory of the wasm backend for the training steps of one network. */
export function createStepMemory(backend: WasmBackend): StepMemory {
  const taken: number[] = []
  const kept = new Set<tf.Tensor>()
  const views = new Map<number, Float32Array>()
  let buffer: ArrayBufferLike = backend.wasm.asm.memory.buffer

  const view = (address: number, count: number): Float32Array => {
    if (buffer !== backend.wasm.asm.memory.buffer) {
      views.clear()
      buffer = backend.wasm.asm.memory.buffer
    }
    const known = views.get(address)
    if (known?.length === count) return known
    const made = new Float32Array(buffer as ArrayBuffer, address, count)
    views.set(address, made)
    return made
  }

  const make = (shape: readonly number[]): tf.Tensor => {
    const output = backend.makeOutput(shape, 'float32')
    const tensor = tf.keep(tf.engine().makeTensorFromTensorInfo(output))
    kept.add(tensor)
    return tensor
  }

  return {
    backend,
    view,
    floats: (count) => {
      const start = backend.wasm._malloc(FLOAT * count + LINE) >>> 0
      taken.push(start)
      const address = Math.ceil(start / LINE) * LINE
      new Float32Array(backend.wasm.asm.memory.buffer, address, count).fill(0)
      return address
    },
    tensor: (shape) => {
      let own = make(shape)
      return {
        write: () => {
          if (backend.refCount(own.dataId) > 1) {
            kept.delete(own)
            own.dispose()
            own = make(shape)
          }
          noteChange(backend, own)
          return addressOf(backend, own)
        },
        give: () => {
          // The same values: tf.clone would copy them.
          backend.incRef(own.dataId)
          return tf.engine().makeTensorFromTensorInfo(own)
        },
      }
    },
    dispose: () => {
      for (const address of taken.splice(0)) backend.wasm._free(address)
      tf.dispose([...kept])
      kept.clear()
      views.clear()
    },
  }
}
