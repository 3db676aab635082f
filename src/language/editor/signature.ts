import type { IToken } from '../../../grammar/tokens.ts'
import {
  ArgumentName,
  Comma,
  Identifier,
  LeftBrace,
  LeftBracket,
  LeftParen,
  reservedWords,
  RightBrace,
  RightBracket,
  RightParen,
} from '../../../grammar/tokens.ts'
import { operatorsCalled, writtenArguments } from '../../operators/table.ts'
import type { Operator } from '../../operators/operator.ts'
import type { Analysis } from './analysis.ts'
import { parameterHead } from './heads.ts'

/** One way a function is called. */
export interface Signature {
  readonly label: string
  readonly documentation: string
  readonly parameters: readonly {
    readonly name: string
    readonly label: string
    readonly documentation: string
  }[]
}

/** How what is called around a place is called, and which argument is written there. */
export interface SignatureHelp {
  readonly signatures: readonly Signature[]
  readonly active: number
  /** Undefined behind the last parameter. */
  readonly parameter: number | undefined
}

/** The call around an offset, as far as it is written. */
export interface OpenCall {
  readonly callee: string
  /** How many arguments are complete. */
  readonly index: number
  /** The names that arguments are given by before the offset. */
  readonly given: readonly string[]
  /** The name of the argument the offset is in, where one is written. */
  readonly name: string | undefined
}

const OPENING = [LeftParen, LeftBracket, LeftBrace]
const CLOSING = [RightParen, RightBracket, RightBrace]

/** The innermost call whose parentheses are open at the offset; undefined where none is. Works on any text. */
export function openCallAt({ lexed }: Analysis, offset: number): OpenCall | undefined {
  const before = lexed.tokens.filter(
    ({ startOffset, image }) => startOffset + image.length <= offset,
  )
  let depth = 0
  let index = 0
  for (let place = before.length - 1; place >= 0; place--) {
    const { tokenType } = before[place]!
    // No argument holds a statement: what is open above it was never closed.
    if (reservedWords.includes(tokenType)) return undefined
    if (CLOSING.includes(tokenType)) depth += 1
    else if (OPENING.includes(tokenType)) {
      if (depth > 0) depth -= 1
      else {
        const callee = before[place - 1]
        if (tokenType !== LeftParen || callee === undefined || !isName(callee)) return undefined
        // What is declared is not called.
        const declares = before[place - 2]
        if (declares !== undefined && /^(?:fn|decay|schedule|optimizer)$/.test(declares.image))
          return undefined
        const inside = before.slice(place + 1)
        return { callee: callee.image, index, ...namesIn(inside) }
      }
    } else if (tokenType === Comma && depth === 0) index += 1
  }
  return undefined
}

const isName = ({ tokenType, image }: IToken): boolean =>
  tokenType === Identifier || tokenType === ArgumentName || /^[a-z]\w*$/.test(image)

/** The names arguments are given by, in tokens behind an opening parenthesis. */
function namesIn(tokens: readonly IToken[]): Pick<OpenCall, 'given' | 'name'> {
  const given: string[] = []
  let name: string | undefined
  let depth = 0
  let isFirst = true
  for (const [place, token] of tokens.entries()) {
    if (OPENING.includes(token.tokenType)) depth += 1
    if (CLOSING.includes(token.tokenType)) depth -= 1
    if (depth === 0 && token.tokenType === Comma) {
      name = undefined
      isFirst = true
      continue
    }
    if (isFirst && tokens[place + 1]?.image === '=' && isName(token)) {
      name = token.image
      given.push(token.image)
    }
    isFirst = false
  }
  return { given, name }
}

/** How what is called around the offset is called. */
export function signatureAt(analysis: Analysis, offset: number): SignatureHelp | undefined {
  const call = openCallAt(analysis, offset)
  const signatures = call === undefined ? [] : signaturesOf(analysis, call.callee)
  if (call === undefined || signatures.length === 0) return undefined
  const fitting = signatures.findIndex(({ parameters }) => parameters.length > call.index)
  const active = Math.max(0, fitting)
  const { parameters } = signatures[active]!
  const byName = parameters.findIndex(({ name }) => name === call.name)
  const parameter = call.name === undefined ? call.index : byName
  return {
    signatures,
    active,
    parameter: parameter >= 0 && parameter < parameters.length ? parameter : undefined,
  }
}

/** Every way something is called. */
export function signaturesOf({ resolved }: Analysis, name: string): readonly Signature[] {
  const declaration = resolved.scope.functions.get(name)
  if (declaration === undefined) return operatorsCalled(name).map(operatorSignature)
  const parameters = declaration.parameters.map((parameter) => ({
    name: parameter.name.name,
    label: parameterHead(parameter),
    documentation: parameter.documentation.join('\n'),
  }))
  return [
    {
      label: `${name}(${parameters.map(({ label }) => label).join(', ')})`,
      documentation: declaration.documentation.join('\n'),
      parameters,
    },
  ]
}

function operatorSignature(operator: Operator): Signature {
  const { callName, name, summary } = operator
  const parameters = writtenArguments(operator).map((written) => ({
    name: written.replace(/ =.*/, ''),
    label: written,
    documentation: '',
  }))
  return {
    label: `${callName ?? name}(${parameters.map(({ label }) => label).join(', ')})`,
    documentation: summary,
    parameters,
  }
}
