import type { GraphNode } from '../../../ir/graph.ts'
import type { Contribution } from '../../../plan/order.ts'
import type { ParameterPlan, PlannedStatement } from '../../../plan/plan.ts'
import { name, printCode, type Code } from '../../code.ts'
import type { NamePool } from '../../names.ts'
import { isFull, isTensor } from '../../tensors.ts'
import { expressionOf, writeOut } from '../expression.ts'
import type { Lines } from '../lines.ts'
import { snakeCase } from '../names.ts'
import { python } from '../notation.ts'
import { elementsOf, type ArrayWords } from './expression.ts'

/** What the code around the statements for one parameter provides. */
export interface StatementSurroundings<Words extends ArrayWords> {
  /** The names inside the function. */
  readonly scope: NamePool
  readonly words: Words
  /** The names of the states there, by theirs in the source. */
  readonly states: ReadonlyMap<string, string>
  /** Words of the framework that differ in what `others` says. */
  derive(words: Words, others: Partial<Words>): Words
}

const print = (code: Code): string => printCode(code, python)

/** Statements as lines, and the words for what comes after them. */
export interface Written<Words extends ArrayWords> {
  readonly lines: Lines
  readonly words: Words
}

/** The statements of a parameter, each with the names of those before it: locals take the places of states. */
export function writeStatements<Words extends ArrayWords>(
  { program, statements, named }: ParameterPlan,
  around: StatementSurroundings<Words>,
): Written<Words> {
  const locals = new Map<GraphNode, Code>()
  const others: Partial<ArrayWords> = {
    state: (index) => {
      const local = around.states.get(program.states[index]!.name)
      return local === undefined ? around.words.state(index) : name(local)
    },
    variable: (node) =>
      locals.get(node) ??
      around.words.outside(node) ??
      (named.has(node) ? around.words.variable(node) : undefined),
  }
  const words = around.derive(around.words, others as Partial<Words>)
  const write = (statement: PlannedStatement): string[] => {
    const { node } = statement
    switch (statement.kind) {
      case 'let': {
        const outside = around.words.outside(node, snakeCase(statement.name))
        if (outside !== undefined) {
          locals.set(node, outside)
          return []
        }
        const code = words.variable(node) ?? writeOut(node, words)
        const local = around.scope.declare(snakeCase(statement.name))
        locals.set(node, name(local))
        return [`${local} = ${print(code)}`]
      }
      case 'assign': {
        const place = words.state(statement.state)
        const value = words.kept(statement.value, expressionOf(statement.value, words))
        const { guard } = statement
        const [then, otherwise] = guard?.truth === false ? [place, value] : [value, place]
        const code =
          guard === undefined
            ? value
            : words.chosen(expressionOf(guard.condition, words), then, otherwise)
        if (statement.stands) locals.set(node, place)
        return print(code) === print(place) ? [] : [`${print(place)} = ${print(code)}`]
      }
      case 'update':
      case 'contribution':
        return []
    }
  }
  return { lines: statements.flatMap(write), words }
}

/** The value that the statements of a parameter are for: what is subtracted from it, or takes its place. */
export function resultOf({ statements }: ParameterPlan): GraphNode {
  return statements.find((each) => each.kind === 'update')!.node
}

/** A value with a number for each element. */
export function fullCode(node: GraphNode, words: ArrayWords): Code {
  const { types } = words
  return isTensor(types, node) && isFull(node, types)
    ? expressionOf(node, words)
    : elementsOf(node, words)
}

/** What a parameter adds to totals. */
export function contributionsOf(
  { statements }: ParameterPlan,
  words: ArrayWords,
): readonly string[] {
  return statements
    .filter((each): each is Contribution => each.kind === 'contribution')
    .map(({ node }) => print(expressionOf(node, words)))
}
