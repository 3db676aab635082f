import * as dawn from 'webgpu'
import { provideWebgpu } from '../../../../src/runtime/webgpu-device.ts'

/** A device of WebGPU, a graphics card or SwiftShader; undefined where there is none, which a line says. */
export async function openDevice(): Promise<GPUDevice | undefined> {
  provideWebgpu(dawn)
  const adapter = await navigator.gpu.requestAdapter()
  if (adapter !== null) return adapter.requestDevice()
  console.log('not tested: WebGPU finds no adapter')
  return undefined
}

/** A compute shader, whose entry point is `main`. */
export interface Shader {
  /** Runs it on buffers that are bound in turn, the result of `bytes` bytes first. */
  run(inputs: readonly ArrayBufferView[], bytes: number, workgroups: number): Promise<ArrayBuffer>
}

/** Compiles a shader. Throws an Error with the compiler's messages where it does not compile. */
export async function compileShader(device: GPUDevice, code: string): Promise<Shader> {
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ code })
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module, entryPoint: 'main' },
  })
  const error = await device.popErrorScope()
  if (error !== null) throw new Error(error.message)
  return {
    run: async (inputs, bytes, workgroups) => {
      const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
      const result = device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC })
      const given = inputs.map((input) => {
        const buffer = device.createBuffer({ size: input.byteLength, usage: STORAGE | COPY_DST })
        device.queue.writeBuffer(buffer, 0, input.buffer, input.byteOffset, input.byteLength)
        return buffer
      })
      const read = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST })
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: pipeline.getBindGroupLayout(0),
          entries: [result, ...given].map((buffer, binding) => ({ binding, resource: { buffer } })),
        }),
      )
      pass.dispatchWorkgroups(workgroups)
      pass.end()
      encoder.copyBufferToBuffer(result, 0, read, 0, bytes)
      device.queue.submit([encoder.finish()])
      await read.mapAsync(GPUMapMode.READ)
      const copied = read.getMappedRange().slice(0)
      read.unmap()
      for (const buffer of [result, read, ...given]) buffer.destroy()
      return copied
    },
  }
}
