import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'

/** That a statement is carried out only on steps on which `condition`, a number of the host, is `truth`. */
export interface Guard {
  readonly condition: GraphNode
  readonly truth: boolean
}

/** One statement of the step for one parameter. */
export type Statement =
  /** A constant for a value that has a name or several uses; with a guard only statements beside it with that guard read it. */
  | {
      readonly kind: 'let'
      readonly node: GraphNode
      readonly state?: number
      readonly guard?: Guard
    }
  /** The new value of a state. After it the state's name stands for the new value, unless a `let` holds that. */
  | {
      readonly kind: 'assign'
      readonly node: GraphNode
      readonly state: number
      /** On other steps the state stays what it is, and `node` is a choice between that and `value`. */
      readonly guard?: Guard
      /** What is assigned: `node` itself without a guard. */
      readonly value: GraphNode
    }
  /** The step of the parameter itself. */
  | { readonly kind: 'update'; readonly node: GraphNode }

/** What the parameter adds to the total with that index. */
export interface Contribution {
  readonly kind: 'contribution'
  readonly node: GraphNode
  readonly index: number
  /** On other steps nothing reads the total, and nothing has to be added. */
  readonly guard: Guard | undefined
}

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
  /** When the state with that index is assigned, and what, where it stays what it is on other steps. */
  guardOf(state: number): { readonly guard: Guard; readonly value: GraphNode } | undefined
}

/** The indices of the states that something changes. */
export function changingStates(program: Program): number[] {
  return program.states.flatMap(({ next }, index) =>
    next.kind === 'state' && next.index === index ? [] : [index],
  )
}

/**
 * How often each of `nodes` is written, when everything is written once for each use, and nothing for those that are the `end`
 * of what is written.
 */
export function countUses(
  roots: readonly GraphNode[],
  isEnd: (node: GraphNode) => boolean = () => false,
  nodes: readonly GraphNode[] = reachable(roots),
): ReadonlyMap<GraphNode, number> {
  const uses = new Map<GraphNode, number>()
  for (const root of roots) uses.set(root, (uses.get(root) ?? 0) + 1)
  for (const node of nodes)
    for (const operand of isEnd(node) ? [] : operands(node))
      uses.set(operand, (uses.get(operand) ?? 0) + 1)
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

/** A statement on its way to its place. */
interface Item {
  statement: Statement
  /** Statements are in the order of the source where they may be. */
  readonly key: number
  /** What must be carried out before it. */
  readonly before: Item[]
  /** Those of them whose values it reads. */
  readonly reads: Item[]
  /** The states whose old value it reads. */
  readonly states: number[]
  readsParameter: boolean
  isPlaced: boolean
}

/** `kept`: states whose new value needs a constant of its own, because the old one is still read beside it. */
function tryOrder(
  program: Program,
  { states, deservesLet, canStandFor, guardOf }: View,
  kept: ReadonlySet<number>,
): { kind: 'ordered'; statements: Statement[] } | { kind: 'stuck'; stuck: number } {
  const assigned = new Map(
    states.map((index) => {
      const { next } = program.states[index]!
      const guarded = !kept.has(index) && canStandFor(index) ? guardOf(index) : undefined
      return [index, guarded ?? { value: next }]
    }),
  )
  const values = [...assigned.values()].map(({ value }) => value)
  const roots = [program.update, ...states.map((index) => program.states[index]!.next)]
  // The name of a state that may stay what it is stands for its new value.
  const ofNames = new Set(
    [...assigned].flatMap(([index, { value }]) => {
      const { next } = program.states[index]!
      return next === value ? [] : [next]
    }),
  )
  const uses = countUses([program.update, ...values], (node) => ofNames.has(node))
  const owner = new Map<GraphNode, Item>()
  const items: Item[] = []
  const add = (statement: Statement): Item => {
    const item: Item = {
      statement,
      key: keyOf(statement),
      before: [],
      reads: [],
      states: [],
      readsParameter: false,
      isPlaced: false,
    }
    items.push(item)
    return item
  }

  for (const index of states) {
    const { next } = program.states[index]!
    const isKept = kept.has(index)
    if (isKept && !owner.has(next)) owner.set(next, add({ kind: 'let', node: next, state: index }))
    const item = add({ kind: 'assign', node: next, state: index, ...assigned.get(index)! })
    if (!isKept && !isLeaf(next) && canStandFor(index) && !owner.has(next)) owner.set(next, item)
  }
  for (const node of reachable(roots)) {
    if (isLeaf(node) || owner.has(node) || !deservesLet(node, uses.get(node) ?? 1)) continue
    owner.set(node, add({ kind: 'let', node }))
  }
  const update = add({ kind: 'update', node: program.update })

  for (const item of items) {
    const { statement } = item
    noteReads(item, statement.kind === 'assign' ? statement.value : statement.node, owner)
  }
  for (const item of items) {
    if (item.readsParameter && item !== update) update.before.push(item)
    for (const index of item.states) {
      const assign = items.find(
        ({ statement }) => statement.kind === 'assign' && statement.state === index,
      )
      if (assign !== undefined && assign !== item) assign.before.push(item)
    }
  }
  guardLets(items)
  return sort(items)
}

/** A value that is read only under one condition is worked out only there. */
function guardLets(items: readonly Item[]): void {
  for (let isStable = false; !isStable;) {
    isStable = true
    for (const item of items) {
      const { statement } = item
      if (statement.kind !== 'let' || statement.guard !== undefined) continue
      const readers = items.filter(({ reads }) => reads.includes(item))
      const guard = readers.length === 0 ? undefined : guardOfItem(readers[0]!)
      if (guard === undefined) continue
      if (!readers.every((reader) => isSameGuard(guardOfItem(reader), guard))) continue
      item.statement = { ...statement, guard }
      isStable = false
    }
  }
}

function guardOfItem({ statement }: Item): Guard | undefined {
  return guardOfStatement(statement)
}

/** When a statement is carried out: on every step where it is undefined. */
export function guardOfStatement(statement: Statement | Contribution): Guard | undefined {
  return statement.kind === 'let' || statement.kind === 'assign' ? statement.guard : undefined
}

/** Whether two statements can stand under one condition. */
export function isSameGuard(a: Guard | undefined, b: Guard | undefined): boolean {
  return a?.condition === b?.condition && a?.truth === b?.truth
}

/** Notes what an item reads: values that have a statement of their own, old values of states, and the parameter. */
function noteReads(item: Item, node: GraphNode, owner: ReadonlyMap<GraphNode, Item>): void {
  const own = owner.get(node)
  if (own !== undefined && own !== item) {
    item.before.push(own)
    item.reads.push(own)
    return
  }
  if (node.kind === 'state') item.states.push(node.index)
  else if (node.kind === 'input') item.readsParameter ||= node.name === 'w'
  else for (const operand of operands(node)) noteReads(item, operand, owner)
}

/** The statements that find what a parameter adds to these totals, and change nothing. */
export function orderTotals(
  { totals }: Program,
  indices: readonly number[],
  guards: ReadonlyMap<number, Guard>,
  deservesLet: View['deservesLet'],
): (Statement | Contribution)[] {
  const parts = indices.map((index) => totals[index]!.part)
  const uses = countUses(parts)
  const lets = reachable(parts).filter(
    (node) => !isLeaf(node) && !parts.includes(node) && deservesLet(node, uses.get(node) ?? 1),
  )
  return [
    ...lets.map((node): Statement => ({ kind: 'let', node })),
    ...indices.map((index, at): Contribution => ({
      kind: 'contribution',
      node: parts[at]!,
      index,
      guard: guards.get(index),
    })),
  ]
}

/** Kahn's algorithm, always the statement whose value comes first in the source. */
function sort(
  items: readonly Item[],
): { kind: 'ordered'; statements: Statement[] } | { kind: 'stuck'; stuck: number } {
  const placed: Item[] = []
  while (placed.length < items.length) {
    let next: Item | undefined
    const last = placed.at(-1)
    const guard = last && guardOfItem(last)
    for (const item of items)
      if (!item.isPlaced && (next === undefined || isBefore(item, next, guard)) && isReady(item))
        next = item
    if (next === undefined) {
      const assign = items.find(
        ({ statement, isPlaced }) =>
          !isPlaced && statement.kind === 'assign' && !isKeptAmong(items, statement.node),
      )?.statement
      return { kind: 'stuck', stuck: assign?.kind === 'assign' ? assign.state : 0 }
    }
    next.isPlaced = true
    placed.push(next)
  }
  releaseLets(placed)
  return { kind: 'ordered', statements: placed.map(({ statement }) => statement) }
}

/** What stands under the condition of the statement above goes on there; else the source says what comes first. */
function isBefore(item: Item, other: Item, guard: Guard | undefined): boolean {
  const [own, its] = [item, other].map(
    (each) => guard !== undefined && isSameGuard(guardOfItem(each), guard),
  )
  return own === its ? item.key < other.key : own === true
}

/** A value that is read in another place under its condition too is worked out on every step. */
function releaseLets(placed: readonly Item[]): void {
  for (let isStable = false; !isStable;) {
    isStable = true
    let block = 0
    const blocks = new Map<Item, number>()
    for (const [index, item] of placed.entries()) {
      const above = placed[index - 1]
      if (above !== undefined && !isSameGuard(guardOfItem(above), guardOfItem(item))) block += 1
      blocks.set(item, block)
    }
    for (const item of placed) {
      const { statement } = item
      if (statement.kind !== 'let' || statement.guard === undefined) continue
      const isLeft = placed.some(
        (reader) => reader.reads.includes(item) && blocks.get(reader) !== blocks.get(item),
      )
      if (!isLeft) continue
      const { guard: _released, ...rest } = statement
      item.statement = rest
      isStable = false
    }
  }
}

function isReady({ before }: Item): boolean {
  for (const other of before) if (!other.isPlaced) return false
  return true
}

function isKeptAmong(items: readonly Item[], node: GraphNode): boolean {
  return items.some(({ statement }) => statement.kind === 'let' && statement.node === node)
}

function keyOf(statement: Statement): number {
  if (statement.kind === 'update') return Infinity
  return isLeaf(statement.node) ? Number.MAX_SAFE_INTEGER : statement.node.id
}
