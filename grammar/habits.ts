import { diagnose } from '../src/diagnostics/diagnose.ts'
import type { Diagnostic, TextEdit } from '../src/diagnostics/diagnostic.ts'
import type { Source } from '../src/diagnostics/source.ts'
import { findAxes } from './habits/axes.ts'
import { findBlock } from './habits/blocks.ts'
import { findBrokenComparison } from './habits/comparisons.ts'
import { findCall } from './habits/calls.ts'
import { findChoice } from './habits/choices.ts'
import { findCharacters } from './habits/characters.ts'
import { findFence } from './habits/fences.ts'
import { findFunction } from './habits/functions.ts'
import { findImport } from './habits/imports.ts'
import { findIndex } from './habits/indices.ts'
import { findLatex } from './habits/latex.ts'
import { findMatrixProduct } from './habits/matrices.ts'
import { findMember } from './habits/members.ts'
import { findDivisions, findDocstring } from './habits/comments.ts'
import { createReading, type Find, type Habit } from './habits/reading.ts'
import { findDecimalComma, findSigns, findTranspose } from './habits/signs.ts'
import { findTraining } from './habits/training.ts'
import { findType } from './habits/types.ts'
import { endOf, lex, makeToken, type Lexed } from './lex.ts'
import * as token from './tokens.ts'
import type { IToken } from './tokens.ts'

/** Tokens as if the text had been written in this language, and what was reported for that. */
export interface Rewritten {
  readonly tokens: readonly IToken[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What is looked for at each token, the first that finds something counts. */
const FINDERS: readonly Find[] = [
  findImport,
  findTraining,
  findBlock,
  findFunction,
  findChoice,
  findCall,
  findAxes,
  findMatrixProduct,
  findMember,
  findIndex,
  findDocstring,
  findLatex,
  findFence,
  findCharacters,
  findSigns,
  findDecimalComma,
  findTranspose,
  findType,
  findBrokenComparison,
]

/** Types of tokens at which nothing is ever found. */
const PLAIN = new Set([
  ...token.operatorTokens,
  token.LineBreak,
  token.Comma,
  token.LeftParen,
  token.RightParen,
  token.RightBracket,
  token.RightBrace,
])

/** The most habits that are looked for in one text; a file shows fewer diagnostics. */
const MAXIMUM = 200

/** Reports what is written as in other languages, and reads on with what is written here instead. */
export function rewriteHabits({ path, text }: Source, { tokens, comments }: Lexed): Rewritten {
  const reading = createReading(path, text, tokens)
  const habits: Habit[] = [...findDivisions(reading, comments)]
  const edits: TextEdit[] = []
  for (const [index, { tokenType, startOffset }] of tokens.entries()) {
    if (PLAIN.has(tokenType) || habits.length >= MAXIMUM) continue
    // What an edit takes away is not looked at again.
    if (edits.some(({ span }) => span.start <= startOffset && startOffset < span.end)) continue
    for (const find of FINDERS) {
      const found = find(reading, index)
      if (found === undefined || found.edits.some((edit) => overlaps(edits, edit))) continue
      habits.push(found)
      edits.push(...found.edits)
      break
    }
  }
  edits.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  return {
    tokens: edits.length === 0 ? tokens : applyEdits(tokens, edits),
    diagnostics: habits.map((each) => report(path, each)),
  }
}

function overlaps(edits: readonly TextEdit[], { span: { start, end } }: TextEdit): boolean {
  return edits.some(({ span }) => span.start < end && start < span.end)
}

function report(
  path: string,
  { code, title, edits, span, message, label, help }: Habit,
): Diagnostic {
  return diagnose(code, {
    path,
    span,
    message,
    ...(label !== undefined && { label }),
    ...(help !== undefined && { help }),
    ...(title !== undefined && { fix: { title, edits: [...edits] } }),
  })
}

/**
 * The tokens with the edits made in them. The first token that an edit writes stands for all the text that it replaces, the
 * others behind that.
 */
function applyEdits(tokens: readonly IToken[], edits: readonly TextEdit[]): readonly IToken[] {
  const result: IToken[] = []
  let next = 0
  const take = (edit: TextEdit): void => {
    for (const [index, { tokenType, image }] of lex(edit.text).tokens.entries()) {
      const { start, end } = edit.span
      const made = makeToken(tokenType, image, index === 0 ? start : end)
      made.endOffset = end - 1
      result.push(made)
    }
  }
  for (const current of tokens) {
    while (next < edits.length && edits[next]!.span.end <= current.startOffset) take(edits[next++]!)
    const edit = edits[next]
    if (edit === undefined || endOf(current) <= edit.span.start) result.push(current)
  }
  while (next < edits.length) take(edits[next++]!)
  return result
}
