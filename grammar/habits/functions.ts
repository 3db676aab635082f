import { STATEMENT_WORDS } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { imageAt, spanFrom, textOf, typeAt, type Find, type Reading } from './reading.ts'

/** The head of a function: its parameters, and the place where its body starts. */
interface Head {
  readonly parameters: string
  readonly body: number
}

/** `f = lambda x: ...`, `f = x => ...`, `f = @(x) ...`, `f(x) = ...`. */
export const findFunction: Find = (reading, index) => {
  const line = reading.lines[reading.lineOf[index]!]
  if (line?.first !== index || line.depth > 0) return undefined
  const declares =
    typeAt(reading, index) === token.Let || STATEMENT_WORDS[imageAt(reading, index)] === 'let'
  const name = index + (declares ? 1 : 0)
  if (typeAt(reading, name) !== token.Identifier) return undefined
  const head =
    typeAt(reading, name + 1) === token.Equals
      ? (readLambda(reading, name + 2) ??
        readArrow(reading, name + 2) ??
        readHandle(reading, name + 2))
      : readDefinition(reading, name)
  if (head === undefined || head.body >= line.last) return undefined
  const { parameters, body } = head
  const isBlock = typeAt(reading, body) === token.LeftBrace
  const write = `fn ${imageAt(reading, name)}(${parameters})`
  const start = reading.tokens[index]!.startOffset
  return {
    code: 'foreign-function',
    span: spanFrom(reading, index, body),
    message: `a function is written \`fn ${imageAt(reading, name)}(${parameters}) = ...\``,
    edits: [
      {
        span: { start, end: reading.tokens[body]!.startOffset },
        text: isBlock ? `${write} ` : `${write} = `,
      },
    ],
    title: `write \`${write}\``,
  }
}

function readLambda(reading: Reading, place: number): Head | undefined {
  if (imageAt(reading, place) !== 'lambda') return undefined
  let colon = place + 1
  while (typeAt(reading, colon) === token.Identifier || typeAt(reading, colon) === token.Comma)
    colon += 1
  if (typeAt(reading, colon) !== token.Colon) return undefined
  return { parameters: textOf(reading, place + 1, colon), body: colon + 1 }
}

function readArrow(reading: Reading, place: number): Head | undefined {
  const list = readParameters(reading, place)
  const isSingle = list === undefined && typeAt(reading, place) === token.Identifier
  const arrow = list?.body ?? place + 1
  const image = imageAt(reading, arrow)
  if ((list === undefined && !isSingle) || (image !== '=>' && image !== '->')) return undefined
  return { parameters: list?.parameters ?? imageAt(reading, place), body: arrow + 1 }
}

/** MATLAB's handle of a function. */
function readHandle(reading: Reading, place: number): Head | undefined {
  return imageAt(reading, place) === '@' ? readParameters(reading, place + 1) : undefined
}

function readDefinition(reading: Reading, name: number): Head | undefined {
  const list = readParameters(reading, name + 1)
  if (list === undefined || typeAt(reading, list.body) !== token.Equals) return undefined
  return { ...list, body: list.body + 1 }
}

/** Names between parentheses. */
function readParameters(reading: Reading, open: number): Head | undefined {
  const close = typeAt(reading, open) === token.LeftParen ? reading.partners.get(open) : undefined
  if (close === undefined) return undefined
  for (let place = open + 1; place < close; place++)
    if (typeAt(reading, place) !== ((place - open) % 2 === 1 ? token.Identifier : token.Comma))
      return undefined
  return { parameters: textOf(reading, open + 1, close), body: close + 1 }
}
