import type * as tf from '@tensorflow/tfjs-core'

/** What a tensor has one number for. */
export type KernelExtent = 'one' | 'per output' | 'per input' | 'element'

/** Floats by their places, which the loops of kernels keep to: nothing has to look whether there is one. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any other element may be undefined under strict settings.
export type Values = any

/** What there is of a kernel's making: a tensor for each extent. */
export type Made<Makes extends readonly KernelExtent[]> = {
  -readonly [Index in keyof Makes]: tf.Tensor
}

/** How many numbers there are. */
export interface KernelSizes {
  /** Inputs by outputs, row after row. */
  elements: number
  inputs: number
  outputs: number
}

/** A part of a step in one piece, for tensors of 32-bit floats: first those that it changes, then those that it makes, then others. */
export interface KernelParts<Makes extends readonly KernelExtent[] = readonly KernelExtent[]> {
  /** How many tensors it changes. */
  changes: number
  /** What each tensor that it makes has one number for. */
  makes: Makes
  /** The operators that draw random numbers, each with its place in the rule. */
  draws: [name: string, site: number][]
  /** In JavaScript, on the values of the tensors; `draws` are functions that give the random words of elements. */
  cpu: (tensors: Values[], numbers: Values, sizes: KernelSizes, draws: Values) => void
  /** As WebAssembly: a module in base64, and one with relaxed SIMD where that makes a difference. */
  wasm: string[]
  /** How many rows of floats it needs room for there that have one for each output, and for each input. */
  rows: [outputs: number, inputs: number]
  /**
   * As a shader of WGSL: its entry points in turn with what their invocations are for; the bytes of room that they need, and
   * rows of floats behind them that are as long as the longer axis.
   */
  webgpu: {
    code: string
    passes: [entry: string, over: string][]
    room: { bytes: number; rows: number }
  }
  /** How many tensors it is given and makes. */
  tensors: number
}

/** A kernel that is linked to a backend once it is run there. */
export interface Kernel<
  Makes extends readonly KernelExtent[] = readonly KernelExtent[],
> extends KernelParts<Makes> {
  linked: LinkedKernel | undefined
  shader: LinkedShader | undefined
}

/** A kernel with what it is run on. */
export interface KernelCall {
  kernel: Kernel
  changed: tf.Variable[]
  /** The shapes of the tensors that it makes. */
  shapes: number[][]
  read: tf.Tensor[]
  numbers: number[]
  sizes: KernelSizes
  /** The keys of the random numbers, and the step. */
  keys: (readonly [number, number])[]
  step: number
}

/** The parts of the tfjs wasm backend that kernels use, and that its typings leave out. */
export interface WasmMemory {
  wasm: {
    asm: { memory: WebAssembly.Memory }
    _malloc: (bytes: number) => number
    _free: (address: number) => void
    tfjs: {
      registerTensor: (id: number, size: number, address: number) => void
      disposeData: (id: number) => void
    }
  }
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } }
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo
  refCount(dataId: object): number
}

/** A kernel in the memory of a backend. */
export interface LinkedKernel {
  backend: WasmMemory
  run: (table: number) => void
  /** Where its table and the room behind it are, and how large. */
  address: number
  bytes: number
  /** All of the memory. */
  integers: Int32Array
  floats: Float32Array
}

/** A buffer of WebGPU, whose own types need a library that not every project has. */
export type WebgpuBuffer = object

/** The parts of WebGPU and of its tfjs backend that kernels use, and that its typings leave out. */
export interface WebgpuBackend {
  device: {
    limits: { maxStorageBuffersPerShaderStage: number }
    createBindGroupLayout(of: { entries: object[] }): object
    createPipelineLayout(of: { bindGroupLayouts: object[] }): object
    createShaderModule(of: { code: string }): object
    createComputePipeline(of: object): object
    createBindGroup(of: { layout: object; entries: object[] }): object
  }
  tensorMap: { get(dataId: object): { resource?: WebgpuBuffer; values: unknown } }
  commandQueueOwnedIds: Set<object>
  dispatchCountInPass: number
  commandEncoder: WebgpuEncoder | null
  computePassEncoder: WebgpuPass | null
  uploadToGPU(dataId: object): void
  makeTensorInfo(shape: number[], dtype: 'float32'): tf.TensorInfo
  makeUniforms(words: { type: string; data: number[] }[]): object
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  refCount(dataId: object): number
}

/** What takes the commands of a device. */
export interface WebgpuEncoder {
  beginComputePass(): WebgpuPass
  copyBufferToBuffer(
    from: WebgpuBuffer,
    at: number,
    to: WebgpuBuffer,
    place: number,
    bytes: number,
  ): void
}

/** What takes the shaders that are run. */
export interface WebgpuPass {
  setPipeline(pipeline: object): void
  setBindGroup(index: number, group: object): void
  dispatchWorkgroups(count: number): void
}

/** A kernel on the device of a backend. */
export interface LinkedShader {
  backend: WebgpuBackend
  layout: object
  pipelines: object[]
}
