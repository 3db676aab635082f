import type { Diagnostic, TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import { createAnalysis, type Analysis } from './analysis.ts'
import { applyEdits, areApart, editBetween } from './edits.ts'

/** What would mend a problem. */
export interface QuickFix {
  readonly title: string
  readonly diagnostic: Diagnostic
  readonly edits: readonly TextEdit[]
}

/** The fixes of the problems that touch a part of the text. */
export function fixesAt({ diagnostics }: Analysis, { start, end }: Span): readonly QuickFix[] {
  return diagnostics.flatMap((diagnostic) => {
    const { fix, span } = diagnostic
    const touches = span.start <= end && start <= span.end
    return fix === undefined || !touches ? [] : [{ ...fix, diagnostic }]
  })
}

/** How often what is fixed is looked at again: a fix may show the next problem. */
const MOST_ROUNDS = 10

/**
 * The edit that makes every fix there is, then those that are there afterwards, until none is left; undefined where there is
 * none. Where fixes want the same characters the first wins, and the next comes when the text is looked at again. A round that
 * would leave more errors than it found is not made.
 */
export function fixAll(analysis: Analysis, loader: ModuleLoader): TextEdit | undefined {
  let current = analysis
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const edits = fixesTogether(current.diagnostics)
    if (edits.length === 0) break
    const text = applyEdits(current.source.text, edits)
    const next = createAnalysis({ ...current.source, text }, loader)
    if (errorsIn(next) > errorsIn(current)) break
    current = next
  }
  return editBetween(analysis.source.text, current.source.text)
}

/** The edits of all fixes that go together, each fix whole. */
function fixesTogether(diagnostics: readonly Diagnostic[]): readonly TextEdit[] {
  let chosen: readonly TextEdit[] = []
  for (const { fix } of diagnostics) {
    if (fix === undefined) continue
    const together = [...chosen, ...fix.edits.filter((edit) => !chosen.some(isSame(edit)))]
    const isNew = together.length > chosen.length
    if (isNew && areApart(together) && !insertsTwice(together)) chosen = together
  }
  return chosen
}

const isSame =
  (a: TextEdit) =>
  (b: TextEdit): boolean =>
    a.text === b.text && a.span.start === b.span.start && a.span.end === b.span.end

/** Whether two edits begin at one place, where the order of what they write would be left to chance. */
function insertsTwice(edits: readonly TextEdit[]): boolean {
  return new Set(edits.map(({ span }) => span.start)).size < edits.length
}

function errorsIn({ diagnostics }: Analysis): number {
  return diagnostics.filter(({ severity }) => severity === 'error').length
}
