import type { Types } from '../ir/analysis/analyze.ts'
import { operands } from '../ir/build.ts'
import type { GraphNode, Program, ScheduleFunction } from '../ir/graph.ts'
import { isWord, writtenArguments } from '../operators/table.ts'
import type { Choice } from '../plan/choice.ts'
import { equationsOf, type Naming } from '../plan/equations.ts'
import { isTensor } from './tensors.ts'
import { numberForm, roundedForTensor } from './number-form.ts'

/** Whether emitted code holds a value in a tensor: what is written in a formula is the number that is written there. */
type IsTensor = (node: GraphNode) => boolean

/**
 * A rule as equations in the language's own notation, one a line, for comments. As in the language, a state's name is
 * its old value up to the line that assigns it and its new value from there on.
 */
export function ruleFormula(rule: Choice<Program>, isTensor: IsTensor): string[] {
  if (rule.kind === 'leaf') return leafFormula(rule.leaf, isTensor)
  const lines = (side: Choice<Program>): string[] => ruleFormula(side, isTensor)
  return joinSides(lines(rule.then), lines(rule.otherwise), (then, otherwise) => [
    `if ${printNode(rule.condition, { nameOf: () => undefined, isTensor })}`,
    ...then.map((line) => `  ${line}`),
    'else',
    ...otherwise.map((line) => `  ${line}`),
  ])
}

/** What both sides begin with once, then what `choose` makes of the rest. */
export function joinSides(
  then: readonly string[],
  otherwise: readonly string[],
  choose: (then: readonly string[], otherwise: readonly string[]) => readonly string[],
): string[] {
  let shared = 0
  while (shared < then.length && then[shared] === otherwise[shared]) shared++
  if (shared === then.length && shared === otherwise.length) return [...then]
  return [...then.slice(0, shared), ...choose(then.slice(shared), otherwise.slice(shared))]
}

/** Operands of a subtraction bind at least as tightly as this on its right. */
const AFTER_MINUS = 11

function leafFormula(program: Program, isTensor: IsTensor): string[] {
  const equations = equationsOf(program, (node, nameOf, kind) =>
    printNode(node, { nameOf, isTensor }, kind === 'update' ? AFTER_MINUS : 0),
  )
  return equations.map(({ kind, name, value }) =>
    kind === 'update' ? `w = w - ${value}` : `${name} = ${value}`,
  )
}

/** A schedule or decay as one expression in the language's own notation. */
export function functionFormula(callee: ScheduleFunction): string {
  return printNode(callee.body, { nameOf: () => undefined, isTensor: () => false })
}

/** A value in the language's own notation, with what `nameOf` has a name for under that name. */
export function nodeFormula(node: GraphNode, nameOf: Naming, types: Types): string {
  return printNode(node, { nameOf, isTensor: (each) => isTensor(types, each) })
}

interface Words {
  readonly nameOf: Naming
  readonly isTensor: IsTensor
}

function printNode(node: GraphNode, words: Words, above = 0): string {
  const name = words.nameOf(node)
  if (name !== undefined) return name
  const print = (operand: GraphNode, level = 0): string =>
    operand.kind === 'constant' && words.isTensor(node)
      ? numberName(roundedForTensor(operand.value), level)
      : printNode(operand, words, level)
  const list = (): readonly string[] => operands(node).map((operand) => print(operand))
  switch (node.kind) {
    case 'constant':
      return numberName(node.value, above)
    case 'input':
    case 'parameter':
      return node.name
    case 'state':
      return `state${node.index}`
    case 'call':
      return `${node.callee.name}(${list().join(', ')})`
    case 'total':
      return print(node.of)
    case 'apply':
  }
  const { fixity, callName, name: row } = node.operator
  if (fixity === undefined)
    return `${callName ?? row}(${writtenArguments(node.operator, list()).join(', ')})`
  const { symbol, precedence, position, associativity } = fixity
  const [first, second] = node.arguments
  if (first === undefined) return symbol
  // An operand that binds as tightly as its user needs parentheses, except on the side the operator groups to.
  const side = (operand: GraphNode, groups: boolean): string =>
    print(operand, precedence + (groups ? 0 : 1))
  const spaced = precedence >= 40 ? symbol : ` ${symbol} `
  const text =
    position === 'prefix' || second === undefined
      ? `${symbol}${isWord(fixity) ? ' ' : ''}${side(first, true)}`
      : `${side(first, associativity === 'left')}${spaced}${side(second, associativity === 'right')}`
  return precedence < above ? `(${text})` : text
}

/** A number as the code beside the formula writes it; quotients and differences in parentheses below an operator. */
function numberName(value: number, above: number): string {
  if (value === Math.PI) return 'pi'
  if (value === Math.E) return 'e'
  const form = numberForm(Math.abs(value))
  if (form.kind === 'decimal') return String(value).replace('Infinity', 'inf')
  const isNegative = value < 0
  const text =
    form.kind === 'quotient'
      ? `${isNegative ? '-' : ''}${form.numerator} / ${form.denominator}`
      : isNegative
        ? `${form.of} - 1`
        : `1 - ${form.of}`
  return above > 0 ? `(${text})` : text
}
