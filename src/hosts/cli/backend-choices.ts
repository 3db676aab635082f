import { TORCH_DEVICES } from '../../tasks/torch-devices.ts'

/** The backends and `auto`, written out: loading their module would load tfjs. */
export const backendChoices = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const

/** What trains: the same, and the devices of PyTorch for tasks in Python. */
export const trainingChoices = [...backendChoices, ...TORCH_DEVICES] as const
