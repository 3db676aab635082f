import type { CommentToken } from '../../grammar/lex.ts'
import { lineStart } from '../diagnostics/source.ts'
import type { Node } from './ast.ts'
import { placeComments } from './place-comments.ts'

/** What stands around an element of a list. */
export interface Surroundings {
  /** Comments on lines of their own above it. */
  readonly leading: readonly CommentToken[]
  /** Comments at the end of its last line. */
  readonly trailing: readonly CommentToken[]
  /** Whether an empty line is above it, below its leading comments. */
  readonly gap: boolean
}

/** What printing needs to know and the tree does not say. */
export interface Layout {
  readonly around: (element: Node, previous?: Node) => Surroundings
  /** The comments after the last element of a list. */
  readonly dangling: (container: Node) => readonly CommentToken[]
  /** Whether an empty line is above a comment. */
  readonly gapAbove: (comment: CommentToken) => boolean
  /** Whether a list has a line for each element, even if they fit on one. */
  readonly isBroken: (container: Node) => boolean
  /** The comments above the documentation of the file. */
  readonly header: readonly CommentToken[]
}

const NONE: readonly CommentToken[] = []

/** Whether an item takes more than one line in any layout. */
function isTall(node: Node): boolean {
  switch (node.kind) {
    case 'optimizer':
    case 'space':
      return true
    case 'function':
      return node.body.kind === 'block' || node.documentation.length > 0
    default:
      return false
  }
}

function isDeclaration(node: Node): boolean {
  return node.kind === 'optimizer' || node.kind === 'function' || node.kind === 'space'
}

/** Whether two neighbours are apart whatever the text says. */
function alwaysApart(node: Node, previous: Node): boolean {
  if (isTall(node) || isTall(previous)) return true
  if (previous.kind === 'import' || node.kind === 'import') return node.kind !== previous.kind
  return isDeclaration(node) !== isDeclaration(previous)
}

/** The layout of a tree that comes from no text: states, steps and the update apart from each other. */
export const plainLayout: Layout = {
  around: (node, previous) => ({
    leading: NONE,
    trailing: NONE,
    gap:
      previous !== undefined &&
      (alwaysApart(node, previous) ||
        (previous.kind === 'state') !== (node.kind === 'state') ||
        (node.kind === 'assign' && node.target.name === 'update')),
  }),
  dangling: () => NONE,
  gapAbove: () => false,
  isBroken: () => false,
  header: NONE,
}

/** The layout of a tree and the text it was read from. */
export function sourceLayout(
  text: string,
  module: Extract<Node, { readonly kind: 'module' }>,
  comments: readonly CommentToken[],
  documentationStart: number | undefined,
): Layout {
  const header = comments.filter(({ start }) => start < (documentationStart ?? 0))
  const placed = placeComments(text, module, comments.slice(header.length))
  /** Whether the line above the one `offset` is on has nothing on it. */
  const emptyLineAbove = (offset: number): boolean => {
    let breaks = 0
    for (let index = offset - 1; index >= 0 && breaks < 2; index--) {
      const character = text[index]!
      if (character === '\n' || (character === '\r' && text[index + 1] !== '\n')) breaks += 1
      else if (character.trim() !== '') return false
    }
    return breaks === 2
  }
  return {
    around: (node, previous) => {
      const leading = placed.leading.get(node) ?? NONE
      return {
        leading,
        trailing: placed.trailing.get(node) ?? NONE,
        gap:
          (previous !== undefined && leading.length === 0 && alwaysApart(node, previous)) ||
          emptyLineAbove(startWithDocumentation(text, node)),
      }
    },
    dangling: (container) => placed.dangling.get(container) ?? NONE,
    gapAbove: ({ start }) => emptyLineAbove(start),
    isBroken: (container) => placed.broken.has(container),
    header,
  }
}

/** The start of a node, or of the first line of its documentation. */
function startWithDocumentation(text: string, node: Node): number {
  const lines = 'documentation' in node ? node.documentation.length : 0
  if (lines === 0) return node.span.start
  let start = lineStart(text, node.span.start)
  for (let left = lines; left > 0; left--) {
    const end = text[start - 1] === '\n' && text[start - 2] === '\r' ? start - 2 : start - 1
    start = lineStart(text, end)
  }
  return start
}
