import type { IToken } from '../../../../grammar/tokens.ts'
import {
  As,
  Comma,
  Decay,
  Fn,
  From,
  Identifier,
  Import,
  LeftBrace,
  LeftParen,
  Let,
  Optimizer,
  RightBrace,
  Schedule,
  Space,
  State,
  StringToken,
} from '../../../../grammar/tokens.ts'
import { OVER } from '../../../syntax/axis-argument.ts'
import type { Analysis } from '../analysis.ts'
import { importCompletions, nameCompletions } from './imports.ts'
import {
  argumentCompletions,
  axisCompletions,
  constantCompletions,
  entryCompletions,
  functionCompletions,
  statementCompletions,
  valueCompletions,
} from './names.ts'
import type { Completion, Completions } from './item.ts'
import { openCallAt } from '../signature.ts'
import type { Workspace } from '../workspace.ts'

/** What can be written at the offset, on any text, also a broken one. */
export function completionsAt(
  analysis: Analysis,
  offset: number,
  workspace: Workspace,
): Completions {
  const { text } = analysis.source
  const start = offset - /[A-Za-z0-9_]*$/.exec(text.slice(0, offset))![0].length
  const span = { start, end: offset }
  if (isInComment(analysis, offset)) return { span, items: [] }
  const string = tokenAround(analysis, offset)
  if (string !== undefined)
    return {
      span: { start: string.startOffset + 1, end: offset },
      items: importCompletions(analysis, workspace),
    }
  // Behind the first digit of a number nothing is completed.
  if (/[0-9]/.test(text[start] ?? '') && start < offset) return { span, items: [] }
  return { span, items: itemsAt(analysis, start, workspace) }
}

function itemsAt(analysis: Analysis, start: number, workspace: Workspace): readonly Completion[] {
  const before = analysis.lexed.tokens.filter(
    ({ startOffset, image }) => startOffset + image.length <= start,
  )
  const last = before.at(-1)
  const imported = importAround(before)
  if (imported) return nameCompletions(analysis, start, workspace)
  if (last !== undefined && NAMING.includes(last.tokenType)) return []
  const space = analysis.module.items.find(
    ({ kind, span }) => kind === 'space' && span.start < start && start <= span.end,
  )
  if (space !== undefined && beginsLine(analysis, last, start)) return entryCompletions()
  const parameters = isInParameters(analysis, start)
  if (parameters)
    return last?.image === '=' || last?.tokenType === LeftParen ? constantCompletions() : []
  const call = openCallAt(analysis, start)
  if (call === undefined && beginsLine(analysis, last, start))
    return statementCompletions(analysis, start)
  if (call?.name !== undefined && last?.image === '=' && isAxis(analysis, call.callee, call.name))
    return axisCompletions()
  const isFresh = last?.tokenType === Comma || last?.tokenType === LeftParen
  return [
    ...(call !== undefined && isFresh ? argumentCompletions(analysis, call) : []),
    ...valueCompletions(analysis, start),
    ...functionCompletions(analysis),
  ]
}

/** Behind these words stands a name that is not there yet. */
const NAMING = [As, Decay, Fn, Let, Optimizer, Schedule, Space, State]

function isInComment({ lexed, source }: Analysis, offset: number): boolean {
  return lexed.comments.some(
    ({ start, end }) =>
      start < offset && (offset < end || (offset === end && !/[\n\r]/.test(source.text[end - 1]!))),
  )
}

/** The text in quotes around the offset. */
function tokenAround({ lexed }: Analysis, offset: number): IToken | undefined {
  return lexed.tokens.find(({ tokenType, startOffset, image }) => {
    if (tokenType !== StringToken) return false
    const isClosed = image.length > 1 && image.at(-1) === image[0]
    const end = startOffset + image.length - (isClosed ? 1 : 0)
    return startOffset < offset && offset <= end
  })
}

/** Whether the tokens end inside the braces of an import. */
function importAround(before: readonly IToken[]): boolean {
  for (let place = before.length - 1; place >= 0; place--) {
    const { tokenType } = before[place]!
    if (tokenType === LeftBrace) return before[place - 1]?.tokenType === Import
    if (tokenType !== Identifier && tokenType !== Comma && tokenType !== As) return false
  }
  return false
}

/** Whether a statement may begin at the offset: on a new line, or behind a brace. */
function beginsLine({ source }: Analysis, last: IToken | undefined, start: number): boolean {
  if (last === undefined) return true
  if (last.tokenType === LeftBrace || last.tokenType === RightBrace) return true
  const end = last.startOffset + last.image.length
  const goesOn = /^(?:[-+*/^=<>,([]|and|or|not|in)/.test(last.image) && last.tokenType !== From
  return !goesOn && /[\n\r]/.test(source.text.slice(end, start))
}

/** Whether the offset is between the parentheses of a declaration. */
function isInParameters({ module }: Analysis, start: number): boolean {
  return module.items.some((item) => {
    if (item.kind === 'function')
      return item.parentheses.start < start && start < item.parentheses.end
    return item.kind === 'optimizer' && item.name.span.end < start && start < item.body.span.start
  })
}

function isAxis({ resolved }: Analysis, callee: string, name: string): boolean {
  return name === OVER && !resolved.scope.functions.has(callee)
}
