import * as tf from '@tensorflow/tfjs-core'
import { runOnCpu } from './kernel-cpu.ts'
import type { Kernel, KernelCall, KernelExtent, KernelParts, Made } from './kernel.ts'
import { runOnWasm, usableWasm } from './kernel-wasm.ts'
import { runOnWebgpu, usableWebgpu } from './kernel-webgpu.ts'
import { streamKey } from './random.ts'

/** A kernel that has not been run. */
export function createKernel<const Makes extends readonly KernelExtent[]>(
  parts: KernelParts<Makes>,
): Kernel<Makes> {
  return { ...parts, linked: undefined, shader: undefined }
}

/**
 * Whether the backend in use runs kernels, for a variable and its gradient; `buffers`: the most tensors, and room beside them,
 * that one of the kernels has.
 */
export function runsKernels(w: tf.Variable, g: tf.Tensor, buffers: number): boolean {
  if (w.dtype !== 'float32' || g.dtype !== 'float32') return false
  // Buffers of WebGPU have at least one number.
  if (w.size > 0 && usableWebgpu(buffers) !== undefined) return true
  return tf.getBackend() === 'cpu' || usableWasm() !== undefined
}

/** What random numbers are drawn for: the seed, the index of the parameter, the step. */
export type KernelStream = [seed: number, parameter: number, step: number]

/**
 * Runs a kernel for a variable on the backend in use, with numbers in the place of conditions; gives the tensors that it makes.
 * A tensor that it changes whose values others have too gets values of its own.
 */
export function runKernel<Makes extends readonly KernelExtent[]>(
  kernel: Kernel<Makes>,
  w: tf.Variable,
  tensors: tf.Tensor[],
  numbers: (number | boolean)[],
  [seed, parameter, step]: KernelStream = [0, 0, 0],
): Made<Makes> {
  const outputs = w.shape.at(-1) ?? 1
  const inputs = w.shape.slice(0, -1).reduce((count, length) => count * length, 1)
  const call: KernelCall = {
    kernel,
    changed: tensors.slice(0, kernel.changes) as tf.Variable[],
    shapes: kernel.makes.map((extent) => shapeOf(extent, w.shape)),
    read: tensors.slice(kernel.changes),
    numbers: numbers.map((number) => Number(number)),
    sizes: { elements: w.size, inputs, outputs },
    keys: kernel.draws.map(([name, site]) => streamKey(name, seed, site, parameter)),
    step,
  }
  const wasm = usableWasm()
  if (wasm !== undefined) return runOnWasm(call, wasm) as Made<Makes>
  const webgpu = usableWebgpu(0)
  return (webgpu === undefined ? runOnCpu(call) : runOnWebgpu(call, webgpu)) as Made<Makes>
}

/** The shape of a tensor with one number for each of what `extent` says, for a variable of that shape. */
export function shapeOf(extent: KernelExtent, shape: number[]): number[] {
  if (extent === 'element') return shape
  if (extent === 'one') return []
  const isOutput = (axis: number): boolean => axis === shape.length - 1
  return shape.map((length, axis) => (isOutput(axis) === (extent === 'per output') ? length : 1))
}
