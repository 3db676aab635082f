import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Artifact } from '../emit/artifact.ts'
import type { Runtime, Target } from '../emit/target.ts'
import { defaultTarget, targets, type TargetName } from '../emit/targets.ts'
import { unsupportedBy } from '../emit/unsupported.ts'
import { graphsOf } from './language.ts'
import type { SourceOptions } from './sources.ts'

export interface CompileOptions extends SourceOptions {
  /** `ts` when absent. */
  readonly target?: TargetName
  /** Name of the emitted module, without an ending; that of the first optimizer or function when absent. */
  readonly name?: string
  /** `import`: what modules share is a file of its own, the last one; each module carries it when absent. */
  readonly runtime?: Runtime
}

/** What came out: no files when there are errors, or nothing to compile. */
export interface Compilation {
  readonly files: readonly Artifact[]
  /** What is wrong with the program, and what of it the target cannot print. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A program as files of a target. Never rejects for what a program says. */
export async function compile(text: string, options: CompileOptions = {}): Promise<Compilation> {
  const { value, diagnostics } = await graphsOf(text, options)
  if (value === undefined) return { files: [], diagnostics }
  const { name, runtime } = options
  const target: Target = options.target === undefined ? defaultTarget : targets[options.target]
  const unsupported = unsupportedBy(target, value)
  if (unsupported.length > 0) return { files: [], diagnostics: [...diagnostics, ...unsupported] }
  const files = await target.print(value.programs, value.functions, {
    ...(name !== undefined && { name }),
    ...(runtime !== undefined && { runtime }),
  })
  return { files, diagnostics }
}
