import { renderGithub } from '../../diagnostics/render-github.ts'
import { renderPretty, summarize } from '../../diagnostics/render-pretty.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Output } from './output.ts'
import type { Sources } from './sources.ts'

/** How diagnostics can be written. */
export const reportFormats = ['pretty', 'github', 'sarif', 'json'] as const

export type ReportFormat = (typeof reportFormats)[number]

/** The diagnostics, each once: a file that several others import reports its errors to all of them. */
export function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ path, span, code, message }) => {
    const key = JSON.stringify([path, span.start, span.end, code, message])
    return !seen.has(key) && seen.add(key)
  })
}

/** Prints the diagnostics of `files` as the result of a command. */
export async function printDiagnostics(
  format: ReportFormat,
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
  sources: Sources,
  output: Output,
): Promise<void> {
  const { sourceOf } = sources
  switch (format) {
    case 'pretty': {
      const { paint, columns } = output
      const text = renderPretty(diagnostics, { sourceOf, paint, columns })
      if (text !== '') output.print(`${text}\n${summarize(diagnostics, files)}\n`)
      else output.note(summarize(diagnostics, files))
      return
    }
    case 'github':
      return output.print(renderGithub(diagnostics, sourceOf))
    case 'json': {
      const { renderJson } = await import('../../diagnostics/render-json.ts')
      return output.print(renderJson(diagnostics, files, sourceOf))
    }
    case 'sarif': {
      const { renderSarif } = await import('../../diagnostics/render-sarif.ts')
      const { packageVersion } = await import('./package.ts')
      return output.print(renderSarif(diagnostics, files, sourceOf, packageVersion()))
    }
  }
}

/** Writes the diagnostics to standard error, for commands whose result is something else. */
export function noteDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
  sources: Sources,
  output: Output,
): void {
  if (diagnostics.length === 0) return
  const { notePaint: paint, columns } = output
  const text = renderPretty(diagnostics, { sourceOf: sources.sourceOf, paint, columns })
  output.note(`${text}\n${summarize(diagnostics, files)}`)
}
