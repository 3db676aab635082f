import type { GraphNode } from './graph.ts'

/** That a place is reached only where `node`, a condition, is `truth`, and where everything `above` holds. */
export interface Condition {
  readonly node: GraphNode
  readonly truth: boolean
  readonly above: Condition | undefined
}
