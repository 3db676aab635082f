import { reachable } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import { guardOfStatement, isSameGuard, type Contribution, type Guard } from '../../plan/order.ts'
import type { ParameterPlan, PlannedStatement } from '../../plan/plan.ts'
import { call, conditional, member, name, printCode, unary, type Code } from '../code.ts'
import type { NamePool } from '../names.ts'
import { expressionOf, writeOut } from '../python/expression.ts'
import type { Lines } from '../python/lines.ts'
import { snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { isTensor } from '../tensors.ts'
import {
  fullCode,
  initialCode,
  isMade,
  placeOf,
  torchWords,
  updateCode,
  type TorchWords,
} from './expression.ts'
import { stateItem } from './spellings.ts'
import { createUses } from './uses.ts'

/** What the code around the statements of a parameter provides. */
export interface Surroundings {
  /** The names inside the method. */
  readonly scope: NamePool
  readonly words: Omit<TorchWords, 'apply' | 'isPlain' | 'isSpent'>
  /** Whether the plan's update is a step, or a value that is returned. */
  readonly use: 'step' | 'value'
}

const print = (code: Code): string => printCode(code, python)

/** The lines of one step, or of one round, for one parameter, with `slot`, `w` and `g` for what there is of it. */
export function writeParameter(plan: ParameterPlan, around: Surroundings): Lines {
  const { program, statements } = plan
  const named = statesNamed(plan)
  const names = new Map(
    plan.states
      .filter(({ index }) => named.has(index))
      .map(({ index, name: wanted }) => [index, around.scope.declare(snakeCase(wanted))]),
  )
  const ofStates = [...names].map(
    ([index, local]) => `${local} = ${print(stateItem(program.states[index]!.name))}`,
  )
  const { write, words } = createWriter(plan, around, names)
  const contributions = statements.filter((each) => each.kind === 'contribution')
  const blocks = blocksOf(statements).flatMap(({ guard, block }): Lines => {
    const lines = block.flatMap((each) => write(each, statements.indexOf(each)))
    if (guard === undefined || lines.length === 0) return lines
    const condition = expressionOf(guard.condition, words)
    return [`if ${print(guard.truth ? condition : unary('not ', condition))}:`, lines]
  })
  const returned = contributions.map((each) => print(contributionCode(each, words)))
  return [
    ...ofStates,
    ...blocks,
    ...(contributions.length === 0
      ? []
      : [`return (${returned.join(', ')}${returned.length === 1 ? ',' : ''})`]),
  ]
}

/** The lines that give a parameter the states it does not have yet. */
export function writeStarts(plan: ParameterPlan, around: Surroundings): Lines {
  const words = torchWords({ ...around.words, isSpent: () => false })
  const { types } = words
  return plan.states.map(({ index, initial }) => {
    const place = print(stateItem(plan.program.states[index]!.name))
    return `${place} = ${print(initialCode(initial, types.stateOf(index).extent, words))}`
  })
}

interface Writer {
  /** The lines of the statement at that place. */
  write(statement: PlannedStatement, at: number): string[]
  readonly words: TorchWords
}

/** Writes the statements of a parameter, each with the names of those before it. */
function createWriter(
  plan: ParameterPlan,
  around: Surroundings,
  names: ReadonlyMap<number, string>,
): Writer {
  const { statements, named } = plan
  const locals = new Map<GraphNode, Code>()
  const overwritten = new Set(
    statements.flatMap((each) => (each.kind === 'assign' ? [each.state] : [])),
  )
  const uses = createUses(plan)
  let at = 0
  /** Values under a name of their own that no view is left of. */
  const made = new Set<GraphNode>()
  const words: TorchWords = torchWords({
    ...around.words,
    state: (index) => {
      const local = names.get(index)
      return local === undefined ? around.words.state(index) : name(local)
    },
    variable: (node) =>
      locals.get(node) ?? (named.has(node) ? around.words.variable(node) : undefined),
    isSpent: (node) => around.use === 'step' && uses.isSpent(node, at, made),
  })

  // A local must not be another name of what changes later in the step.
  const snapshot = (node: GraphNode): Code => {
    const code = words.variable(node) ?? writeOut(node, words)
    if (!isTensor(words.types, node)) return code
    if (isMade(node, words)) {
      made.add(node)
      return code
    }
    const inside = reachable([node])
    for (const each of inside) made.delete(each)
    // The parameter changes, too, once it is updated.
    const mayChange = inside.some(
      (each) =>
        (each.kind === 'state' && overwritten.has(each.index)) ||
        (each.kind === 'input' && each.name === 'w'),
    )
    return mayChange ? call(member(code, 'clone')) : code
  }
  const write = (statement: PlannedStatement, place: number): string[] => {
    at = place
    const { node } = statement
    switch (statement.kind) {
      case 'let': {
        const code = snapshot(node)
        const local = around.scope.declare(snakeCase(statement.name))
        locals.set(node, name(local))
        return [`${local} = ${print(code)}`]
      }
      case 'assign': {
        const line = assignment(statement.value, statement.state, words)
        if (statement.stands) locals.set(node, words.state(statement.state))
        return [line]
      }
      case 'update':
        return around.use === 'value'
          ? [`return ${print(fullCode(node, words))}`]
          : [print(updateCode(node, words))]
      case 'contribution':
        return []
    }
  }
  return { write, words }
}

/** The line that changes a state. */
function assignment(value: GraphNode, state: number, words: TorchWords): string {
  const place = words.state(state)
  const taken = placeOf(value, words)
  const code = expressionOf(value, words)
  if (taken?.kind === 'state' && taken.index === state && code.kind === 'call') return print(code)
  if (!isTensor(words.types, value)) return print(call(member(place, 'fill_'), code))
  // What is another view of the state cannot be copied onto it.
  const isOfState = reachable([value]).some((each) => each.kind === 'state' && each.index === state)
  const isMatrix = isOfState && value.kind === 'apply' && value.operator.kind === 'matrix'
  const copied =
    isMatrix && words.variable(value) === undefined ? call(member(code, 'clone')) : code
  return print(call(member(place, 'copy_'), copied))
}

/** The states that the statements read or write. */
function statesNamed({ statements }: ParameterPlan): ReadonlySet<number> {
  const roots = statements.flatMap((each) =>
    each.kind === 'assign' ? [each.node, each.value] : [each.node],
  )
  const found = new Set(
    reachable(roots).flatMap((node) => (node.kind === 'state' ? [node.index] : [])),
  )
  for (const each of statements) if (each.kind === 'assign') found.add(each.state)
  return found
}

/** What a parameter adds to a total: nothing on steps on which nothing reads it. */
function contributionCode({ node, guard }: Contribution, words: TorchWords): Code {
  const code = expressionOf(node, words)
  if (guard === undefined) return code
  const condition = expressionOf(guard.condition, words)
  const nothing = call(name('w', 'new_tensor'), { kind: 'number', text: '0.0' })
  return guard.truth ? conditional(condition, code, nothing) : conditional(condition, nothing, code)
}

interface Block {
  readonly guard: Guard | undefined
  readonly block: PlannedStatement[]
}

/** Statements side by side that are carried out on the same steps. */
function blocksOf(statements: readonly PlannedStatement[]): readonly Block[] {
  const blocks: Block[] = []
  for (const statement of statements) {
    const guard = guardOfStatement(statement)
    const last = blocks.at(-1)
    if (last !== undefined && isSameGuard(last.guard, guard)) last.block.push(statement)
    else blocks.push({ guard, block: [statement] })
  }
  return blocks
}

/** The parts of `slot` that the statements name, of `w` and `g`. */
export function partsNamed(lines: Lines): readonly ('w' | 'g')[] {
  const text = JSON.stringify(lines)
  return (['w', 'g'] as const).filter((part) => new RegExp(`\\b${part}\\b`).test(text))
}
