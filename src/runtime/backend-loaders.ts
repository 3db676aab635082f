import * as tf from '@tensorflow/tfjs-core'
import { absenceText, importOptional } from './optional-package.ts'
import { describeTensorflow, loadTensorflow, mayHaveGpu } from './tensorflow-package.ts'
import { registerWasmKernels } from './wasm-kernels.ts'
import { provideWebgpu, webgpuAdapter } from './webgpu-device.ts'

/** How one backend is brought up: a row of {@link BACKEND_LOADERS}. */
export interface BackendLoader {
  readonly name: 'tensorflow' | 'webgpu' | 'wasm' | 'cpu'
  /**
   * Why `auto` need not try for steps of that work, in multiplications: it costs time, and native libraries write to standard error
   * what they do not find.
   */
  readonly doubt?: (work: number) => string | undefined
  /** Loads the packages so that tfjs-core knows the backend. `missing` says what is not there. May reject. */
  readonly load: () => Promise<{
    readonly detail: Record<string, string>
    readonly missing?: string
  }>
  /** More about it, once it runs. */
  readonly describe?: () => Promise<Record<string, string>>
  /** Why `auto` had better take another for steps of that work, in multiplications, although it works. */
  readonly reservation?: (
    detail: Readonly<Record<string, string>>,
    work: number,
  ) => string | undefined
}

/** What drivers of graphics cards put there on Linux. */
const DEVICE_FILES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg']

/**
 * Multiplications of a step's forward pass from which TensorFlow on a processor is faster than wasm. Measured beside each
 * other on two cores, steps a second of TensorFlow over those of wasm: 0.28 at 9 million (fashion14-cnn), 0.9 at 246 million
 * (fashion-mnist), 1.25 at 359 million and 1.6 at 1.3 thousand million (cifar10 with 16 and with 32 channels first).
 */
export const WORTH_TENSORFLOW = 3e8

/** Why TensorFlow on a processor is not for steps of that work. */
function tooSmall(work: number): string | undefined {
  return work < WORTH_TENSORFLOW
    ? `on a processor it is slower than wasm below ${WORTH_TENSORFLOW / 1e6} million multiplications a step`
    : undefined
}

/** The backends, the fastest first. */
export const BACKEND_LOADERS: readonly BackendLoader[] = [
  {
    name: 'tensorflow',
    doubt: (work) => (mayHaveGpu() ? undefined : tooSmall(work)),
    load: loadTensorflow,
    describe: () => Promise.resolve(describeTensorflow()),
    reservation: ({ device }, work) => (device === 'gpu' ? undefined : tooSmall(work)),
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
      if (device.kind !== 'loaded' && !provideWebgpu(undefined))
        return { detail: {}, missing: absenceText('webgpu', device) }
      if (device.kind === 'loaded') provideWebgpu(device.module)
      const adapter = await webgpuAdapter()
      if (adapter === undefined)
        return {
          detail: {},
          missing: 'WebGPU finds no adapter: no graphics driver (Vulkan, Metal or D3D12)',
        }
      // A page brings it in what is bundled for it.
      if (tf.findBackendFactory('webgpu') !== null) return { detail: adapter }
      const name = '@tensorflow/tfjs-backend-webgpu'
      const backend = await importOptional(name)
      if (backend.kind !== 'loaded') return { detail: adapter, missing: absenceText(name, backend) }
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
