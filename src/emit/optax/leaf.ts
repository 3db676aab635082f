import type { ParameterPlan } from '../../plan/plan.ts'
import { printCode, unary, type Code } from '../code.ts'
import { initialCode } from '../python/arrays/expression.ts'
import {
  contributionsOf,
  fullCode,
  resultOf,
  writeStatements,
  type StatementSurroundings,
} from '../python/arrays/statements.ts'
import { expressionOf } from '../python/expression.ts'
import type { Lines } from '../python/lines.ts'
import { python } from '../python/notation.ts'
import type { JaxWords } from './expression.ts'

/** What the code around the statements for one array provides. */
export type LeafSurroundings = StatementSurroundings<JaxWords>

const print = (code: Code): string => printCode(code, python)

/** The lines that return the update of an array and its new states. */
export function updateLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  const update = expressionOf(resultOf(plan), words)
  const results = [print(negated(update)), ...around.states.values()]
  return [...lines, returned(results)]
}

/** The lines that return the value which stands in the place of an update. */
export function valueLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  return [...lines, `return ${print(fullCode(resultOf(plan), words))}`]
}

/** The lines that return what an array adds to totals. */
export function contributionLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  return [...lines, returned(contributionsOf(plan, words))]
}

/** The line that returns the states an array begins with; those of other kinds of arrays are absent. */
export function startLines(plan: ParameterPlan, { words, states }: LeafSurroundings): Lines {
  const initial = new Map(
    plan.states.map(({ index, initial: node }) => [
      plan.program.states[index]!.name,
      print(initialCode(node, words.types.stateOf(index).extent, words)),
    ]),
  )
  const all = [...states.keys()].map(
    (each) => initial.get(each) ?? print(words.build.piece('ABSENT')),
  )
  return [returned(all)]
}

/** The line that returns a tuple. */
const returned = (items: readonly string[]): string =>
  `return ${items.length > 1 ? items.join(', ') : tupleOf(items)}`

/** A tuple of expressions. */
export function tupleOf(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]!},)` : `(${items.join(', ')})`
}

/** The minus sign stands before the first factor, which rounds alike. */
function negated(code: Code): Code {
  return code.kind === 'binary' && (code.operator === '*' || code.operator === '/')
    ? { ...code, left: negated(code.left) }
    : unary('-', code)
}
