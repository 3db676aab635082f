import type * as tensorflow from '@tensorflow/tfjs-core'
import type { Program, ScheduleFunction } from '../ir/graph.ts'
import type { Artifact } from './artifact.ts'
import type { LoadedModule } from './ts/load.ts'

/** A language and framework that programs are compiled to. */
export interface Target {
  /** What users call it. */
  readonly name: string
  /** The ending of its files, without a dot. */
  readonly extension: string
  /**
   * The formatted files of some programs and functions, the functions that programs call included; none where there is
   * nothing to print. `name` is that of the module, without an ending; the first program's or function's when absent.
   */
  readonly print: (
    programs: readonly Program[],
    functions: readonly ScheduleFunction[],
    options?: { readonly name?: string },
  ) => Promise<readonly Artifact[]>
  /** The same as classes and functions of this process, with the caller's tfjs-core; absent where that cannot be. */
  readonly load?: (
    programs: readonly Program[],
    functions: readonly ScheduleFunction[],
    tf: typeof tensorflow,
  ) => Promise<LoadedModule>
}
