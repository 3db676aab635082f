import * as tf from '@tensorflow/tfjs-core'
import { registerWasmKernels } from './wasm-kernels.ts'
import { provideWebgpu, webgpuAdapter } from './webgpu-device.ts'

/** How one backend is brought up: a row of {@link BACKEND_LOADERS}. */
export interface BackendLoader {
  readonly name: 'tensorflow' | 'webgpu' | 'wasm' | 'cpu'
  /** Why `auto` need not try: it costs time, and native libraries write to standard error what they do not find. */
  readonly doubt?: () => string | undefined
  /** Loads the packages so that tfjs-core knows the backend. `missing` says what is not there. May reject. */
  readonly load: () => Promise<{
    readonly detail: Record<string, string>
    readonly missing?: string
  }>
  /** More about it, once it runs. */
  readonly describe?: () => Promise<Record<string, string>>
  /** Why `auto` had better take another although it works. */
  readonly reservation?: (detail: Readonly<Record<string, string>>) => string | undefined
}

/** What drivers of graphics cards put there on Linux. */
const DEVICE_FILES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg']

/** The backends, the fastest first. */
export const BACKEND_LOADERS: readonly BackendLoader[] = [
  {
    name: 'tensorflow',
    load: async () => {
      if (typeof process === 'undefined') return { detail: {}, missing: 'it is for Node' }
      // TensorFlow reports every instruction set it was not built for on standard error.
      process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
      const reasons: string[] = []
      for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
        const found = await importOptional(name)
        if (found.module !== undefined) return { detail: { package: name } }
        reasons.push(found.reason)
      }
      return { detail: {}, missing: reasons.join('; ') }
    },
    describe: () => {
      const backend: object = tf.backend()
      const gpu = 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true
      return Promise.resolve({ device: gpu ? 'gpu' : 'cpu' })
    },
  },
  {
    name: 'webgpu',
    doubt: () => {
      if (typeof process === 'undefined' || process.platform !== 'linux') return undefined
      // Not imported: in browsers there is no such module.
      const { existsSync } = process.getBuiltinModule('node:fs')
      return DEVICE_FILES.some((file) => existsSync(file))
        ? undefined
        : `no graphics device (${DEVICE_FILES.join(', ')})`
    },
    load: async () => {
      const device = await importOptional('webgpu')
      if (device.module === undefined && !provideWebgpu(undefined))
        return { detail: {}, missing: device.reason }
      provideWebgpu(device.module)
      const adapter = await webgpuAdapter()
      if (adapter === undefined)
        return {
          detail: {},
          missing: 'WebGPU finds no adapter: no graphics driver (Vulkan, Metal or D3D12)',
        }
      const backend = await importOptional('@tensorflow/tfjs-backend-webgpu')
      if (backend.module === undefined) return { detail: adapter, missing: backend.reason }
      return { detail: adapter }
    },
    reservation: ({ software, device }) =>
      software === 'yes' ? `${device ?? 'its adapter'} is software, slower than wasm` : undefined,
  },
  {
    name: 'wasm',
    load: async () => {
      const { version_wasm } = await import('@tensorflow/tfjs-backend-wasm')
      registerWasmKernels()
      return { detail: { 'tfjs-backend-wasm': version_wasm } }
    },
    describe: async () => ({
      simd: (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true ? 'yes' : 'no',
      // The threaded binary of tfjs does not start under Node: its workers come from blob addresses (tfjs issue 3830).
      threads: '1',
    }),
  },
  {
    name: 'cpu',
    load: async () => {
      const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu')
      return { detail: { 'tfjs-backend-cpu': version_cpu } }
    },
  },
]

/** Imports a package that may not be installed, or be installed without its native library. */
async function importOptional(
  name: string,
): Promise<{ readonly module: unknown; readonly reason: string }> {
  try {
    return { module: (await import(name)) as unknown, reason: '' }
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
    const absent = message.includes(`'${name}'`) && message.startsWith('Cannot find')
    return {
      module: undefined,
      reason: absent ? `${name} is not installed` : `${name} does not load: ${message}`,
    }
  }
}
