import { operands } from '../../ir/build.ts'
import type { ApplyNode, CallNode, GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import type { Naming } from '../../plan/equations.ts'
import type { Operator } from '../../operators/operator.ts'
import { readLatex, type Row } from './latex.ts'
import { fenced, identifier, LEVEL, numberPiece, row, sign, type Piece } from './markup.ts'
import type { Symbols } from './symbols.ts'
import { fillTemplate } from './template.ts'

const templates = new Map<Operator, Row>()

/** The formula of an operator, read once. */
function templateOf(operator: Operator): Row {
  let template = templates.get(operator)
  if (template === undefined) {
    template = readLatex(
      operator.formula,
      operator.parameters.map(({ name }) => name),
    )
    templates.set(operator, template)
  }
  return template
}

/** A value as MathML; every operator as the formula of its row says. `naming`: which values have a name there. */
export function expressionPiece(node: GraphNode, symbols: Symbols, naming: Naming): Piece {
  const name = naming(node)
  if (name !== undefined) return { markup: symbols.markup(name), level: LEVEL.symbol }
  switch (node.kind) {
    case 'constant':
      return numberPiece(node.value)
    case 'input':
      return { markup: identifier(node.name), level: LEVEL.symbol }
    case 'parameter':
      return { markup: symbols.markup(node.name), level: LEVEL.symbol }
    case 'state':
      return { markup: symbols.markup(`state_${node.index}`), level: LEVEL.symbol }
    case 'total':
      return applyPiece(node.of, symbols, naming)
    case 'call':
      return callPiece(node, symbols, naming)
    case 'apply':
      return applyPiece(node, symbols, naming)
  }
}

function applyPiece(
  { operator, arguments: given }: ApplyNode,
  symbols: Symbols,
  naming: Naming,
): Piece {
  const pieces = given.map((argument) => expressionPiece(argument, symbols, naming))
  return fillTemplate(
    templateOf(operator),
    Object.fromEntries(operator.parameters.map(({ name }, index) => [name, pieces[index]!])),
  )
}

/** The places of the parameters a call shows: those given more than a hyperparameter of their name or their default. */
export function shownArguments(node: CallNode): readonly number[] {
  return operands(node)
    .slice(1)
    .flatMap((operand, index) => {
      const parameter = node.callee.parameters[index]
      const isPlain =
        (operand.kind === 'parameter' && operand.name === parameter?.name) ||
        (operand.kind === 'constant' && operand.value === parameter?.default)
      return isPlain ? [] : [index]
    })
}

/** `a(t)`, with the step and the arguments that have to be shown. */
export function callMarkup(
  callee: ScheduleFunction,
  step: string,
  arguments_: readonly string[],
  symbols: Symbols,
): string {
  const list = [step, ...arguments_].flatMap((each, index) =>
    index === 0 ? [each] : [sign(','), each],
  )
  return row(symbols.markup(callee.name), sign('\u2061'), fenced(row(...list)))
}

function callPiece(node: CallNode, symbols: Symbols, naming: Naming): Piece {
  const [step, ...given] = operands(node).map(
    (operand) => expressionPiece(operand, symbols, naming).markup,
  )
  const shown = shownArguments(node).map((index) => given[index]!)
  return { markup: callMarkup(node.callee, step!, shown, symbols), level: LEVEL.power }
}
