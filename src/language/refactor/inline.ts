import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import { lineStart } from '../../diagnostics/source.ts'
import type { Call, Expression, FunctionDeclaration, Let, Node } from '../../syntax/ast.ts'
import { printInline } from '../../syntax/print.ts'
import { transform } from '../../syntax/traverse.ts'
import type { Analysis } from '../editor/analysis.ts'
import { isSameEntity, mentionAt, type Entity, type Mention } from '../editor/mentions.ts'
import { nodesAround, replaceExpression } from './places.ts'
import type { FindRefactorings, Refactoring } from './refactoring.ts'

/** Puts the value of a `let` in the place of its name, or what a function is in the place of a call of it. */
export const inlineRefactorings: FindRefactorings = (analysis, selection) => {
  const mention = mentionAt(analysis.mentions, selection.start)
  if (mention === undefined) return []
  const found = inlined(analysis, mention)
  return found === undefined ? [] : [found]
}

function inlined(analysis: Analysis, { entity, expression }: Mention): Refactoring | undefined {
  if (entity.kind === 'local' && entity.declaration.kind === 'let')
    return inlineLet(analysis, entity, entity.declaration)
  if (
    entity.kind === 'declaration' &&
    entity.declaration.kind === 'function' &&
    expression?.kind === 'call'
  )
    return inlineCall(analysis, expression, entity.declaration)
  return undefined
}

function inlineLet(analysis: Analysis, entity: Entity, declaration: Let): Refactoring | undefined {
  const uses = analysis.mentions.filter(
    (mention) => mention.role === 'read' && isSameEntity(mention.entity, entity),
  )
  if (uses.length === 0) return undefined
  const edits = uses.flatMap(({ expression }) =>
    expression === undefined ? [] : [inPlaceOf(analysis, expression, declaration.value)],
  )
  const { name } = declaration.name
  const times = edits.length === 1 ? '' : ` in its ${edits.length} places`
  return {
    title: `inline \`${name}\`${times}`,
    kind: 'refactor.inline',
    edits: [withoutLine(analysis, declaration), ...edits],
  }
}

function inlineCall(
  analysis: Analysis,
  call: Call,
  declaration: FunctionDeclaration,
): Refactoring | undefined {
  const bound = analysis.resolved.tables.calls.get(call)
  const { body, parameters } = declaration
  if (bound?.kind !== 'function' || body.kind === 'block') return undefined
  const { names, implicitDefaults } = analysis.resolved.tables
  const values = new Map(
    parameters.map((parameter, index) => [
      parameter,
      bound.arguments[index] ??
        (implicitDefaults.has(parameter)
          ? builtin(implicitDefaults.get(parameter)!, call)
          : parameter.default),
    ]),
  )
  const written = transform(body, (node: Node): Node => {
    if (node.kind !== 'name') return node
    const resolution = names.get(node)
    return resolution?.kind === 'parameter' ? (values.get(resolution.declaration) ?? node) : node
  })
  return {
    title: `inline this call of \`${call.callee.name}\``,
    kind: 'refactor.inline',
    edits: [inPlaceOf(analysis, call, written, printInline(written))],
  }
}

const builtin = (name: string, { span }: Call): Expression => ({ kind: 'name', name, span })

function inPlaceOf(
  analysis: Analysis,
  target: Expression,
  replacement: Expression,
  text = sourceOf(analysis, replacement),
): TextEdit {
  const around = nodesAround(analysis.module, target.span)
  const place = around.lastIndexOf(target)
  return replaceExpression(analysis, around.slice(0, place + 1), target, replacement, text)
}

/** An expression as it is written, on one line. */
function sourceOf({ source }: Analysis, expression: Expression): string {
  const text = source.text.slice(expression.span.start, expression.span.end)
  return /[\n\r]/.test(text) ? printInline(expression) : text
}

/** The edit that takes a statement out with its line and its documentation. */
function withoutLine({ source: { text } }: Analysis, { span, documentation }: Let): TextEdit {
  let { start, end } = span
  const isAlone =
    text.slice(lineStart(text, start), start).trim() === '' &&
    /^[ \t]*(?:[\n\r]|$)/.test(text.slice(end))
  if (!isAlone) return { span, text: '' }
  start = lineStart(text, start)
  for (let line = 0; line < documentation.length && start > 0; line++)
    start = lineStart(text, start - (text.slice(start - 2, start) === '\r\n' ? 2 : 1))
  end += /^[ \t]*(?:\r\n|\n|\r)?/.exec(text.slice(end))![0].length
  return { span: { start, end }, text: '' }
}
