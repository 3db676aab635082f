import * as tf from '@tensorflow/tfjs-core'
import type { Compiled } from '../../src/compile.ts'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import type { TensorBackend } from '../emit/tensor-backend.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { streams, type Stream } from './gradients.ts'
import type { Tally } from './tally.ts'

const SHAPES = [[], [1], [5], [2, 3], [2, 2, 3], [3, 7]]
const SHOWN = 3

/** What the kernels of some programs give, on the backend in use, that the evaluator does not. */
export async function kernelFaults(
  name: string,
  { programs, functions }: Pick<Compiled, 'programs' | 'functions'>,
  shapes: readonly number[][] = SHAPES,
  backend: TensorBackend = 'cpu',
  tally?: Tally,
): Promise<string[]> {
  // Shaders may take a subnormal number for 0, at any step of their own.
  const isCompared = ({ kind }: Stream): boolean =>
    backend !== 'webgpu' || (kind !== 'subnormal' && kind !== 'mixed')
  const compared = streams(name, shapes).filter(isCompared)
  const found: string[] = []
  const classes = [...(await loadPrograms(programs, functions, tf, true)).optimizers.values()]
  for (const [index, program] of programs.entries()) {
    const all = await disagreements(program, classes[index]!, compared, 'cpu', tally)
    found.push(...all.slice(0, SHOWN).map(describeDisagreement))
    if (all.length > SHOWN) found.push(`and ${all.length - SHOWN} more`)
  }
  return found
}
