import type { Span } from '../../diagnostics/source.ts'
import type { Analysis } from '../editor/analysis.ts'
import { constantRefactorings } from './constants.ts'
import { extractRefactorings } from './extract.ts'
import { inlineRefactorings } from './inline.ts'
import type { FindRefactorings, Refactoring } from './refactoring.ts'
import { simplifyRefactorings } from './simplify.ts'

/** Every kind of refactoring, in the order they are offered. */
const refactorings: readonly FindRefactorings[] = [
  simplifyRefactorings,
  constantRefactorings,
  extractRefactorings,
  inlineRefactorings,
]

/** What can be done with a part of a program; nothing where the program has errors. */
export function refactoringsAt(analysis: Analysis, selection: Span): readonly Refactoring[] {
  return analysis.checked.valid ? refactorings.flatMap((find) => find(analysis, selection)) : []
}
