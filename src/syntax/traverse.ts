import type { Node, NodeKind } from './ast.ts'

type NodeOf<K extends NodeKind> = Extract<Node, { readonly kind: K }>

/** Whether a field may hold a node or a list of nodes. */
type Holds<T> = [Extract<T, Node | readonly Node[]>] extends [never] ? false : true

/** The fields of a node that hold nodes. */
type ChildKey<N> = { [K in keyof N]-?: Holds<N[K]> extends true ? K : never }[keyof N]

/** A record with exactly the child keys of a node, so that none can be left out. */
type ChildKeys<N> = { readonly [K in ChildKey<N>]: true }

/**
 * The fields of every kind of node that hold its children, in the order of the text. Everything that walks the tree is
 * driven by it; a missing or wrong key does not compile.
 */
const CHILD_KEYS: { readonly [K in NodeKind]: ChildKeys<NodeOf<K>> } = {
  identifier: {},
  module: { items: true },
  import: { names: true, from: true },
  'import-name': { name: true, alias: true },
  string: {},
  optimizer: { name: true, parameters: true, body: true },
  function: { name: true, parameters: true, body: true },
  space: { name: true, body: true },
  'space-group': { entries: true },
  'space-entry': { name: true, value: true },
  'space-list': { choices: true },
  'space-choice': { value: true, weight: true },
  parameter: { name: true, range: true, default: true },
  range: { low: true, high: true },
  block: { statements: true },
  let: { name: true, value: true },
  state: { name: true, value: true },
  assign: { target: true, value: true },
  if: { condition: true, then: true, otherwise: true },
  return: { value: true },
  number: {},
  name: {},
  unary: { operand: true },
  binary: { left: true, right: true },
  call: { callee: true, arguments: true },
  argument: { name: true, value: true },
  missing: {},
}

const keys = Object.fromEntries(
  Object.entries(CHILD_KEYS).map(([kind, fields]) => [kind, Object.keys(fields)]),
) as unknown as Readonly<Record<NodeKind, readonly string[]>>

type Field = Node | readonly Node[] | undefined

/** What a child key of a node holds. The table guarantees that it is a node, a list of nodes or nothing. */
function field(node: Node, key: string): Field {
  return (node as unknown as Readonly<Record<string, Field>>)[key]
}

/** The names of the fields of a kind of node that hold its children, in the order of the text. */
export function childKeys(kind: NodeKind): readonly string[] {
  return keys[kind]
}

/** The children of a node, in the order of the text. */
export function children(node: Node): readonly Node[] {
  const result: Node[] = []
  for (const key of keys[node.kind]) {
    const value = field(node, key)
    if (value === undefined) continue
    // Not spread into the arguments of a call: there may be more children than those can be.
    if (isList(value)) for (const child of value) result.push(child)
    else result.push(value)
  }
  return result
}

function isList(value: Node | readonly Node[]): value is readonly Node[] {
  return Array.isArray(value)
}

/** What `visit` calls at a node. `enter` may return false to skip the node's children; `leave` is called all the same. */
export interface Visitor {
  readonly enter?: (node: Node, parent: Node | undefined) => boolean | void
  readonly leave?: (node: Node, parent: Node | undefined) => void
}

/** Walks a tree: `enter` before a node's children, in the order of the text, and `leave` after them. */
export function visit(node: Node, visitor: Visitor, parent?: Node): void {
  if (visitor.enter?.(node, parent) !== false)
    for (const child of children(node)) visit(child, visitor, node)
  visitor.leave?.(node, parent)
}

/**
 * The tree with every node replaced by what `change` gives for it, children first. `change` gets a node whose children
 * are already changed, and must give a node that may stand in its place. A node below which nothing changes stays the
 * same object.
 */
export function transform<N extends Node>(node: N, change: (node: Node) => Node): N {
  let changed: Record<string, Field> | undefined
  for (const key of keys[node.kind]) {
    const before = field(node, key)
    if (before === undefined) continue
    const after = isList(before) ? transformList(before, change) : transform(before, change)
    if (after !== before) changed = { ...changed, [key]: after }
  }
  return change(changed === undefined ? node : { ...node, ...changed }) as N
}

function transformList(list: readonly Node[], change: (node: Node) => Node): readonly Node[] {
  const after = list.map((child) => transform(child, change))
  return after.every((child, index) => child === list[index]) ? list : after
}

/** An answer for a pair of nodes that stand in the same place; undefined where their fields are to be compared. */
export type Comparison = (a: Node, b: Node) => boolean | undefined

/**
 * Whether two trees say the same: equal in everything but the places they stand at and the path of the module. `compare`
 * is asked first at every pair of nodes.
 */
export function equal(a: Node, b: Node, compare?: Comparison): boolean {
  const answer = compare?.(a, b)
  if (answer !== undefined) return answer
  if (a === b && compare === undefined) return true
  if (a.kind !== b.kind) return false
  for (const key in a)
    if (!isPlace(key) && !same(field(a, key), field(b, key), compare)) return false
  for (const key in b) if (!(key in a) && field(b, key) !== undefined) return false
  return true
}

const isPlace = (key: string): boolean => ['span', 'parentheses', 'path', 'kind'].includes(key)

/** Whether two fields are equal: nodes, lists of them, or a text, a number, a truth value or lines of documentation. */
function same(a: unknown, b: unknown, compare: Comparison | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b)
  if (!Array.isArray(a)) return !Array.isArray(b) && equal(a as Node, b as Node, compare)
  return (
    Array.isArray(b) &&
    a.length === b.length &&
    a.every((item, index) => same(item, b[index], compare))
  )
}

/** The tree with one of its nodes, wherever that stands, replaced. */
export function replaceNode<N extends Node>(tree: N, before: Node, after: Node): N {
  return transform(tree, (node) => (node === before ? after : node))
}
