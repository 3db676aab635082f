/** Backends of tfjs that a page trains on. */
export const TRAINING_BACKENDS = ['wasm', 'webgpu'] as const

export type TrainingBackend = (typeof TRAINING_BACKENDS)[number]
