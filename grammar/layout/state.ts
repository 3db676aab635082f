import type { Code } from '../../src/diagnostics/catalog.ts'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import type { Source, Span } from '../../src/diagnostics/source.ts'
import { endOf, makeToken, maximumReports } from '../lex.ts'
import * as token from '../tokens.ts'
import type { IToken, TokenType } from '../tokens.ts'

/** What a bracket holds; `file` is what stands outside of all. */
export type FrameKind =
  'file' | 'block' | 'space' | 'names' | 'parameters' | 'range' | 'arguments' | 'list' | 'group'

/** A bracket that is open, and what is known of what stands in it. */
export interface Frame {
  readonly kind: FrameKind
  readonly opener: IToken | undefined
  /** The innermost frame of lines: this one or one around it. */
  readonly lines: number
  /** The innermost frame in braces or of the file: this one or one around it. */
  readonly brace: number
  /** The index, in the tokens given out, of the first token of the statement or element that is being read. */
  start: number
}

/** How far the layout of a file has come. */
export interface LayoutState {
  readonly source: Source
  /** The tokens that are the first on their lines. */
  readonly firstOnLine: ReadonlySet<IToken>
  /** The tokens given out. */
  readonly out: IToken[]
  readonly diagnostics: Diagnostic[]
  /** The open brackets, the innermost last; the first is the file, which nothing closes. */
  readonly frames: Frame[]
  /** Whether the bracket that was closed last held the names of an import. */
  closedNames: boolean
}

/** Brackets that are braces. */
export const BRACES: ReadonlySet<FrameKind> = new Set(['block', 'space', 'names'])
/** Frames in which the end of a line ends a statement. */
export const LINES: ReadonlySet<FrameKind> = new Set(['file', 'block', 'space'])
/** Frames whose elements may end in a comma. */
export const TRAILING_COMMA: ReadonlySet<FrameKind> = new Set([
  'names',
  'parameters',
  'arguments',
  'list',
])
/** How other languages write `else if`. */
export const ELSE_IF_WORDS: ReadonlySet<string> = new Set(['elif', 'elsif', 'elseif'])

/** The state before the first token of a file. */
export function startLayout(source: Source, firstOnLine: ReadonlySet<IToken>): LayoutState {
  const file: Frame = { kind: 'file', opener: undefined, lines: 0, brace: 0, start: 0 }
  return { source, firstOnLine, out: [], diagnostics: [], frames: [file], closedNames: false }
}

/** The innermost frame. */
export function topOf(state: LayoutState): Frame {
  return state.frames.at(-1)!
}

/** The innermost frame in which lines end statements. */
export function linesOf(state: LayoutState): Frame {
  return state.frames[topOf(state).lines]!
}

/** The first token of the statement that encloses the open parentheses. */
export function headOf(state: LayoutState): TokenType | undefined {
  return state.out[linesOf(state).start]?.tokenType
}

/** Whether a statement or an entry starts here: in a frame of lines with nothing of it read yet. */
export function atStart(state: LayoutState): boolean {
  const { kind, start } = topOf(state)
  return LINES.has(kind) && state.out.length === start
}

/** Ends the statement that is being read. */
export function endStatement(state: LayoutState): void {
  state.out.push(makeToken(token.Newline, '', endOf(state.out.at(-1)!)))
  topOf(state).start = state.out.length
}

/** Adds a diagnostic, up to the most that is reported of one text. */
export function report(
  state: LayoutState,
  code: Code,
  span: Span,
  message: string,
  more: Partial<Pick<Diagnostic, 'label' | 'help' | 'fix' | 'related'>> = {},
): void {
  if (state.diagnostics.length < maximumReports)
    state.diagnostics.push(diagnose(code, { path: state.source.path, span, message, ...more }))
}
