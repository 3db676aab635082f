import { targetCatalog } from '../../../diagnostics/catalog/target.ts'
import type { Artifact } from '../../../emit/artifact.ts'
import type { Runtime } from '../../../emit/target.ts'
import type { TargetName } from '../../../emit/targets.ts'
import { hasErrors } from '../../../compile.ts'
import { compile } from '../../../library/compile.ts'

export interface CompileQuestion {
  readonly kind: 'compile'
  readonly text: string
  readonly fileName: string
  readonly target: TargetName
  readonly runtime: Runtime
}

/** What a target makes of a text: its files, or one sentence why there are none. */
export type CompiledText =
  | { readonly kind: 'files'; readonly files: readonly Artifact[] }
  | { readonly kind: 'none'; readonly reason: string }

/** The files of any text. */
export async function compileText(question: CompileQuestion): Promise<CompiledText> {
  const { text, fileName: path, target, runtime } = question
  const { files, diagnostics } = await compile(text, { path, target, runtime })
  if (files.length > 0) return { kind: 'files', files }
  const unsupported = diagnostics.find(({ code }) => code in targetCatalog)
  const reason =
    unsupported?.message ??
    (hasErrors(diagnostics) ? 'the program has errors' : 'the program declares nothing to compile')
  return { kind: 'none', reason }
}
