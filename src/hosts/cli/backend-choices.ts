/** The backends and `auto`, written out: loading their module would load tfjs. */
export const backendChoices = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const
