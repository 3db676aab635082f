import * as tf from '@tensorflow/tfjs-core'
import type { KernelCall, Values } from './kernel.ts'
import { threefry } from './random.ts'

/** The part of the tfjs cpu backend that kernels use, and that its typings leave out. */
export interface CpuBackend {
  data: { get(dataId: object): { values: unknown } }
  refCount(dataId: object): number
}

/** Runs a kernel on the values of tensors of the cpu backend. */
export function runOnCpu(call: KernelCall): tf.Tensor[] {
  const { kernel, changed, shapes, read, numbers, sizes, keys, step } = call
  const backend = tf.backend() as unknown as CpuBackend
  const own = changed.map((variable, index) => ownValues(backend, variable, index === 0))
  const made = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape(shape)))
  const given = read.map((tensor) => valuesOf(backend, tensor))
  const draws = keys.map((key) => (element: number) => threefry(key, step, element)[0])
  kernel.cpu([...own, ...made, ...given], numbers.map(Math.fround), sizes, draws)
  for (const [index, variable] of changed.entries()) {
    if (own[index] !== backend.data.get(variable.dataId).values)
      variable.assign(floatTensor(own[index]!, variable.shape))
  }
  return made.map((values, index) => floatTensor(values, shapes[index]!))
}

/** A tensor that holds these values themselves. */
export function floatTensor(values: Float32Array, shape: number[]): tf.Tensor {
  return tf.engine().makeTensor(values, shape, 'float32')
}

/** The values of a tensor; those in the backend's memory where they are floats there. */
export function valuesOf(backend: CpuBackend, tensor: tf.Tensor): Float32Array {
  const { values } = backend.data.get(tensor.dataId)
  return values instanceof Float32Array ? values : Float32Array.from(tensor.dataSync())
}

/**
 * The values of a variable for a kernel that changes them: a copy where another tensor has them too, or `isRead`, since this
 * backend hands out its own arrays to whoever reads weights.
 */
export function ownValues(
  backend: CpuBackend,
  variable: tf.Variable,
  isRead: boolean,
): Float32Array {
  const values = valuesOf(backend, variable)
  return isRead || backend.refCount(variable.dataId) > 1 ? values.slice() : values
}

/** As many zeros, for 32-bit numbers. */
export function floats(count: number): Values {
  return new Float32Array(count)
}

/** As many zeros, for what is added up in 64 bits. */
export function doubles(count: number): Values {
  return new Float64Array(count)
}
