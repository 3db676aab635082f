import { removeFix, replaceFix } from '../fixes.ts'
import { endOf, makeToken, spanOf } from '../lex.ts'
import { closerOf, DECLARATIONS } from '../token-sets.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import {
  BRACES,
  headOf,
  LINES,
  report,
  topOf,
  TRAILING_COMMA,
  type Frame,
  type FrameKind,
  type LayoutState,
} from './state.ts'

/** Gives out a bracket that opens, and begins its frame. */
export function open(state: LayoutState, opener: IToken): void {
  const kind = kindOf(state, opener)
  const { lines, brace } = topOf(state)
  const index = state.frames.length
  state.out.push(opener)
  state.frames.push({
    kind,
    opener,
    lines: LINES.has(kind) ? index : lines,
    brace: BRACES.has(kind) ? index : brace,
    start: state.out.length,
  })
}

function kindOf(state: LayoutState, { tokenType }: IToken): FrameKind {
  if (tokenType === token.LeftBrace) return kindOfBrace(state)
  const last = state.out.at(-1)?.tokenType
  if (last === token.In) return 'range'
  if (tokenType === token.LeftBracket) return 'list'
  if (last !== undefined && DECLARATIONS.has(last)) return 'parameters'
  if (last !== token.Identifier) return 'group'
  const { start, kind } = topOf(state)
  const declares =
    kind === 'file' && state.out.length === start + 2 && DECLARATIONS.has(headOf(state)!)
  return declares ? 'parameters' : 'arguments'
}

function kindOfBrace(state: LayoutState): FrameKind {
  const head = headOf(state)
  if (head === token.Import) return 'names'
  return head === token.Space || topOf(state).kind === 'space' ? 'space' : 'block'
}

/** Gives out a bracket that closes, after those it needs inside; reports it where it fits to nothing. */
export function close(state: LayoutState, closer: IToken): void {
  const match = matchOf(state, closer)
  if (match !== undefined) {
    closeTo(state, match)
    endFrame(state, closer)
    return
  }
  const { opener, kind } = topOf(state)
  if (closer.tokenType !== token.RightBrace && opener !== undefined && !BRACES.has(kind)) {
    closeWrongly(state, opener, closer)
    return
  }
  report(
    state,
    'unmatched-bracket',
    spanOf(closer),
    `nothing is open that this \`${closer.image}\` could close`,
    { label: 'closes nothing', fix: removeFix(closer) },
  )
}

/** The frame that a bracket closes: the innermost in braces, or one inside that which fits. */
function matchOf({ frames }: LayoutState, { tokenType }: IToken): Frame | undefined {
  const outermost = frames.at(-1)!.brace
  if (tokenType === token.RightBrace) return outermost === 0 ? undefined : frames[outermost]
  return frames
    .slice(outermost + 1)
    .findLast(({ kind, opener }) => kind === 'range' || closerOf(opener!).type === tokenType)
}

function endFrame(state: LayoutState, closer: IToken): void {
  const { frames, out } = state
  const frame = frames.pop()!
  dropTrailingComma(state, frame)
  state.closedNames = frame.kind === 'names'
  // Statements in a block end with the block: nothing is to be separated from what follows.
  if (out.at(-1)?.tokenType === token.Newline) out.pop()
  out.push(closer)
}

/** Takes a bracket of the wrong kind for the one that is missing. */
function closeWrongly(state: LayoutState, opener: IToken, closer: IToken): void {
  const right = closerOf(opener)
  report(
    state,
    'unmatched-bracket',
    spanOf(closer),
    `\`${opener.image}\` is closed with \`${closer.image}\``,
    {
      label: `expected \`${right.image}\``,
      related: [{ path: state.source.path, span: spanOf(opener), label: 'opened here' }],
      fix: replaceFix(spanOf(closer), right.image),
    },
  )
  dropTrailingComma(state, state.frames.pop()!)
  state.out.push(makeToken(right.type, closer.image, closer.startOffset))
}

/** Closes the frames inside of one, and reports each. */
export function closeTo(state: LayoutState, frame: Frame): void {
  while (topOf(state) !== frame) closeTop(state)
}

/** Closes the innermost frame, whose bracket is missing, and reports it. */
export function closeTop(state: LayoutState): void {
  const { frames, out } = state
  const frame = frames.pop()!
  const opener = frame.opener!
  const closer = closerOf(opener)
  const end = endOf(out.at(-1)!)
  const text = opener.tokenType === token.LeftBrace ? '\n}' : closer.image
  report(state, 'unclosed-bracket', spanOf(opener), `this \`${opener.image}\` is never closed`, {
    label: `no \`${closer.image}\` for it`,
    help: `write \`${closer.image}\` where it should end`,
    fix: { title: `insert \`${closer.image}\``, edits: [{ span: { start: end, end }, text }] },
  })
  dropTrailingComma(state, frame)
  out.push(makeToken(closer.type, '', end))
}

function dropTrailingComma({ out }: LayoutState, frame: Frame): void {
  const hasElement = out.length - 1 > frame.start
  if (TRAILING_COMMA.has(frame.kind) && hasElement && out.at(-1)?.tokenType === token.Comma)
    out.pop()
}
