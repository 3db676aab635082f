/**
 * What runs beside tfjs: backends, and the kernels and gradients that let any model of tfjs train convolutions on wasm.
 * Optional and apart from the language, which needs no tfjs.
 */
export {
  BACKEND_NAMES,
  probeBackends,
  selectBackend,
  type BackendChoice,
  type BackendName,
  type BackendRecord,
  type BackendSelection,
} from '../runtime/backends.ts'
export { registerGradients } from '../runtime/gradients.ts'
export { registerWasmKernels } from '../runtime/wasm-kernels.ts'
export { loadRule, type Rule, type RuleSettings } from '../runtime/rule.ts'
