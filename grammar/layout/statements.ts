import { endOf, spanOf, makeToken } from '../lex.ts'
import {
  CARRIES_ON,
  CLOSERS,
  ENDS_OPERAND,
  OPENERS,
  startsDeclaration,
  STATEMENTS,
  takesName,
  WANTS_MORE,
  wantsBlock,
} from '../token-sets.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { closeTo } from './brackets.ts'
import {
  atStart,
  ELSE_IF_WORDS,
  endStatement,
  headOf,
  LINES,
  linesOf,
  report,
  topOf,
  type LayoutState,
} from './state.ts'

/** Ends what the end of a line ends before `current`, the first token of the next. */
export function afterLineBreak(
  state: LayoutState,
  current: IToken,
  next: IToken | undefined,
): void {
  if (state.out.length === 0) return
  const starts = startsStatement(state, current, next)
  if (declares(state, current, next) && inFirstColumn(state, current))
    closeTo(state, state.frames[0]!)
  if (!LINES.has(topOf(state).kind)) {
    if (!starts) {
      separateElements(state, current)
      return
    }
    closeTo(state, linesOf(state))
  }
  if (!atStart(state) && !carriesOn(state, current, starts)) endStatement(state)
}

/** A word that starts a declaration and is followed by a name on its line; a name itself may stand on the next. */
function declares(
  { firstOnLine }: LayoutState,
  current: IToken,
  next: IToken | undefined,
): boolean {
  return next !== undefined && !firstOnLine.has(next) && startsDeclaration(current, next)
}

function inFirstColumn({ source }: LayoutState, { startOffset }: IToken): boolean {
  return startOffset === 0 || /[\n\r]/.test(source.text[startOffset - 1]!)
}

function startsStatement(state: LayoutState, current: IToken, next: IToken | undefined): boolean {
  const { tokenType: type } = current
  const following = next?.tokenType
  if (type === token.Let || type === token.State) return following === token.Identifier
  if (type === token.Return || type === token.If) return true
  if (declares(state, current, next)) return true
  if (type !== token.Identifier || following !== token.Equals) return false
  const { kind } = topOf(state)
  const last = state.out.at(-1)?.tokenType
  if (kind === 'parameters') return false
  return !(kind === 'arguments' && (last === token.Comma || last === token.LeftParen))
}

/** Whether a token that starts a line belongs to the statement of the line before. */
function carriesOn(state: LayoutState, current: IToken, starts: boolean): boolean {
  const last = state.out.at(-1)!.tokenType
  if (last === token.Else && current.tokenType === token.If) return true
  if (WANTS_MORE.has(last) && (!starts || takesName(last))) return true
  if (CARRIES_ON.has(current.tokenType) || endsImport(state, current)) return true
  if (current.tokenType === token.LeftBrace && wantsBlock(headOf(state))) return true
  return CLOSERS.has(current.tokenType)
}

/** Whether a token is the `from` after the names of an import. */
export function endsImport({ out, closedNames }: LayoutState, { tokenType }: IToken): boolean {
  return tokenType === token.From && closedNames && out.at(-1)?.tokenType === token.RightBrace
}

/** Writes the comma that is missing where a parameter or an imported name starts a line. */
function separateElements(state: LayoutState, current: IToken): void {
  const { kind } = topOf(state)
  const last = state.out.at(-1)!
  if (
    (kind !== 'parameters' && kind !== 'names') ||
    current.tokenType !== token.Identifier ||
    WANTS_MORE.has(last.tokenType) ||
    OPENERS.has(last.tokenType)
  )
    return
  const end = endOf(last)
  report(state, 'missing-comma', spanOf(current), `expected a comma before \`${current.image}\``, {
    label: 'a new element starts here',
    fix: { title: 'insert `,`', edits: [{ span: { start: end, end }, text: ',' }] },
  })
  state.out.push(makeToken(token.Comma, '', end))
}

/** Ends a statement before `current` where another starts on the same line, and reports it. */
export function onSameLine(state: LayoutState, current: IToken, next: IToken | undefined): void {
  if (!LINES.has(topOf(state).kind) || atStart(state)) return
  if (!startsOnSameLine(state, current, next)) return
  const last = state.out.at(-1)!
  const head = headOf(state)
  // A statement whose block is missing is reported for that.
  const blockMissing =
    last.tokenType !== token.RightBrace && (head === token.If || head === token.Optimizer)
  if (!blockMissing) {
    const span = { start: endOf(last), end: current.startOffset }
    report(
      state,
      'missing-newline',
      spanOf(current),
      `expected a new line before \`${current.image}\``,
      {
        label: 'a new statement starts here',
        fix: { title: 'start a new line', edits: [{ span, text: '\n' }] },
      },
    )
  }
  endStatement(state)
}

function startsOnSameLine(
  state: LayoutState,
  { tokenType: type, image }: IToken,
  next: IToken | undefined,
): boolean {
  const last = state.out.at(-1)!.tokenType
  if (WANTS_MORE.has(last)) return false
  // An `if` after a value is a choice as Python writes it, and not a new statement.
  if ((STATEMENTS.has(type) && type !== token.If) || type === token.Fn) return true
  if (last === token.RightBrace && !state.closedNames)
    return type !== token.Else && !ELSE_IF_WORDS.has(image) && !CLOSERS.has(type)
  return (
    type === token.Identifier &&
    next?.tokenType === token.Equals &&
    ENDS_OPERAND.has(last) &&
    state.out.length - 1 > topOf(state).start
  )
}
