import type * as tensorflow from '@tensorflow/tfjs-core'
import type { Program, ScheduleFunction } from '../ir/graph.ts'
import type { TargetName } from './targets.ts'
import type { LoadedModule } from './ts/load.ts'

/** What a target prints for programs and functions, as classes and functions of this process, with the caller's tfjs-core. */
type Load = (
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  tf: typeof tensorflow,
) => Promise<LoadedModule>

/**
 * The targets whose classes this process can step with. Apart from the others, since what they need is not needed for printing,
 * and who bundles the compiler for a page need not have TensorFlow.js.
 */
export const loadedTargets = {
  ts: async (...of) => (await import('./ts/load.ts')).loadPrograms(...of),
  kernels: async (...of) => (await import('./ts/load.ts')).loadPrograms(...of, true),
} as const satisfies Partial<Record<TargetName, Load>>

/** The name of one of them. */
export type LoadedTargetName = keyof typeof loadedTargets

/** The names of them, in the order of the table. */
export const loadedTargetNames = Object.keys(loadedTargets) as readonly LoadedTargetName[]
