import { diagnose } from '../src/diagnostics/diagnose.ts'
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import type { Source } from '../src/diagnostics/source.ts'
import type { Layout } from './layout.ts'
import { makeToken, spanOf } from './lex.ts'
import { CLOSERS, OPENERS } from './token-sets.ts'
import * as token from './tokens.ts'
import type { IToken, TokenType } from './tokens.ts'

/**
 * The most brackets and blocks that may stand in each other; each `else if` counts as one block in another. The
 * parser's own stack, of Node's default size, holds about four times as many.
 */
export const maximumNesting = 100
/**
 * The most operators, brackets and calls that may stand on one way down the tree of an expression. A chain of a thousand
 * sums is that deep, since each sum is the left side of the next.
 */
export const maximumDepth = 1000

/** A bracket that is open. */
interface Frame {
  /** The index, in the tokens given out, of the bracket. */
  readonly opener: number
  /** How many operators the element that is being read has outside its brackets. */
  operators: number
  /** How deep the tree of the deepest of its brackets is. */
  deepestBracket: number
  /** How deep the tree of the deepest element before it is. */
  deepestElement: number
  /** How many `else if` the statement that is being read has. */
  branches: number
  /** Whether the rest of the element is left out. */
  skipping: boolean
}

const OPERATORS: ReadonlySet<TokenType> = new Set(token.operatorTokens)
const ENDS: ReadonlySet<TokenType> = new Set([
  token.Comma,
  token.Newline,
  token.Colon,
  token.Equals,
])

function openFrame(opener: number, branches: number): Frame {
  return {
    opener,
    operators: 0,
    deepestBracket: 0,
    deepestElement: 0,
    branches,
    skipping: false,
  }
}

/** An upper bound of the depth of the tree of the element that is being read. */
function depthOf({ operators, deepestBracket }: Frame): number {
  return operators + deepestBracket
}

/** How far the limits of a file have come. */
interface LimitState {
  readonly path: string
  /** The tokens given out. */
  readonly out: IToken[]
  readonly diagnostics: Diagnostic[]
  /** The open brackets, the innermost last; the first is the file. */
  readonly frames: Frame[]
  /** How many brackets are open in what is left out. */
  skipped: number
}

/**
 * Leaves out what is nested so deeply that walking the tree could overflow the stack, in any phase, and reports it. In
 * its place stands a placeholder, and the brackets stay balanced.
 */
export function limitDepth({ path }: Source, { tokens, diagnostics }: Layout): Layout {
  const state: LimitState = {
    path,
    out: [],
    diagnostics: [...diagnostics],
    frames: [openFrame(-1, 0)],
    skipped: 0,
  }
  for (const current of tokens) {
    const { tokenType: type } = current
    if (state.skipped > 0) {
      if (OPENERS.has(type)) state.skipped += 1
      else if (CLOSERS.has(type)) state.skipped -= 1
    } else if (OPENERS.has(type)) open(state, current)
    else if (CLOSERS.has(type)) close(state, current)
    else giveOut(state, current)
  }
  return { tokens: state.out, diagnostics: state.diagnostics }
}

function open(state: LimitState, current: IToken): void {
  const { out, frames } = state
  const { skipping, branches } = frames.at(-1)!
  if (skipping) state.skipped = 1
  else if (frames.length + branches > maximumNesting) {
    report(
      state,
      current,
      `brackets and blocks stand in each other more than ${maximumNesting} deep here`,
      'give inner expressions a name with `let`',
    )
    state.skipped = 1
    if (current.tokenType === token.LeftBrace)
      out.push(current, makeToken(token.RightBrace, '', current.startOffset + 1))
    else place(state, current)
  } else {
    out.push(current)
    frames.push(openFrame(out.length - 1, branches))
  }
}

function close(state: LimitState, current: IToken): void {
  const { out, frames } = state
  const closed = frames.pop()!
  const around = frames.at(-1)!
  out.push(current)
  if (current.tokenType === token.RightBrace) return
  const depth = Math.max(closed.deepestElement, depthOf(closed)) + 1
  around.deepestBracket = Math.max(around.deepestBracket, depth)
  if (depthOf(around) <= maximumDepth) return
  const bracket = out[closed.opener]!
  out.length = closed.opener
  cutExpression(state, bracket)
}

function giveOut(state: LimitState, current: IToken): void {
  const { tokenType: type } = current
  const frame = state.frames.at(-1)!
  if (ENDS.has(type)) endElement(state, type)
  if (frame.skipping) return
  if (type === token.ElseIf && !isBranchAllowed(state, current)) return
  state.out.push(current)
  if (!OPERATORS.has(type)) return
  frame.operators += 1
  if (depthOf(frame) > maximumDepth) cutExpression(state, current)
}

function endElement({ frames }: LimitState, type: TokenType): void {
  const frame = frames.at(-1)!
  frame.deepestElement = Math.max(frame.deepestElement, depthOf(frame))
  frame.operators = 0
  frame.deepestBracket = 0
  frame.skipping = false
  if (type === token.Newline) frame.branches = frames.at(-2)?.branches ?? 0
}

/** Counts an `else if`; one too many leaves out the rest of its statement. */
function isBranchAllowed(state: LimitState, current: IToken): boolean {
  const frame = state.frames.at(-1)!
  frame.branches += 1
  if (state.frames.length + frame.branches <= maximumNesting) return true
  report(
    state,
    current,
    `more than ${maximumNesting} blocks and \`else if\` follow one another here`,
    'put some of the choices into a function',
  )
  frame.skipping = true
  return false
}

/** Leaves out the rest of the element that is being read. */
function cutExpression(state: LimitState, current: IToken): void {
  report(
    state,
    current,
    `this expression is more than ${maximumDepth} operators and calls deep`,
    'give parts of it a name with `let`',
  )
  place(state, current)
  state.frames.at(-1)!.skipping = true
}

function report(
  { path, diagnostics }: LimitState,
  current: IToken,
  message: string,
  help: string,
): void {
  diagnostics.push(diagnose('nesting-too-deep', { path, span: spanOf(current), message, help }))
}

function place({ out }: LimitState, { startOffset }: IToken): void {
  out.push(makeToken(token.Placeholder, '', startOffset))
}
