import { expandDefinitions } from '../../ir/expand.ts'
import type { Program } from '../../ir/graph.ts'
import { leafFor } from '../../plan/choice.ts'
import { planStep, type ParameterPlan, type StepPlan } from '../../plan/plan.ts'
import { encodeModule } from '../../wasm/encode.ts'
import { hasRelaxedSimd } from '../../wasm/features.ts'
import { unsupportedBy } from '../features.ts'
import type { Target } from '../target.ts'
import { isSpelled } from './wasm/spellings.ts'
import { stepKernel, type StepKernel } from './wasm/step-kernel.ts'

/** What the kernels are written for. */
export const wasmKernels = {
  name: 'wasm kernels',
  supports: ['random', 'runStates', 'evaluation'],
} as const satisfies Pick<Target, 'name' | 'supports'>

/** A kernel with the module that exports it as STEP and imports the memory `env.memory`. */
export interface CompiledKernel extends Omit<StepKernel, 'function'> {
  readonly module: WebAssembly.Module
  readonly parameter: ParameterPlan
}

/** A program whose steps are taken by kernels. */
export interface ProgramKernels {
  readonly plan: StepPlan
  /** The kernel of parameters of a shape, compiled when it is first asked for. */
  readonly kernelFor: (shape: readonly number[]) => CompiledKernel
}

/** The kernels of a program; undefined where it asks for what they do not support. */
export function compileKernel(source: Program): ProgramKernels | undefined {
  if (unsupportedBy(wasmKernels, [source]).length > 0) return undefined
  const plan = planStep(expandDefinitions(source, isSpelled))
  const kernels = new Map<ParameterPlan, CompiledKernel>()
  const compile = (parameter: ParameterPlan): CompiledKernel => {
    const { function: step, ...kernel } = stepKernel(parameter, plan.types)
    const module = new WebAssembly.Module(encodeModule([step], { relaxed: isRelaxed() }))
    return { module, parameter, ...kernel }
  }
  return {
    plan,
    kernelFor: (shape) => {
      const parameter = leafFor(plan.parameter, shape)
      const kernel = kernels.get(parameter) ?? compile(parameter)
      kernels.set(parameter, kernel)
      return kernel
    },
  }
}

let relaxed: boolean | undefined

const isRelaxed = (): boolean => (relaxed ??= hasRelaxedSimd())
