import * as tf from '@tensorflow/tfjs-core'
import type { Kernel, KernelCall, LinkedShader, WebgpuBackend, WebgpuBuffer } from './kernel.ts'

/** The WebGPU backend, where it is in use and can bind that many buffers. */
export function usableWebgpu(buffers: number): WebgpuBackend | undefined {
  if (tf.getBackend() !== 'webgpu') return undefined
  const backend = tf.backend() as unknown as WebgpuBackend
  return buffers <= backend.device.limits.maxStorageBuffersPerShaderStage ? backend : undefined
}

/** Runs a kernel on tensors of the WebGPU backend, among the commands that it has not submitted. */
export function runOnWebgpu(call: KernelCall, backend: WebgpuBackend): tf.Tensor[] {
  const { kernel, changed, shapes, read, sizes } = call
  for (const variable of changed) own(backend, variable)
  const made = shapes.map((shape) => newTensor(backend, shape))
  const changing = new Set([...changed, ...made].map((tensor) => bufferOf(backend, tensor)))
  // No buffer may be bound twice where one of the two is written.
  const others = read.map((tensor) =>
    changing.has(bufferOf(backend, tensor)) ? copyOf(backend, tensor) : tensor,
  )
  const { bytes, rows } = kernel.webgpu.room
  const floats = bytes / 4 + rows * Math.max(sizes.outputs, sizes.inputs)
  const room = bytes > 0 ? [newTensor(backend, [floats])] : []
  const tensors = [...changed, ...made, ...others, ...room]
  const { layout, pipelines } = linkedShader(kernel, backend, tensors.length)
  const buffers = tensors.map((tensor) => ({ buffer: bufferOf(backend, tensor) }))
  const bindings = [backend.makeUniforms(tableOf(call)), ...buffers]
  const group = backend.device.createBindGroup({
    layout,
    entries: bindings.map((resource, binding) => ({ binding, resource })),
  })
  for (const tensor of tensors) backend.commandQueueOwnedIds.add(tensor.dataId)
  backend.ensureCommandEncoderReady()
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass()
  for (const [index, [, over]] of kernel.webgpu.passes.entries()) {
    backend.computePassEncoder.setPipeline(pipelines[index]!)
    backend.computePassEncoder.setBindGroup(0, group)
    backend.computePassEncoder.dispatchWorkgroups(workgroups(over, call))
    backend.dispatchCountInPass++
  }
  // What was read back is not what is there any more.
  for (const { dataId } of changed) backend.tensorMap.get(dataId).values = null
  return made
}

/** The words of the shader's table, as uniforms of the backend: as many as fill fours. */
export function tableOf({ sizes, numbers, keys, step }: KernelCall): {
  type: string
  data: number[]
}[] {
  const { elements, outputs, inputs } = sizes
  const whole = (value: number): { type: string; data: number[] } => ({
    type: 'uint32',
    data: [value],
  })
  const words = [
    ...[elements, outputs, inputs, 0].map(whole),
    ...numbers.map((value) => ({ type: 'float32', data: [value] })),
    ...(keys.length > 0 ? [...keys.flat(), step].map(whole) : []),
  ]
  while (words.length % 4 !== 0) words.push(whole(0))
  return words
}

/** How many workgroups of 256 a pass has. */
export function workgroups(over: string, { sizes }: KernelCall): number {
  if (over === 'one') return 1
  const count =
    over === 'outputs' ? sizes.outputs : over === 'inputs' ? sizes.inputs : sizes.elements
  return Math.min(Math.max(1, Math.ceil(count / 256)), over === 'partials' ? 256 : 65_535)
}

/** The kernel's pipelines on the device of the backend. */
export function linkedShader(
  kernel: Kernel,
  backend: WebgpuBackend,
  buffers: number,
): LinkedShader {
  if (kernel.shader?.backend === backend) return kernel.shader
  const { device } = backend
  const { code, passes } = kernel.webgpu
  const written = kernel.changes + kernel.makes.length
  const isRead = (index: number): boolean => index >= written && index < kernel.tensors
  const compute = 4
  const storage = Array.from({ length: buffers }, (_, index) => ({
    binding: index + 1,
    visibility: compute,
    buffer: { type: isRead(index) ? 'read-only-storage' : 'storage' },
  }))
  const uniform = { binding: 0, visibility: compute, buffer: { type: 'uniform' } }
  const layout = device.createBindGroupLayout({ entries: [uniform, ...storage] })
  const module = device.createShaderModule({ code })
  const pipelines = passes.map(([entryPoint]) =>
    device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint },
    }),
  )
  kernel.shader = { backend, layout, pipelines }
  return kernel.shader
}

/** The buffer with the values of a tensor. */
export function bufferOf(backend: WebgpuBackend, { dataId }: tf.TensorInfo): WebgpuBuffer {
  backend.uploadToGPU(dataId)
  return backend.tensorMap.get(dataId).resource!
}

/** A tensor of floats whose values are still to be written. */
export function newTensor(backend: WebgpuBackend, shape: number[]): tf.Tensor {
  const info = backend.makeTensorInfo(shape, 'float32')
  return tf.engine().makeTensorFromTensorInfo(info)
}

/** A tensor with the same bits in a buffer of its own. */
export function copyOf(backend: WebgpuBackend, tensor: tf.Tensor): tf.Tensor {
  const copy = newTensor(backend, tensor.shape)
  const [from, to] = [bufferOf(backend, tensor), bufferOf(backend, copy)]
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.commandEncoder!.copyBufferToBuffer(from, 0, to, 0, 4 * tensor.size)
  for (const { dataId } of [tensor, copy]) backend.commandQueueOwnedIds.add(dataId)
  return copy
}

/** Gives a variable values of its own where another tensor has them too. */
export function own(backend: WebgpuBackend, variable: tf.Variable): void {
  if (backend.refCount(variable.dataId) <= 1) return
  const copy = copyOf(backend, variable)
  variable.assign(copy)
  copy.dispose()
}
