import type { Span } from '../../../src/diagnostics/source.ts'
import { createAnalysis } from '../../../src/language/editor/analysis.ts'
import { applyEdits } from '../../../src/language/editor/edits.ts'
import { isSound } from '../../../src/language/refactor/refactoring.ts'
import { refactoringsAt } from '../../../src/language/refactor/table.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { createRandom, rootKey } from '../../../src/operators/random.ts'
import type { Module } from '../../../src/syntax/ast.ts'
import { visit } from '../../../src/syntax/traverse.ts'
import { libraryPrograms } from '../editor/programs.ts'
import { stepsApart } from './same-steps.ts'

function placesOf(module: Module): readonly Span[] {
  const spans: Span[] = []
  visit(module, {
    enter: ({ kind, span }) => {
      if (['number', 'name', 'call', 'binary', 'unary', 'identifier'].includes(kind))
        spans.push(span)
    },
  })
  return spans
}

/** What comes of the refactorings of random places of the library's programs: how many keep the meaning, and which only seem to. */
export function tryRefactorings(places: number): {
  readonly all: number
  readonly sound: number
  readonly apart: readonly string[]
} {
  const random = createRandom(rootKey(7))
  let [all, sound] = [0, 0]
  const apart: string[] = []
  for (let place = 0; place < places; place++) {
    const analysis = random.pick(libraryPrograms)
    for (const each of refactoringsAt(analysis, random.pick(placesOf(analysis.module)))) {
      all += 1
      if (!isSound(analysis, each, libraryLoader)) continue
      sound += 1
      const text = applyEdits(analysis.source.text, each.edits)
      const found = stepsApart(
        analysis,
        createAnalysis({ ...analysis.source, text }, libraryLoader),
      )
      if (found !== undefined) apart.push(`${analysis.source.path}: ${each.title}: ${found}`)
    }
  }
  return { all, sound, apart }
}
