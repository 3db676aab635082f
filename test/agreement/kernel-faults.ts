import * as tf from '@tensorflow/tfjs-core'
import type { Compiled } from '../../src/compile.ts'
import { compileKernel } from '../../src/emit/kernels/compile-kernel.ts'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { withKernels } from '../../src/runtime/wasm/kernel-optimizer.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { streams } from './gradients.ts'

const SHAPES = [[], [1], [5], [2, 3], [2, 2, 3], [3, 7]]
const SHOWN = 3

/** What the kernels of some programs give that the evaluator does not; undefined where none of them has kernels. */
export async function kernelFaults(
  name: string,
  { programs, functions }: Pick<Compiled, 'programs' | 'functions'>,
): Promise<string[] | undefined> {
  const found: string[] = []
  const supported = programs.filter((program) => compileKernel(program) !== undefined)
  const classes = [...(await loadPrograms(supported, functions, tf)).optimizers.values()]
  for (const [index, program] of supported.entries()) {
    const Class = withKernels(program, classes[index]!)
    const all = await disagreements(program, Class, streams(name, SHAPES))
    found.push(...all.slice(0, SHOWN).map(describeDisagreement))
    if (all.length > SHOWN) found.push(`and ${all.length - SHOWN} more`)
  }
  return supported.length === 0 ? undefined : found
}
