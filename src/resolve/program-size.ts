import type { Span } from '../diagnostics/source.ts'
import type { Node } from '../syntax/ast.ts'
import { children } from '../syntax/traverse.ts'

/** How deep the nodes of a module may be nested. */
export const MAXIMUM_DEPTH = 1000

/** How many expressions a program may hold when its functions are put in the place of their calls. */
export const MAXIMUM_SIZE = 20_000

/** The place where a module is nested more than MAXIMUM_DEPTH deep, or undefined. Needs no stack of its own. */
export function isTooDeep(root: Node): Span | undefined {
  const pending: Node[] = [root]
  const depths = [0]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const depth = depths.pop()!
    if (depth > MAXIMUM_DEPTH) return node.span
    for (const child of children(node)) {
      pending.push(child)
      depths.push(depth + 1)
    }
  }
  return undefined
}
