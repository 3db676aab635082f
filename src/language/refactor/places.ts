import { lex } from '../../../grammar/lex.ts'
import { Equals, Identifier } from '../../../grammar/tokens.ts'
import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import { builtins, constants, EVALUATE, UPDATE } from '../../resolve/builtins.ts'
import { operatorNames } from '../../resolve/scope.ts'
import type {
  Expression,
  FunctionDeclaration,
  Item,
  Module,
  Node,
  Statement,
} from '../../syntax/ast.ts'
import { equal, replaceNode, visit } from '../../syntax/traverse.ts'
import { parseExpression } from '../../syntax/parse-expression.ts'
import type { Analysis } from '../editor/analysis.ts'
import { applyEdits } from '../editor/edits.ts'

/** The nodes that hold a part of a text, from the module inwards. */
export function nodesAround(module: Module, { start, end }: Span): readonly Node[] {
  const found: Node[] = []
  visit(module, {
    enter: (node) => {
      const holds = node.span.start <= start && end <= node.span.end
      if (holds) found.push(node)
      return holds
    },
  })
  return found
}

const EXPRESSIONS = new Set<Node['kind']>(['number', 'name', 'unary', 'binary', 'call'])
const STATEMENTS = new Set<Node['kind']>(['let', 'state', 'assign', 'return', 'if'])

export const isExpression = (node: Node | undefined): node is Expression =>
  node !== undefined && EXPRESSIONS.has(node.kind)

export const isStatement = (node: Node | undefined): node is Statement =>
  node !== undefined && STATEMENTS.has(node.kind)

/** The innermost statement among nodes around a place; undefined where it is in none. */
export function statementIn(around: readonly Node[]): Statement | undefined {
  return around.findLast(isStatement)
}

/** The declaration or statement of the file that nodes around a place are in. */
export function itemIn(around: readonly Node[]): Item | undefined {
  const item = around[1]
  return item === undefined || item.kind === 'identifier' ? undefined : (item as Item)
}

/** A name that nothing in the file has, made of the one that is wanted. */
export function freeName({ lexed, resolved }: Analysis, wanted: string): string {
  const taken = new Set([
    ...lexed.tokens.map(({ image }) => image),
    ...resolved.scope.functions.keys(),
    ...operatorNames,
    ...Object.keys(builtins),
    ...constants.keys(),
    UPDATE,
    EVALUATE,
  ])
  const isName = lex(wanted).tokens[0]?.tokenType === Identifier
  const base = isName ? wanted : `${wanted}_value`
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}${number}`
  return name
}

/** How lines end in a text. */
export function lineEnd({ source }: Analysis): string {
  return /^[^\n]*\r\n/.test(source.text) ? '\r\n' : '\n'
}

/** The edit that puts lines above a node, above its documentation, indented as it is. */
export function linesAbove(analysis: Analysis, node: Node, lines: readonly string[]): TextEdit {
  const { text } = analysis.source
  const end = lineEnd(analysis)
  const startOfLine = (offset: number): number => {
    let start = offset
    while (start > 0 && !/[\n\r]/.test(text[start - 1]!)) start--
    return start
  }
  let start = startOfLine(node.span.start)
  const indent = text.slice(start, node.span.start)
  // What stands behind something on its line has the new lines between.
  if (indent.trim() !== '')
    return {
      span: { start: node.span.start, end: node.span.start },
      text: lines.map((line) => line + end).join(''),
    }
  while (start > 0) {
    const above = startOfLine(start - (text.slice(start - 2, start) === '\r\n' ? 2 : 1))
    if (!text.slice(above, start).trimStart().startsWith('//')) break
    start = above
  }
  return {
    span: { start, end: start },
    text: lines.map((line) => (line === '' ? '' : indent + line) + end).join(''),
  }
}

/** The edits that give a function whose body is an expression a block, with statements above its value. */
export function bodyAsBlock(
  analysis: Analysis,
  declaration: FunctionDeclaration,
  statements: readonly string[],
): readonly TextEdit[] {
  const { parentheses, span } = declaration
  const end = lineEnd(analysis)
  const equals = analysis.lexed.tokens.find(
    ({ tokenType, startOffset }) => tokenType === Equals && startOffset >= parentheses.end,
  )
  if (equals === undefined) return []
  const after = equals.startOffset + 1
  const blank = /^\s*/.exec(analysis.source.text.slice(after))![0].length
  const lines = statements.map((statement) => `  ${statement}${end}`).join('')
  return [
    {
      span: { start: parentheses.end, end: after + blank },
      text: ` {${end}${lines}  return `,
    },
    { span: { start: span.end, end: span.end }, text: `${end}}` },
  ]
}

/**
 * The edit that puts `replacement`, which is written as `text`, in the place of an expression, in parentheses only where
 * what is around would be read differently without. `around`: the nodes around the expression.
 */
export function replaceExpression(
  { source }: Analysis,
  around: readonly Node[],
  target: Expression,
  replacement: Expression,
  text: string,
): TextEdit {
  const root = around.slice(around.findLastIndex((node) => !isInExpression(node)) + 1)[0]
  const { span } = target
  const bare = { span, text }
  if (root === undefined || !isExpression(root) || root === target) return bare
  const { start, end } = root.span
  const edit = { span: { start: span.start - start, end: span.end - start }, text }
  const read = parseExpression({
    path: source.path,
    text: applyEdits(source.text.slice(start, end), [edit]),
  })
  const wanted = replaceNode(root, target, replacement)
  return read.diagnostics.length === 0 && equal(read.value, wanted)
    ? bare
    : { span, text: `(${text})` }
}

const isInExpression = (node: Node): boolean =>
  isExpression(node) || node.kind === 'argument' || node.kind === 'identifier'
