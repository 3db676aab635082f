/**
 * Rules on TensorFlow.js, as `import 'optc-lang/runtime'` offers them: backends, the gradients and wasm kernels they lack, and
 * optimizers ready to train with.
 */
import { loadOptimizerFactory, type OptimizerFactory } from '../runtime/optimizer-factory.ts'
import { programOf, type Answer, type ProgramOptions } from './answer.ts'

export {
  BACKEND_NAMES,
  probeBackends,
  selectBackend,
  type BackendChoice,
  type BackendName,
  type BackendRecord,
  type BackendSelection,
} from '../runtime/backends.ts'
export { evaluatesElsewhere, type EvaluatingOptimizer } from '../runtime/evaluation-weights.ts'
export { registerGradients } from '../runtime/gradients.ts'
export { registerWasmKernels } from '../runtime/wasm-kernels.ts'
export type { OptimizerFactory, OptimizerSettings } from '../runtime/optimizer-factory.ts'
export type { Answer, ProgramOptions } from './answer.ts'
export type { Load, SourceOptions } from './sources.ts'

/** The class that `compile` writes for an optimizer, ready to be built. Never rejects for what the program says. */
export async function loadOptimizer(
  text: string,
  options: ProgramOptions = {},
): Promise<Answer<OptimizerFactory>> {
  const found = await programOf(text, options)
  if (found.value === undefined) return { ...found, value: undefined }
  return { value: await loadOptimizerFactory(found.value), diagnostics: found.diagnostics }
}
