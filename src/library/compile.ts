import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Artifact } from '../emit/artifact.ts'
import { formatTypeScript } from '../emit/ts-format.ts'
import { emitTypeScript } from '../emit/ts.ts'
import type { ScheduleFunction, Program } from '../ir/graph.ts'
import { graphsOf } from './language.ts'
import type { SourceOptions } from './sources.ts'

/** Emits the files of one target. */
type Emitter = (
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  options: { readonly name?: string },
) => Promise<readonly Artifact[]>

const TARGETS = {
  ts: async (programs, functions, options) =>
    formatTypeScript(await emitTypeScript(programs, functions, options)),
} satisfies Readonly<Record<string, Emitter>>

/** A language programs are compiled to: `ts`, a module for tfjs-core. */
export type Target = keyof typeof TARGETS

/** The targets there are. */
export const targets = Object.keys(TARGETS) as readonly Target[]

export interface CompileOptions extends SourceOptions {
  /** `ts` when absent. */
  readonly target?: Target
  /** Name of the emitted module, without an ending; that of the first optimizer or function when absent. */
  readonly name?: string
}

/** What came out: no files when there are errors, or nothing to compile. */
export interface Compilation {
  readonly files: readonly Artifact[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A program as files of a target. Never rejects for what a program says. */
export async function compile(text: string, options: CompileOptions = {}): Promise<Compilation> {
  const { value, diagnostics } = await graphsOf(text, options)
  if (value === undefined) return { files: [], diagnostics }
  const { name } = options
  const emit: Emitter = TARGETS[options.target ?? 'ts']
  const files = await emit(value.programs, value.functions, name === undefined ? {} : { name })
  return { files, diagnostics }
}
