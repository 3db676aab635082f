import { lex } from '../../grammar/lex.ts'
import {
  contextualWords,
  NumberToken,
  operatorTokens,
  operatorWords,
  reservedWords,
  StringToken,
  type TokenType,
} from '../../grammar/tokens.ts'
import { escapeText, tag } from './html.ts'

/** A stretch of a program with the class it is coloured by. */
export interface Stretch {
  readonly text: string
  readonly kind: string | undefined
}

/** A line of a program cut at its tokens; together the stretches are the line. */
export function stretchesOf(line: string): readonly Stretch[] {
  const { tokens, comments } = lex(line)
  const pieces = [
    ...tokens.map((token, index) => ({
      start: token.startOffset,
      text: token.image,
      kind: kindOf(token.tokenType, tokens[index + 1]?.image),
    })),
    ...comments.map(({ start, text }) => ({ start, text, kind: 'comment' })),
  ].sort((a, b) => a.start - b.start)
  const result: Stretch[] = []
  let end = 0
  for (const { start, text, kind } of pieces) {
    if (text === '') continue
    if (start > end) result.push({ text: line.slice(end, start), kind: undefined })
    result.push({ text, kind })
    end = start + text.length
  }
  if (end < line.length) result.push({ text: line.slice(end), kind: undefined })
  return result
}

const words: ReadonlySet<TokenType> = new Set([
  ...reservedWords,
  ...operatorWords,
  ...contextualWords,
])
const operators: ReadonlySet<TokenType> = new Set(operatorTokens)

function kindOf(type: TokenType, after: string | undefined): string | undefined {
  if (words.has(type)) return 'keyword'
  if (type === NumberToken) return 'numeral'
  if (type === StringToken) return 'string'
  if (operators.has(type)) return 'operator'
  return after === '(' ? 'call' : undefined
}

/** A stretch as markup. */
export function stretchMarkup({ text, kind }: Stretch): string {
  return kind === undefined ? escapeText(text) : tag('span', { class: kind }, escapeText(text))
}

/** An `.opt` text with its words in colours. */
export function highlightProgram(text: string): string {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => stretchesOf(line).map(stretchMarkup).join(''))
  return tag('pre', { class: 'code' }, tag('code', {}, lines.join('\n')))
}

const TYPESCRIPT =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*)|('(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\b(abstract|as|async|await|class|const|else|export|extends|for|from|function|if|implements|import|interface|let|new|null|of|override|private|public|readonly|return|static|super|this|throw|type|undefined|while)\b|\b(\d[\d_.]*(?:e[+-]?\d+)?)\b/g

const PYTHON =
  /(r?"""[\s\S]*?"""|#[^\n]*)|([rf]?"(?:[^"\\\n]|\\.)*")|\b(and|as|assert|break|class|continue|def|elif|else|except|finally|for|from|if|import|in|is|lambda|None|not|or|pass|raise|return|self|super|True|False|try|while|with|yield)\b|\b(\d[\d_.]*(?:e[+-]?\d+)?)\b/g

/** A TypeScript text with comments, texts, words of the language and numbers in colours. */
export function highlightTypeScript(text: string): string {
  return highlighted(text, TYPESCRIPT)
}

/** The same of Python; docstrings are comments. */
export function highlightPython(text: string): string {
  return highlighted(text, PYTHON)
}

/** A text with what a pattern finds in colours: its groups are comments, texts, words and numbers. */
function highlighted(text: string, pattern: RegExp): string {
  let end = 0
  let markup = ''
  for (const match of text.matchAll(pattern)) {
    const [whole, comment, quoted, keyword] = match
    const kind =
      comment !== undefined
        ? 'comment'
        : quoted !== undefined
          ? 'string'
          : keyword !== undefined
            ? 'keyword'
            : 'numeral'
    markup += escapeText(text.slice(end, match.index))
    markup += tag('span', { class: kind }, escapeText(whole))
    end = match.index + whole.length
  }
  markup += escapeText(text.slice(end).trimEnd())
  return tag('pre', { class: 'code' }, tag('code', {}, markup))
}
