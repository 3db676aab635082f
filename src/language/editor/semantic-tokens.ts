import type { IToken } from '../../../grammar/tokens.ts'
import {
  contextualWords,
  NumberToken,
  operatorTokens,
  operatorWords,
  reservedWords,
  StringToken,
} from '../../../grammar/tokens.ts'
import type { Span } from '../../diagnostics/source.ts'
import { isLibraryName } from '../imports.ts'
import type { Analysis } from './analysis.ts'
import type { Entity, Mention } from './mentions.ts'

/** What a piece of a text can be, in words of the language server protocol. */
export const tokenTypes = [
  'comment',
  'string',
  'number',
  'keyword',
  'operator',
  'class',
  'function',
  'parameter',
  'variable',
  'property',
  'enumMember',
  'namespace',
] as const

/** What more it can be. */
export const tokenModifiers = ['declaration', 'readonly', 'defaultLibrary', 'modification'] as const

/** A piece of a text on one line with what it is. */
export interface SemanticToken {
  readonly span: Span
  readonly type: (typeof tokenTypes)[number]
  readonly modifiers: readonly (typeof tokenModifiers)[number][]
}

/** What every piece of a text is, in the order of the text; none overlap. */
export function semanticTokensOf({ lexed, mentions }: Analysis): readonly SemanticToken[] {
  const named = new Map(mentions.map((mention) => [mention.span.start, mention]))
  const words = lexed.tokens.flatMap((token): readonly SemanticToken[] => {
    const span = { start: token.startOffset, end: token.startOffset + token.image.length }
    const mention = named.get(span.start)
    if (mention !== undefined && mention.entity.kind !== 'module' && mention.span.end === span.end)
      return [{ span, ...kindOf(mention.entity), ...modifiersOf(mention) }]
    const type = typeOf(token)
    return type === undefined ? [] : [{ span, type, modifiers: [] }]
  })
  const comments = lexed.comments.map(({ start, end }): SemanticToken => ({
    span: { start, end },
    type: 'comment',
    modifiers: [],
  }))
  return [...words, ...comments].sort((a, b) => a.span.start - b.span.start)
}

/** What a token is that means nothing by itself. */
function typeOf({ tokenType }: IToken): SemanticToken['type'] | undefined {
  if (tokenType === NumberToken) return 'number'
  if (tokenType === StringToken) return 'string'
  const isWord = [...reservedWords, ...contextualWords, ...operatorWords].includes(tokenType)
  if (isWord) return 'keyword'
  return operatorTokens.includes(tokenType) ? 'operator' : undefined
}

function kindOf(entity: Entity): Pick<SemanticToken, 'type'> {
  switch (entity.kind) {
    case 'declaration': {
      const { kind } = entity.declaration
      return { type: kind === 'function' ? kind : kind === 'optimizer' ? 'class' : 'namespace' }
    }
    case 'local':
      if (entity.declaration.kind === 'parameter') return { type: 'parameter' }
      return { type: entity.declaration.kind === 'state' ? 'property' : 'variable' }
    case 'operator':
      return { type: 'function' }
    case 'builtin':
      return { type: 'variable' }
    case 'constant':
    case 'axis':
      return { type: 'enumMember' }
    case 'result':
      return { type: 'keyword' }
    case 'module':
      return { type: 'string' }
  }
}

function modifiersOf({ entity, role }: Mention): Pick<SemanticToken, 'modifiers'> {
  const isLibrary =
    entity.kind === 'operator' ||
    entity.kind === 'builtin' ||
    entity.kind === 'constant' ||
    ('path' in entity && isLibraryName(entity.path))
  const isFixed = !(entity.kind === 'local' && entity.declaration.kind === 'state')
  return {
    modifiers: [
      ...(role === 'declaration' ? (['declaration'] as const) : []),
      ...(isFixed && ['local', 'builtin', 'constant'].includes(entity.kind)
        ? (['readonly'] as const)
        : []),
      ...(isLibrary ? (['defaultLibrary'] as const) : []),
      ...(role === 'write' ? (['modification'] as const) : []),
    ],
  }
}
