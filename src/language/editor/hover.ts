import { typeAt } from '../../check/type-at.ts'
import type { Type } from '../../check/checked-module.ts'
import { placementName } from '../../check/placement-name.ts'
import type { Span } from '../../diagnostics/source.ts'
import { operatorByName } from '../../operators/table.ts'
import type { Operator } from '../../operators/operator.ts'
import { showInterval } from '../../operators/interval.ts'
import { operatorSignature } from '../../resolve/arguments.ts'
import type { Documentation, Expression } from '../../syntax/ast.ts'
import { axes } from '../../syntax/axis-argument.ts'
import { printInline } from '../../syntax/print.ts'
import { isLibraryName } from '../imports.ts'
import { wordMarkdown, words } from '../vocabulary/words.ts'
import type { Analysis } from './analysis.ts'
import { equationsAt } from './equations.ts'
import { headOf, localHead } from './heads.ts'
import { isSameEntity, mentionAt, type Entity, type Mention } from './mentions.ts'

/** What an editor shows of a place: Markdown, and the characters it is about. */
export interface Hover {
  readonly span: Span
  readonly markdown: string
}

/** What is known of what stands at the offset; undefined where nothing does that means something. */
export function hoverAt(analysis: Analysis, offset: number): Hover | undefined {
  const mention = mentionAt(analysis.mentions, offset)
  if (mention !== undefined) {
    const parts = [...partsOf(analysis, mention.entity), ...typeParts(typeOf(analysis, mention))]
    return { span: mention.span, markdown: join(inOrder(parts)) }
  }
  return wordHover(analysis, offset) ?? expressionHover(analysis, offset)
}

/** A part of the page, by where it stands. */
interface Part {
  readonly place: 'head' | 'type' | 'text' | 'formula' | 'more'
  readonly markdown: string
}

const PLACES: readonly Part['place'][] = ['head', 'type', 'text', 'formula', 'more']

const inOrder = (parts: readonly Part[]): readonly Part[] =>
  PLACES.flatMap((place) => parts.filter((part) => part.place === place))

const join = (parts: readonly Part[]): string =>
  parts
    .map(({ markdown }) => markdown)
    .filter((text) => text !== '')
    .join('\n\n')

const code = (text: string): string => `\`\`\`opt\n${text}\n\`\`\``

/** A documentation comment as Markdown: its lines as they are. */
const documentation = (lines: Documentation): Part => ({
  place: 'text',
  markdown: lines.map((line) => (line === '' ? '' : `${line}  `)).join('\n'),
})

function partsOf(analysis: Analysis, entity: Entity): readonly Part[] {
  switch (entity.kind) {
    case 'operator':
      return entity.rows.flatMap(operatorParts)
    case 'builtin':
      return [{ place: 'head', markdown: code(entity.name) }, ...wordParts(entity.name)]
    case 'constant':
      return [
        { place: 'head', markdown: code(`${entity.name} = ${entity.value}`) },
        ...wordParts(entity.name),
      ]
    case 'axis':
      return [
        { place: 'head', markdown: code(entity.name) },
        { place: 'text', markdown: `An axis of the parameter, as are ${axes.join(' and ')}.` },
      ]
    case 'module':
      return [{ place: 'head', markdown: code(`"${entity.specifier}"`) }]
    case 'result':
      return wordParts(entity.name)
    case 'local':
      return [
        { place: 'head', markdown: code(localHead(entity.declaration)) },
        documentation(entity.declaration.documentation),
      ]
    case 'declaration': {
      const { declaration, path } = entity
      const equations = equationsAt(analysis, declaration)
      return [
        { place: 'head', markdown: code(headOf(declaration)) },
        documentation(declaration.documentation),
        ...(equations === undefined
          ? []
          : [{ place: 'formula' as const, markdown: code(equations.join('\n')) }]),
        ...(isLibraryName(path) ? [{ place: 'more' as const, markdown: `In \`${path}\`.` }] : []),
      ]
    }
  }
}

/** What the table says of an operator: how it is called, what it gives, by which formula. */
function operatorParts(operator: Operator): readonly Part[] {
  const { summary, formula, definition, fixity, parameters } = operator
  const written =
    fixity === undefined
      ? operatorSignature(operator)
      : fixity.position === 'prefix'
        ? `${fixity.symbol} ${parameters[0]!.name}`
        : parameters.map(({ name }) => name).join(` ${fixity.symbol} `)
  return [
    { place: 'head', markdown: code(written) },
    { place: 'text', markdown: summary },
    { place: 'formula', markdown: `$${formula}$` },
    ...(definition === undefined
      ? []
      : [{ place: 'more' as const, markdown: `Made of other operators: \`${definition}\`` }]),
  ]
}

/** What the reference says of a word of the language. */
function wordParts(word: string): readonly Part[] {
  const found = words.find(({ name }) => name === word)
  return found === undefined ? [] : [{ place: 'text', markdown: wordMarkdown(found) }]
}

function wordHover(analysis: Analysis, offset: number): Hover | undefined {
  const token = analysis.lexed.tokens.find(
    ({ startOffset, image }) => startOffset <= offset && offset < startOffset + image.length,
  )
  if (token === undefined || !/^[a-z]+$/.test(token.image)) return undefined
  const parts = wordParts(token.image)
  return parts.length === 0
    ? undefined
    : {
        span: { start: token.startOffset, end: token.startOffset + token.image.length },
        markdown: join(parts),
      }
}

function expressionHover({ checked }: Analysis, offset: number): Hover | undefined {
  const typed = typeAt(checked, offset)
  if (typed === undefined) return undefined
  const { expression, type } = typed
  const operator = operatorOf(expression)
  const parts: readonly Part[] = [
    { place: 'head', markdown: code(printInline(expression)) },
    ...typeParts(type),
    ...(operator === undefined
      ? []
      : operatorParts(operator).filter(({ place }) => place !== 'head')),
  ]
  return { span: expression.span, markdown: join(parts) }
}

function operatorOf(expression: Expression): Operator | undefined {
  return expression.kind === 'unary' || expression.kind === 'binary'
    ? operatorByName(expression.operator)
    : undefined
}

/** The type of what a mention stands for: of the expression there, else of what is declared or assigned. */
function typeOf({ checked, mentions }: Analysis, mention: Mention): Type | undefined {
  const { types } = checked
  if (mention.expression !== undefined) return types.get(mention.expression)
  const { entity } = mention
  if (entity.kind !== 'local') return undefined
  if (entity.declaration.kind === 'let') return types.get(entity.declaration.value)
  for (const other of mentions) {
    if (other.expression === undefined || !isSameEntity(other.entity, entity)) continue
    const type = types.get(other.expression)
    if (type !== undefined) return type
  }
  return undefined
}

const KNOWN: Readonly<Record<Type['known'], string>> = {
  constant: 'when compiling',
  build: 'when the optimizer is built',
  step: 'once the step number is known',
  gradient: 'with the gradient',
}

/** A type in words: when it is known, one for what, in which interval. */
export function describeType(type: Type): string {
  const { known, interval, boolean } = type
  return [
    boolean ? 'A condition.' : undefined,
    `Known: \`${known}\` (${KNOWN[known]}).`,
    `Extent: \`${type.extent}\` (${placementName(type)}).`,
    boolean
      ? undefined
      : `Interval: \`${showInterval(interval)}\`${interval.nan ? ' or NaN' : ''}.`,
  ]
    .filter((line) => line !== undefined)
    .join('  \n')
}

function typeParts(type: Type | undefined): readonly Part[] {
  return type === undefined ? [] : [{ place: 'type', markdown: describeType(type) }]
}
