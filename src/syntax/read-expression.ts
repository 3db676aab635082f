import type { CstNode } from 'chevrotain'
import { fixities } from '../../grammar/fixities.ts'
import { endOf, spanOf } from '../../grammar/lex.ts'
import type { IToken } from '../../grammar/tokens.ts'
import type { Span } from '../diagnostics/source.ts'
import { conjunctionOperator } from '../operators/table.ts'
import type { Argument, Call, Expression } from './ast.ts'
import { readNumber } from './read-number.ts'
import {
  identifierOf,
  missingAt,
  nodeOf,
  nodesOf,
  spanOfNode,
  tokenOf,
  tokensOf,
  type Reader,
} from './reader.ts'

const INFIX = new Map(
  fixities.filter(({ position }) => position === 'infix').map((row) => [row.symbol, row]),
)
const PREFIX = new Map(
  fixities.filter(({ position }) => position === 'prefix').map((row) => [row.symbol, row]),
)

/** The symbol an operator's token stands for, whatever it was written as. */
function symbolOf(token: IToken): string {
  return token.tokenType.LABEL ?? token.image
}

/** An expression with the parentheses around it, which the tree does not keep. */
interface Operand {
  readonly expression: Expression
  readonly outer: Span
}

interface Pending {
  readonly token: IToken
  readonly prefix: boolean
  readonly operator: string
  readonly precedence: number
  readonly associativity: 'left' | 'right' | 'none'
}

/** The expression a node of the rule `expression` writes; `missing` at offset `fallback` where there is none. */
export function readExpression(
  reader: Reader,
  node: CstNode | undefined,
  fallback: number,
  statement: number,
): Expression {
  return readOperand(reader, node, fallback, statement).expression
}

/**
 * Makes the tree of a flat sequence of operands and operators by precedence, with two stacks instead of recursion, so
 * that a long chain of operators needs no deep call stack here.
 */
function readOperand(
  reader: Reader,
  node: CstNode | undefined,
  fallback: number,
  statement: number,
): Operand {
  const operands: Operand[] = []
  const pending: Pending[] = []
  const nothing = (offset: number): Operand => ({
    expression: missingAt(offset),
    outer: { start: offset, end: offset },
  })
  if (node === undefined) return nothing(fallback)

  const reduce = (): void => {
    const { token, prefix, operator } = pending.pop()!
    const right = operands.pop()!
    if (prefix) {
      const span = { start: token.startOffset, end: right.outer.end }
      operands.push({
        expression: { kind: 'unary', operator, operand: right.expression, span },
        outer: span,
      })
      return
    }
    const left = operands.pop()!
    const span = { start: left.outer.start, end: right.outer.end }
    operands.push({
      expression: {
        kind: 'binary',
        operator,
        left: left.expression,
        right: right.expression,
        span,
      },
      outer: span,
    })
  }

  const infix = tokensOf(node, 'Infix')
  let offset = fallback
  for (const [index, operandNode] of nodesOf(node, 'operand').entries()) {
    if (index > 0) {
      const token = infix[index - 1]!
      const row = INFIX.get(symbolOf(token))!
      for (;;) {
        const last = pending.at(-1)
        if (last === undefined) break
        const tighter =
          last.precedence > row.precedence ||
          (last.precedence === row.precedence && row.associativity !== 'right')
        if (!tighter) break
        const isChain =
          last.precedence === row.precedence && row.associativity === 'none' && !last.prefix
        const middle = operands.at(-1)!
        reduce()
        if (!isChain) continue
        reportChain(reader, last.token, token, middle.outer)
        // The value in the middle is compared with both, and stands in the tree once.
        pending.push({ ...INFIX.get(conjunctionOperator.fixity!.symbol)!, token, prefix: false })
        operands.push(nothing(middle.outer.end))
        break
      }
      pending.push({ ...row, token, prefix: false })
      offset = endOf(token)
    }
    for (const token of tokensOf(operandNode, 'Prefix')) {
      pending.push({ ...PREFIX.get(symbolOf(token))!, token, prefix: true })
      offset = endOf(token)
    }
    const operand = readPrimary(reader, operandNode, offset, statement)
    operands.push(operand)
    offset = operand.outer.end
  }
  if (operands.length === 0) return nothing(fallback)
  while (pending.length > 0) reduce()
  return operands[0]!
}

function reportChain(reader: Reader, first: IToken, second: IToken, middle: Span): void {
  const text = reader.text.slice(middle.start, middle.end)
  const { image: before } = first
  const { image: after } = second
  const end = middle.end
  reader.report(
    'chained-comparison',
    spanOf(second),
    `\`${before}\` and \`${after}\` cannot follow one another`,
    {
      label: 'compares a comparison',
      help: `compare two values at a time: \`a ${before} ${text} and ${text} ${after} b\``,
      fix: {
        title: 'compare two values at a time',
        edits: [{ span: { start: end, end }, text: ` and ${text}` }],
      },
    },
  )
}

/** An operand without the prefix operators before it. */
function readPrimary(reader: Reader, node: CstNode, fallback: number, statement: number): Operand {
  const number = tokenOf(node, 'Number')
  if (number !== undefined) return { expression: readNumber(reader, number), outer: spanOf(number) }
  const open = tokenOf(node, 'LeftParen')
  const close = tokenOf(node, 'RightParen')
  const name = tokenOf(node, 'Identifier')
  if (name !== undefined) {
    if (open === undefined)
      return {
        expression: { kind: 'name', name: name.image, span: spanOf(name) },
        outer: spanOf(name),
      }
    const span = { start: name.startOffset, end: endOf(close ?? open) }
    const expression: Call = {
      kind: 'call',
      callee: identifierOf(name),
      arguments: nodesOf(node, 'argument')
        .map((each) => readArgument(reader, each, statement))
        .filter((each) => each !== undefined),
      span,
    }
    return { expression, outer: span }
  }
  if (open !== undefined) {
    const outer = { start: open.startOffset, end: endOf(close ?? open) }
    const { expression } = readOperand(reader, nodeOf(node, 'expression'), endOf(open), statement)
    for (const each of nodesOf(node, 'stray')) reader.stray(each, statement)
    return { expression, outer }
  }
  const placeholder = tokenOf(node, 'Placeholder')
  const outer = placeholder === undefined ? { start: fallback, end: fallback } : spanOf(placeholder)
  return { expression: { kind: 'missing', span: outer }, outer }
}

function readArgument(reader: Reader, node: CstNode, statement: number): Argument | undefined {
  for (const each of nodesOf(node, 'strayElement')) reader.stray(each, statement)
  const name = tokenOf(node, 'ArgumentName')
  const expression = nodeOf(node, 'expression')
  if (expression === undefined) return undefined
  const equals = tokenOf(node, 'Equals')
  const start = name?.startOffset ?? spanOfNode(expression, 0).start
  const value = readExpression(
    reader,
    expression,
    equals === undefined ? start : endOf(equals),
    statement,
  )
  return {
    kind: 'argument',
    name: name === undefined ? undefined : identifierOf(name),
    value,
    span: { start, end: Math.max(spanOfNode(expression, start).end, value.span.end) },
  }
}
