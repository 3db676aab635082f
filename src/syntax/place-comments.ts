import type { CommentToken } from '../../grammar/lex.ts'
import type { Node } from './ast.ts'
import { visit } from './traverse.ts'

/** Where each comment of a text is printed, by the nodes of its tree. */
export interface Placed {
  readonly leading: ReadonlyMap<Node, readonly CommentToken[]>
  readonly trailing: ReadonlyMap<Node, readonly CommentToken[]>
  readonly dangling: ReadonlyMap<Node, readonly CommentToken[]>
  /** The lists of parameters that start a new line in the text, by their declaration. */
  readonly broken: ReadonlySet<Node>
}

/** A list whose elements can have comments between them. */
interface Container {
  readonly node: Node
  readonly start: number
  readonly end: number
  readonly elements: readonly Node[]
}

/**
 * Gives every comment to the innermost list around it: above the element that follows it, or at the end of the element
 * before it on the same line. A comment in the middle of an element, where there is no list, goes above that element.
 */
export function placeComments(
  text: string,
  module: Extract<Node, { readonly kind: 'module' }>,
  comments: readonly CommentToken[],
): Placed {
  const leading = new Map<Node, CommentToken[]>()
  const trailing = new Map<Node, CommentToken[]>()
  const dangling = new Map<Node, CommentToken[]>()
  const broken = new Set<Node>()
  const add = (map: Map<Node, CommentToken[]>, node: Node, comment: CommentToken): void => {
    const list = map.get(node)
    if (list === undefined) map.set(node, [comment])
    else list.push(comment)
  }
  const inside = new Map<Node, readonly Container[]>()
  const containersOf = (element: Node): readonly Container[] => {
    let found = inside.get(element)
    if (found === undefined) {
      found = findContainers(text, element)
      inside.set(element, found)
    }
    return found
  }

  const place = (container: Container, comment: CommentToken): void => {
    const { elements } = container
    let low = 0
    let high = elements.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (elements[middle]!.span.start <= comment.start) low = middle + 1
      else high = middle
    }
    const before = elements[low - 1]
    const after = elements[low]
    if (before !== undefined && comment.start < before.span.end) {
      const deeper = containersOf(before).find(
        ({ start, end }) => start <= comment.start && comment.start < end,
      )
      if (deeper === undefined) add(leading, before, comment)
      else place(deeper, comment)
    } else if (before !== undefined && !/[\n\r]/.test(text.slice(before.span.end, comment.start)))
      add(trailing, before, comment)
    else if (after !== undefined) add(leading, after, comment)
    else add(dangling, container.node, comment)
  }

  const whole: Container = { node: module, start: 0, end: text.length, elements: module.items }
  for (const comment of comments) place(whole, comment)
  for (const item of module.items) {
    if (item.kind !== 'optimizer' && item.kind !== 'function') continue
    const [first] = item.parameters
    if (first !== undefined && /[\n\r]/.test(text.slice(item.name.span.end, first.span.start)))
      broken.add(item)
  }
  return { leading, trailing, dangling, broken }
}

/** The outermost lists in an element, in the order of the text. */
function findContainers(text: string, element: Node): readonly Container[] {
  const found: Container[] = []
  visit(element, {
    enter: (node, parent) => {
      const container = containerOf(text, node, parent)
      if (container === undefined) return true
      found.push(container)
      // A declaration has a body beside its list of parameters.
      return node.kind === 'optimizer' || node.kind === 'function'
    },
  })
  return found
}

function containerOf(text: string, node: Node, parent: Node | undefined): Container | undefined {
  const { start, end } = node.span
  switch (node.kind) {
    case 'optimizer':
    case 'function': {
      const from = node.name.span.end
      const last = node.parameters.at(-1)?.span.end ?? from
      return { node, start: from, end: closerAfter(text, last), elements: node.parameters }
    }
    case 'block': {
      const isElse = parent?.kind === 'if' && parent.otherwise === node
      return { node, start: isElse ? parent.then.span.end : start, end, elements: node.statements }
    }
    case 'call':
      return { node, start: node.callee.span.end, end, elements: node.arguments }
    case 'import':
      return { node, start, end: node.from.span.start, elements: node.names }
    case 'space-group':
      return { node, start, end, elements: node.entries }
    case 'space-list':
      return { node, start, end, elements: node.choices }
    default:
      return undefined
  }
}

/** The offset of the first closing parenthesis after `offset` that is not in a comment. */
function closerAfter(text: string, offset: number): number {
  for (let index = offset; index < text.length; index++) {
    if (text[index] === ')') return index
    if (text.startsWith('//', index)) {
      const rest = text.slice(index).search(/[\n\r]/)
      if (rest < 0) return text.length
      index += rest
    }
  }
  return text.length
}
