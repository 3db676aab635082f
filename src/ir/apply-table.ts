import type { Operator } from '../operators/operator.ts'
import { operators } from '../operators/table.ts'
import type { ApplyNode, GraphNode } from './graph.ts'

/** The applied operators of one graph. */
export interface ApplyTable {
  /** The node that applies the operator to these nodes at this site, whatever the order of operands that commute. */
  readonly find: (
    operator: Operator,
    arguments_: readonly GraphNode[],
    site: number,
  ) => ApplyNode | undefined
  /** Adds a node that `find` has not found. */
  readonly add: (node: ApplyNode) => void
}

const FIRST_SIZE = 64

const numbers = new Map(operators.map((operator, number) => [operator, number]))

/** An empty table: open addressing, at most half full, without a key or a bucket in memory for each node. */
export function createApplyTable(): ApplyTable {
  let slots: (ApplyNode | undefined)[] = new Array<undefined>(FIRST_SIZE).fill(undefined)
  let count = 0

  const place = (node: ApplyNode): void => {
    const mask = slots.length - 1
    let slot = hash(node.operator, node.arguments, node.site) & mask
    while (slots[slot] !== undefined) slot = (slot + 1) & mask
    slots[slot] = node
  }

  return {
    find: (operator, arguments_, site) => {
      const mask = slots.length - 1
      for (let slot = hash(operator, arguments_, site) & mask; ; slot = (slot + 1) & mask) {
        const node = slots[slot]
        if (node === undefined) return undefined
        if (
          node.operator === operator &&
          node.site === site &&
          areSame(node.arguments, arguments_, commutes(operator))
        )
          return node
      }
    },
    add: (node) => {
      count += 1
      if (2 * count > slots.length) {
        const before = slots
        slots = new Array<undefined>(2 * before.length).fill(undefined)
        for (const each of before) if (each !== undefined) place(each)
      }
      place(node)
    },
  }
}

const commutes = (operator: Operator): boolean =>
  operator.kind === 'elementwise' && operator.commutative === true

function areSame(a: readonly GraphNode[], b: readonly GraphNode[], inAnyOrder: boolean): boolean {
  if (inAnyOrder && a[0] === b[1] && a[1] === b[0]) return true
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

function hash(operator: Operator, arguments_: readonly GraphNode[], site: number): number {
  let first = arguments_[0]?.id ?? 0
  let second = arguments_[1]?.id ?? 0
  if (second < first && commutes(operator)) [first, second] = [second, first]
  let mixed = Math.imul(numbers.get(operator)! + 31 * site, 0x9e3779b1) ^ first
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ second
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  for (let index = 2; index < arguments_.length; index++)
    mixed = Math.imul(mixed ^ arguments_[index]!.id, 0x9e3779b1)
  return mixed ^ (mixed >>> 16)
}
