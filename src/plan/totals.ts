import { createGraph, operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program, Total, TotalNode } from '../ir/graph.ts'
import {
  liveStates,
  rebuild,
  rewriteNodes,
  rewriteProgram,
  rootsOf,
  type Rewrite,
} from '../ir/rewrite.ts'
import type { GlobalOperator } from '../operators/operator.ts'

/**
 * The program with each number over all parameters taken apart into what one of them adds to it and the total. A program
 * without such numbers is given back itself.
 */
export function separateTotals(program: Program): Program {
  const isGlobal = (node: GraphNode): boolean =>
    node.kind === 'apply' && node.operator.kind === 'global'
  if (!reachable(rootsOf(program)).some(isGlobal)) return program
  const graph = createGraph()
  const totals: Total[] = []
  const rewritten = rewriteProgram(program, (node, arguments_) => {
    if (node.kind !== 'apply' || node.operator.kind !== 'global')
      return rebuild(graph, node, arguments_)
    const { operator } = node
    const index = totals.push({ operator, part: graph.apply(operator.part, arguments_) }) - 1
    return graph.total(index, node)
  })
  return { ...rewritten, totals }
}

/** The program as it was before its totals were taken apart. */
export function joinTotals(program: Program): Program {
  if (program.totals.length === 0) return program
  const graph = createGraph()
  const made = new Map<GraphNode, GraphNode>()
  const rewrite: Rewrite = (node, arguments_) => {
    const total = node.kind === 'total' ? program.totals[node.index] : undefined
    const result =
      total === undefined
        ? rebuild(graph, node, arguments_)
        : graph.apply(total.operator, operands(made.get(total.part)!))
    made.set(node, result)
    return result
  }
  // Each total stands after those it reads.
  for (const { part } of program.totals) rewriteNodes([part], rewrite)
  return { ...rewriteProgram(program, rewrite), totals: [] }
}

/** A total of a step, by its index in the program. */
export interface PlannedTotal {
  readonly index: number
  readonly name: string
  readonly operator: GlobalOperator
  /** After how many rounds it can be found. */
  readonly round: number
}

/** The totals that a step of the programs needs, by their indices: nodes of one of them. */
export function totalsRead(programs: readonly Program[]): ReadonlyMap<number, TotalNode> {
  const found = new Map<number, TotalNode>()
  for (const program of programs) {
    const live = liveStates(program).map((index) => program.states[index]!.next)
    for (let roots: readonly GraphNode[] = [program.update, ...live]; roots.length > 0;) {
      const met = reachable(roots).filter(
        (node): node is TotalNode => node.kind === 'total' && !found.has(node.index),
      )
      for (const node of met) found.set(node.index, node)
      roots = met.map(({ index }) => program.totals[index]!.part)
    }
  }
  return found
}

/** After how many rounds a value is known: 0 for what rests on no total. */
export type RoundOf = (node: GraphNode) => number

/** When values of a program and of what it is specialised to are known. */
export function createRounds({ totals }: Program): RoundOf {
  const ofTotals: number[] = []
  const roundOf: RoundOf = (node) => {
    let last = 0
    if (ofTotals.length === 0) return last
    for (const each of reachable([node]))
      if (each.kind === 'total') last = Math.max(last, ofTotals[each.index]!)
    return last
  }
  // Each total stands after those it reads.
  for (const { part } of totals) ofTotals.push(roundOf(part) + 1)
  return roundOf
}
