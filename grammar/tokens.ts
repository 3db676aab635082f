import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain'
import { isWord } from '../src/operators/table.ts'
import { fixities } from './fixities.ts'

export type { IToken, TokenType }

/** Stands for every infix operator in the productions. */
export const Infix = createToken({ name: 'Infix', pattern: Lexer.NA })
/** Stands for every prefix operator in the productions. */
export const Prefix = createToken({ name: 'Prefix', pattern: Lexer.NA })
/** Every token that can stand in a broken list element: all but line ends, commas and brackets. */
export const Stray = createToken({ name: 'Stray', pattern: Lexer.NA })
/** Names, and the words that are names where they start no construct. */
export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: Stray,
})

/**
 * Runs on to the end of anything that looks like a number, so that `1.2.3`, `0x10` and `2x` are one bad number and not
 * a number with something after it.
 */
export const NumberToken = createToken({
  name: 'Number',
  pattern: /(?:[0-9]|\.[0-9])(?:[eE][+-](?=[0-9])|[0-9A-Za-z_.])*/,
  categories: Stray,
})

/** A text in quotes; the closing quote is missing when the line ended first. */
export const StringToken = createToken({
  name: 'String',
  pattern: /"[^"\n\r]*"?|'[^'\n\r]*'?/,
  line_breaks: false,
  categories: Stray,
})

const word = (text: string): TokenType =>
  createToken({
    name: text[0]!.toUpperCase() + text.slice(1),
    pattern: text,
    longer_alt: Identifier,
    categories: Stray,
  })

export const Optimizer = word('optimizer')
export const Schedule = word('schedule')
export const Decay = word('decay')
export const Fn = word('fn')
export const Space = word('space')
export const Import = word('import')
export const From = word('from')
export const As = word('as')
export const Let = word('let')
export const State = word('state')
export const Return = word('return')
export const If = word('if')
export const Else = word('else')
export const In = word('in')

/** `else if`, which the layout makes one token of. */
export const ElseIf = createToken({ name: 'ElseIf', pattern: Lexer.NA, categories: Stray })
/** A name before `=` between the parentheses of a call, told from other names by the layout. */
export const ArgumentName = createToken({
  name: 'ArgumentName',
  pattern: Lexer.NA,
  categories: Stray,
})

/** Words that are always words of the language and never names. */
export const reservedWords: readonly TokenType[] = [Let, State, Return, If, Else, In, Fn, Import]
/** Words of the language only where their construct can stand; names everywhere else. */
export const contextualWords: readonly TokenType[] = [Optimizer, Schedule, Decay, Space, From, As]

const sign = (name: string, pattern: string, categories: TokenType[] = []): TokenType =>
  createToken({ name, pattern, categories })

export const LeftParen = sign('LeftParen', '(')
export const RightParen = sign('RightParen', ')')
export const LeftBracket = sign('LeftBracket', '[')
export const RightBracket = sign('RightBracket', ']')
export const LeftBrace = sign('LeftBrace', '{')
export const RightBrace = sign('RightBrace', '}')
export const Comma = sign('Comma', ',')
export const Colon = sign('Colon', ':', [Stray])
export const Equals = sign('Equals', '=', [Stray])

const symbols = [...new Set(fixities.map((fixity) => fixity.symbol))]
const words = new Set(fixities.filter(isWord).map((fixity) => fixity.symbol))

/** The token of each operator symbol of the operator table, longest symbol first. */
export const operatorTokens: readonly TokenType[] = symbols
  .sort((a, b) => b.length - a.length)
  .map((symbol) =>
    createToken({
      name: `Operator(${symbol})`,
      label: symbol,
      pattern: symbol,
      ...(words.has(symbol) && { longer_alt: Identifier }),
      categories: [
        Stray,
        ...(fixities.some((f) => f.symbol === symbol && f.position === 'infix') ? [Infix] : []),
        ...(fixities.some((f) => f.symbol === symbol && f.position === 'prefix') ? [Prefix] : []),
      ],
    }),
  )

/** Operators that are written as words, which are never names. */
export const operatorWords: readonly TokenType[] = operatorTokens.filter(({ LABEL }) =>
  words.has(LABEL!),
)
const operatorSigns = operatorTokens.filter((type) => !operatorWords.includes(type))

/** What another language would write here. The layout reports it and puts what is meant in its place. */
export const Foreign = createToken({
  name: 'Foreign',
  pattern: /\*\*=?|:=|&&?|\|\|?|\+\+|[+\-*/%^]=(?!=)|===|!==|~=|=>|->|!(?!=)|[;?%~@$\\`.]/,
  line_breaks: false,
  categories: Stray,
})

/** A comment as Python, R and the shell write it. */
export const HashComment = createToken({
  name: 'HashComment',
  pattern: /#[^\n\r]*/,
  line_breaks: false,
  categories: Foreign,
})

/** A comment as C and JavaScript write it, up to the end of the file when it is not closed. */
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/,
  line_breaks: true,
  start_chars_hint: ['/'],
  categories: Foreign,
})

/** A `///` line; four slashes and more are an ordinary comment. */
export const DocumentationComment = createToken({
  name: 'DocumentationComment',
  pattern: /\/\/\/(?!\/)[^\n\r]*/,
  line_breaks: false,
  group: 'comments',
})

/** A `//` line. */
export const Comment = createToken({
  name: 'Comment',
  pattern: /\/\/[^\n\r]*/,
  line_breaks: false,
  group: 'comments',
})

/** The end of a line, before the layout decides whether it ends anything. */
export const LineBreak = createToken({
  name: 'LineBreak',
  pattern: /\r\n|\n|\r/,
  line_breaks: true,
})

/** Ends a statement, a declaration or an entry. Made by the layout. */
export const Newline = createToken({ name: 'Newline', pattern: Lexer.NA })

/** Stands for an expression that cannot be read and has been reported. Made by the layout. */
export const Placeholder = createToken({
  name: 'Placeholder',
  pattern: Lexer.NA,
  categories: Stray,
})

const Blank = createToken({
  name: 'Blank',
  pattern: /[ \t\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/,
  line_breaks: false,
  group: Lexer.SKIPPED,
})

/** Characters that belong to no token, as many as stand together. Made by `lex`. */
export const Unknown = createToken({ name: 'Unknown', pattern: Lexer.NA, categories: Stray })

/** Every token, in the order in which the lexer tries them. */
export const vocabulary: TokenType[] = [
  Blank,
  LineBreak,
  DocumentationComment,
  Comment,
  BlockComment,
  HashComment,
  ...contextualWords,
  ...reservedWords,
  ...operatorWords,
  Identifier,
  NumberToken,
  StringToken,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Foreign,
  ...operatorSigns,
  Colon,
  Equals,
  Infix,
  Prefix,
  Stray,
  Newline,
  Placeholder,
  Unknown,
  ElseIf,
  ArgumentName,
]
