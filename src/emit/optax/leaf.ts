import type { GraphNode } from '../../ir/graph.ts'
import type { Contribution } from '../../plan/order.ts'
import type { ParameterPlan, PlannedStatement } from '../../plan/plan.ts'
import { name, printCode, unary, type Code } from '../code.ts'
import type { NamePool } from '../names.ts'
import { expressionOf, writeOut } from '../python/expression.ts'
import type { Lines } from '../python/lines.ts'
import { snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { elementsOf, initialCode, jaxWords, type JaxWords } from './expression.ts'
import { chosen } from './spellings.ts'
import { isFull, isTensor } from '../tensors.ts'

/** What the code around the statements for one array provides. */
export interface LeafSurroundings {
  /** The names inside the function. */
  readonly scope: NamePool
  readonly words: JaxWords
  /** The names of the states that the function is given, by theirs in the source. */
  readonly states: ReadonlyMap<string, string>
}

const print = (code: Code): string => printCode(code, python)

/** The lines that return the update of an array and its new states. */
export function updateLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  const update = plan.statements.find((each) => each.kind === 'update')!
  const results = [print(negated(expressionOf(update.node, words))), ...around.states.values()]
  return [...lines, returned(results)]
}

/** The lines that return the value which stands in the place of an update. */
export function valueLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  const { node } = plan.statements.find((each) => each.kind === 'update')!
  const { types } = words
  const isWhole = isTensor(types, node) && isFull(node, types)
  return [
    ...lines,
    `return ${print(isWhole ? expressionOf(node, words) : elementsOf(node, words))}`,
  ]
}

/** The lines that return what an array adds to totals. */
export function contributionLines(plan: ParameterPlan, around: LeafSurroundings): Lines {
  const { lines, words } = writeStatements(plan, around)
  const added = plan.statements.filter((each): each is Contribution => each.kind === 'contribution')
  return [...lines, returned(added.map(({ node }) => print(expressionOf(node, words))))]
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

interface Written {
  readonly lines: Lines
  readonly words: JaxWords
}

/** The statements of an array, each with the names of those before it. */
function writeStatements(
  { program, statements, named }: ParameterPlan,
  around: LeafSurroundings,
): Written {
  const locals = new Map<GraphNode, Code>()
  const words = jaxWords({
    ...around.words,
    state: (index) => {
      const local = around.states.get(program.states[index]!.name)
      return local === undefined ? around.words.state(index) : name(local)
    },
    variable: (node) =>
      locals.get(node) ?? (named.has(node) ? around.words.variable(node) : undefined),
  })
  const write = (statement: PlannedStatement): string[] => {
    const { node } = statement
    switch (statement.kind) {
      case 'let': {
        const code = words.variable(node) ?? writeOut(node, words)
        const local = around.scope.declare(snakeCase(statement.name))
        locals.set(node, name(local))
        return [`${local} = ${print(code)}`]
      }
      case 'assign': {
        const place = words.state(statement.state)
        const value = expressionOf(statement.value, words)
        const { guard } = statement
        const [then, otherwise] = guard?.truth === false ? [place, value] : [value, place]
        const code =
          guard === undefined
            ? value
            : chosen(words.build, expressionOf(guard.condition, words), then, otherwise)
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
