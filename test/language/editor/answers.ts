import type { TextEdit } from '../../../src/diagnostics/diagnostic.ts'
import type { Span } from '../../../src/diagnostics/source.ts'
import { completionsAt } from '../../../src/language/editor/completion/completion.ts'
import { definitionAt } from '../../../src/language/editor/definition.ts'
import { fixAll, fixesAt } from '../../../src/language/editor/fixes.ts'
import { foldsOf } from '../../../src/language/editor/folding.ts'
import { hoverAt } from '../../../src/language/editor/hover.ts'
import { inlayHintsOf } from '../../../src/language/editor/inlay-hints.ts'
import { highlightsAt } from '../../../src/language/editor/references.ts'
import { renameAt } from '../../../src/language/editor/rename.ts'
import { semanticTokensOf } from '../../../src/language/editor/semantic-tokens.ts'
import { signatureAt } from '../../../src/language/editor/signature.ts'
import { symbolsOf, type DeclaredSymbol } from '../../../src/language/editor/symbols.ts'
import type { Workspace } from '../../../src/language/editor/workspace.ts'
import { refactoringsAt } from '../../../src/language/refactor/table.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { createRandom, rootKey } from '../../../src/operators/random.ts'
import { anyProgram, seedPrograms } from '../../fuzz/programs.ts'
import { analysisOf } from './programs.ts'

/** What is wrong with the answers to every question about random places of random texts, broken ones and programs. */
export function faultsOfAnswers(texts: number): readonly string[] {
  const random = createRandom(rootKey(3))
  const programs = seedPrograms()
  const faults: string[] = []
  for (let round = 0; round < texts; round++) {
    const text = random.chance(0.2) ? random.pick(programs) : anyProgram(random, programs)
    const places = [
      0,
      text.length,
      random.integer(text.length + 1),
      random.integer(text.length + 1),
    ]
    for (const offset of places) {
      const fault = faultAt(text, offset)
      if (fault !== undefined) faults.push(`${fault} at ${offset} of ${JSON.stringify(text)}`)
    }
  }
  return faults
}

/** What is wrong with the answers to every question about a place of a text; undefined when nothing is. */
function faultAt(text: string, offset: number): string | undefined {
  const analysis = analysisOf(text)
  const workspace: Workspace = {
    loader: libraryLoader,
    modules: () => [analysis],
    library: () => undefined,
    libraryNames: [],
  }
  const inside = ({ start, end }: Span): boolean => 0 <= start && start <= end && end <= text.length
  const place = { start: offset, end: offset }
  const hover = hoverAt(analysis, offset)
  if (hover !== undefined && !(inside(hover.span) && hover.markdown !== '')) return 'hover'
  const completions = completionsAt(analysis, offset, workspace)
  const added = completions.items.flatMap(({ edits = [] }) => edits)
  if (!inside(completions.span) || completions.span.end !== offset) return 'completion'
  const renamed = renameAt(analysis, offset, 'renamed', workspace)
  const edits: readonly TextEdit[] = [
    ...added,
    ...(renamed.kind === 'done' ? renamed.value.flatMap((each) => each.edits) : []),
    ...fixesAt(analysis, place).flatMap((fix) => fix.edits),
    ...[fixAll(analysis, libraryLoader) ?? []].flat(),
    ...refactoringsAt(analysis, place).flatMap((each) => each.edits),
  ]
  if (!edits.every(({ span }) => inside(span))) return 'an edit outside of the text'
  const definition = definitionAt(analysis, offset, libraryLoader)
  if (definition?.target.path === 'main.opt' && !inside(definition.target.span)) return 'definition'
  if (!highlightsAt(analysis, offset).every(({ span }) => inside(span))) return 'highlights'
  const signature = signatureAt(analysis, offset)
  if (signature !== undefined && signature.signatures[signature.active] === undefined)
    return 'signature'
  let last = 0
  for (const { span } of semanticTokensOf(analysis)) {
    if (span.start < last || span.end <= span.start) return 'tokens that overlap'
    last = span.end
  }
  if (!foldsOf(analysis).every(({ first, last: end }) => first < end)) return 'a fold of one line'
  if (
    !inlayHintsOf(analysis, { start: 0, end: text.length }).every(
      (hint) => hint.offset <= text.length,
    )
  )
    return 'hints'
  return symbolsOf(analysis).every(holdsName) ? undefined : 'a symbol without its name'
}

/** The protocol wants the name inside of the symbol. */
function holdsName({ span, nameSpan, children }: DeclaredSymbol): boolean {
  return span.start <= nameSpan.start && nameSpan.end <= span.end && children.every(holdsName)
}
