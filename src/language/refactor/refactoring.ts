import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import { createAnalysis, type Analysis } from '../editor/analysis.ts'
import { applyEdits } from '../editor/edits.ts'
import { keepsMeaning, type Given } from './meaning.ts'

/** A change of a program that leaves what it computes as it is. */
export interface Refactoring {
  /** An imperative phrase: "name the constant 0.9". */
  readonly title: string
  /** In words of the language server protocol. */
  readonly kind: 'refactor.extract' | 'refactor.inline' | 'refactor.rewrite'
  readonly edits: readonly TextEdit[]
  /** A parameter that is new, and its value in the program as it was. */
  readonly given?: Given
}

/** Finds the refactorings of one kind that a part of a program has, which is a place where it is empty. */
export type FindRefactorings = (analysis: Analysis, selection: Span) => readonly Refactoring[]

/**
 * Whether the edits of a refactoring leave a program without errors that computes the same. What is found to fit a place may
 * still not do so: a value may have to be constant there, or a state may change between a name and its use.
 */
export function isSound(
  before: Analysis,
  { edits, given }: Refactoring,
  loader: ModuleLoader,
): boolean {
  const text = applyEdits(before.source.text, edits)
  const after = createAnalysis({ ...before.source, text }, loader)
  return keepsMeaning(before, after, given)
}
