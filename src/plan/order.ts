import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'

/** One statement of the step for one parameter. */
export type Statement =
  /** A constant for a value that has a name or several uses. */
  | { readonly kind: 'let'; readonly node: GraphNode; readonly state?: number }
  /** The new value of a state. After it the state's name stands for the new value, unless a `let` holds that. */
  | { readonly kind: 'assign'; readonly node: GraphNode; readonly state: number }
  /** The step of the parameter itself. */
  | { readonly kind: 'update'; readonly node: GraphNode }

/** Whether the node is a name or a number anyway. */
export function isLeaf(node: GraphNode): boolean {
  return node.kind !== 'apply' && node.kind !== 'call'
}

/** Which parts of a program get statements. */
export interface View {
  /** Indices of the states that are assigned. */
  readonly states: readonly number[]
  /** Whether a value gets a `let`; `uses`: how often it would be written otherwise. */
  deservesLet(node: GraphNode, uses: number): boolean
  /** Whether the name of the state with that index can stand for the value it is assigned. */
  canStandFor(state: number): boolean
}

/** The indices of the states that something changes. */
export function changingStates(program: Program): number[] {
  return program.states.flatMap(({ next }, index) =>
    next.kind === 'state' && next.index === index ? [] : [index],
  )
}

/** How often each node is written, when everything is written once for each use. */
export function countUses(roots: readonly GraphNode[]): ReadonlyMap<GraphNode, number> {
  const uses = new Map<GraphNode, number>()
  for (const root of roots) uses.set(root, (uses.get(root) ?? 0) + 1)
  for (const node of reachable(roots))
    for (const operand of operands(node)) uses.set(operand, (uses.get(operand) ?? 0) + 1)
  return uses
}

/**
 * The statements of one step, so that each value is there before it is used and each state is read before it is
 * overwritten. States are assigned as early as that allows, and then stand for their new value, as in the source.
 */
export function orderStatements(program: Program, view: View): Statement[] {
  const kept = new Set<number>()
  for (;;) {
    const answer = tryOrder(program, view, kept)
    if (answer.kind === 'ordered') return answer.statements
    kept.add(answer.stuck)
  }
}

/** What a statement reads: values that have a statement of their own, old values of states, and the parameter. */
interface Reads {
  readonly values: ReadonlySet<GraphNode>
  readonly states: ReadonlySet<number>
  readonly parameter: boolean
}

/** `kept`: states whose new value needs a constant of its own, because the old one is still read beside it. */
function tryOrder(
  program: Program,
  { states, deservesLet, canStandFor }: View,
  kept: ReadonlySet<number>,
): { kind: 'ordered'; statements: Statement[] } | { kind: 'stuck'; stuck: number } {
  const roots = [program.update, ...states.map((index) => program.states[index]!.next)]
  const uses = countUses(roots)
  const owner = new Map<GraphNode, Statement>()
  const statements: Statement[] = []
  const add = (statement: Statement): void => void statements.push(statement)

  for (const index of states) {
    const { next } = program.states[index]!
    const statement: Statement = { kind: 'assign', node: next, state: index }
    if (kept.has(index)) {
      if (!owner.has(next)) {
        const constant: Statement = { kind: 'let', node: next, state: index }
        add(constant)
        owner.set(next, constant)
      }
    } else if (!isLeaf(next) && canStandFor(index) && !owner.has(next)) {
      owner.set(next, statement)
    }
    add(statement)
  }
  for (const node of reachable(roots)) {
    if (isLeaf(node) || owner.has(node) || !deservesLet(node, uses.get(node) ?? 1)) continue
    const statement: Statement = { kind: 'let', node }
    owner.set(node, statement)
    add(statement)
  }
  const update: Statement = { kind: 'update', node: program.update }
  add(update)

  const reads = new Map(statements.map((statement) => [statement, readsOf(statement, owner)]))
  const before = new Map(
    statements.map((statement) => [
      statement,
      prerequisites(statement, statements, reads, owner, update),
    ]),
  )
  return sort(statements, before)
}

function readsOf(statement: Statement, owner: ReadonlyMap<GraphNode, Statement>): Reads {
  const values = new Set<GraphNode>()
  const states = new Set<number>()
  let parameter = false
  const visit = (node: GraphNode): void => {
    if (owner.has(node) && owner.get(node) !== statement) values.add(node)
    else if (node.kind === 'state') states.add(node.index)
    else if (node.kind === 'input') parameter ||= node.name === 'w'
    else operands(node).forEach(visit)
  }
  visit(statement.node)
  return { values, states, parameter }
}

function prerequisites(
  statement: Statement,
  statements: readonly Statement[],
  reads: ReadonlyMap<Statement, Reads>,
  owner: ReadonlyMap<GraphNode, Statement>,
  update: Statement,
): Set<Statement> {
  const result = new Set<Statement>()
  for (const node of reads.get(statement)!.values) result.add(owner.get(node)!)
  for (const other of statements) {
    if (other === statement) continue
    const { states, parameter } = reads.get(other)!
    if (statement.kind === 'assign' && states.has(statement.state)) result.add(other)
    if (statement === update && parameter) result.add(other)
  }
  return result
}

/** Kahn's algorithm, always the statement whose value comes first in the source. */
function sort(
  statements: readonly Statement[],
  before: ReadonlyMap<Statement, ReadonlySet<Statement>>,
): { kind: 'ordered'; statements: Statement[] } | { kind: 'stuck'; stuck: number } {
  const remaining = new Set(statements)
  const result: Statement[] = []
  while (remaining.size > 0) {
    let next: Statement | undefined
    for (const statement of remaining) {
      if ([...before.get(statement)!].some((other) => remaining.has(other))) continue
      if (next === undefined || keyOf(statement) < keyOf(next)) next = statement
    }
    if (next === undefined) {
      const assign = [...remaining].find(
        (statement) => statement.kind === 'assign' && !isKept(statement, statements),
      )
      return { kind: 'stuck', stuck: assign?.kind === 'assign' ? assign.state : 0 }
    }
    remaining.delete(next)
    result.push(next)
  }
  return { kind: 'ordered', statements: result }
}

function isKept(assign: Statement, statements: readonly Statement[]): boolean {
  return statements.some((other) => other.kind === 'let' && other.node === assign.node)
}

function keyOf(statement: Statement): number {
  if (statement.kind === 'update') return Infinity
  return isLeaf(statement.node) ? Number.MAX_SAFE_INTEGER : statement.node.id
}
