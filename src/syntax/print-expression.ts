import { builders } from 'prettier/doc'
import { fixities, type OperatorFixity } from '../../grammar/fixities.ts'
import { isWord } from '../operators/table.ts'
import type { Argument, Binary, Expression, Unary } from './ast.ts'
import type { Layout } from './print-layout.ts'
import { printList } from './print-list.ts'

type Doc = builders.Doc
const { group, indent, line, softline } = builders

const FIXITY: ReadonlyMap<string, OperatorFixity> = new Map(
  fixities.map((fixity) => [fixity.operator, fixity]),
)

function fixityOf({ operator }: Unary | Binary): OperatorFixity {
  return FIXITY.get(operator)!
}

/** Operators that bind to the right, such as powers, are written without blanks around them. */
function isTight(fixity: OperatorFixity): boolean {
  return fixity.associativity === 'right'
}

/** An expression with the parentheses that precedence asks for and no others. */
export function printExpression(layout: Layout, node: Expression): Doc {
  switch (node.kind) {
    case 'number':
      return node.text
    case 'name':
      return node.name
    case 'missing':
      return ''
    case 'unary': {
      const fixity = fixityOf(node)
      const { operand } = node
      const inner =
        operand.kind === 'binary' || operand.kind === 'unary' ? fixityOf(operand) : fixity
      const loose = inner.precedence < fixity.precedence
      const head = isWord(fixity) ? `${fixity.symbol} ` : fixity.symbol
      return [head, loose ? parenthesized(layout, operand) : printExpression(layout, operand)]
    }
    case 'binary':
      return group(printChain(layout, node))
    case 'call':
      return [
        node.callee.name,
        printList(layout, node, node.arguments, '(', ')', (argument) =>
          printArgument(layout, argument),
        ),
      ]
  }
}

function printArgument(layout: Layout, { name, value }: Argument): Doc {
  const printed = printExpression(layout, value)
  return name === undefined ? printed : [name.name, ' = ', printed]
}

/** Operands of one precedence side by side: all on one line, or one on each with the operators at the ends of lines. */
function printChain(layout: Layout, node: Binary): Doc {
  const fixity = fixityOf(node)
  if (isTight(fixity))
    return [
      printOperand(layout, node.left, fixity, 'left'),
      fixity.symbol,
      printOperand(layout, node.right, fixity, 'right'),
    ]
  const rest: Doc[] = []
  let first: Expression = node
  while (first.kind === 'binary' && (first === node || sameChain(first, fixity))) {
    const own = fixityOf(first)
    rest.push([' ', own.symbol, line, printOperand(layout, first.right, own, 'right')])
    first = first.left
  }
  return [printOperand(layout, first, fixity, 'left'), indent(rest.reverse())]
}

function sameChain(node: Binary, fixity: OperatorFixity): boolean {
  const own = fixityOf(node)
  return own.precedence === fixity.precedence && own.associativity === 'left'
}

function printOperand(
  layout: Layout,
  node: Expression,
  parent: OperatorFixity,
  side: 'left' | 'right',
): Doc {
  return needsParentheses(node, parent, side)
    ? parenthesized(layout, node)
    : printExpression(layout, node)
}

function needsParentheses(
  node: Expression,
  parent: OperatorFixity,
  side: 'left' | 'right',
): boolean {
  if (node.kind === 'unary') {
    const own = fixityOf(node)
    return own.precedence < parent.precedence && (side === 'left' || isWord(own))
  }
  if (node.kind !== 'binary') return false
  const { precedence } = fixityOf(node)
  return (
    precedence < parent.precedence ||
    (precedence === parent.precedence && parent.associativity !== side)
  )
}

function parenthesized(layout: Layout, node: Expression): Doc {
  const inner = node.kind === 'binary' ? printChain(layout, node) : printExpression(layout, node)
  return group(['(', indent([softline, inner]), softline, ')'])
}

/** `head = value`, on two lines when the value is a chain of operators that does not fit beside the head. */
export function printAssignment(layout: Layout, head: Doc, value: Expression): Doc {
  if (value.kind === 'binary' && !isTight(fixityOf(value)))
    return [head, group([' =', indent([line, group(printFlatChain(layout, value))])])]
  return [head, ' = ', printExpression(layout, value)]
}

/** A chain whose lines all start at the same column. */
function printFlatChain(layout: Layout, node: Binary): Doc {
  const chain = printChain(layout, node)
  if (!Array.isArray(chain)) return chain
  const [first, rest] = chain
  return typeof rest === 'object' && !Array.isArray(rest) && rest.type === 'indent'
    ? [first!, rest.contents]
    : chain
}
