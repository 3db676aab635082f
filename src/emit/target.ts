import type { Program, ScheduleFunction } from '../ir/graph.ts'
import type { Artifact } from './artifact.ts'
import type { FeatureName } from './features.ts'

/** How much a printed module brings along: `paste`: all it needs; `import`: what modules share is a file beside them. */
export type Runtime = 'paste' | 'import'

export interface PrintOptions {
  /** Name of the module, without an ending; that of the first program or function when absent. */
  readonly name?: string
  /** `paste` when absent. */
  readonly runtime?: Runtime
}

/** A language and framework that programs are compiled to. */
export interface Target {
  /** What users call it. */
  readonly name: string
  /** The ending of its files, without a dot. */
  readonly extension: string
  /** What it can print beyond arithmetic on elements: programs that need more are refused with diagnostics (see unsupportedBy). */
  readonly supports: readonly FeatureName[]
  /**
   * The formatted files of some programs and functions, the functions that programs call included: the module first; none
   * where there is nothing to print.
   */
  readonly print: (
    programs: readonly Program[],
    functions: readonly ScheduleFunction[],
    options?: PrintOptions,
  ) => Promise<readonly Artifact[]>
}
