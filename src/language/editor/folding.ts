import { lineStarts, positionAt } from '../../diagnostics/source.ts'
import type { Span } from '../../diagnostics/source.ts'
import { visit } from '../../syntax/traverse.ts'
import type { Analysis } from './analysis.ts'

/** Lines that can be folded into the first of them; 0 is the first line of a file. */
export interface Fold {
  readonly first: number
  readonly last: number
  readonly kind: 'region' | 'comment' | 'imports'
}

/** What can be folded: blocks, lists of parameters, comments and imports of more than one line. */
export function foldsOf({ source, module, lexed }: Analysis): readonly Fold[] {
  const starts = lineStarts(source.text)
  const lineOf = (offset: number): number => positionAt(starts, offset).line - 1
  const folds: Fold[] = []
  const add = (first: number, last: number, kind: Fold['kind']): void => {
    if (last > first && !folds.some((fold) => fold.first === first && fold.last === last))
      folds.push({ first, last, kind })
  }
  /** The closing bracket stays to be seen. */
  const addBrackets = ({ start, end }: Span): void =>
    add(lineOf(start), lineOf(end - 1) - 1, 'region')
  visit(module, {
    enter: (node) => {
      if (node.kind === 'block' || node.kind === 'space-group' || node.kind === 'space-list')
        addBrackets(node.span)
      else if (node.kind === 'function') addBrackets(node.parentheses)
      else if (node.kind === 'optimizer')
        addBrackets({ start: node.name.span.start, end: node.body.span.start })
    },
  })
  for (const [first, last] of runs(lexed.comments.map(({ start }) => lineOf(start))))
    add(first, last, 'comment')
  const imports = module.items.filter(({ kind }) => kind === 'import')
  const [top, bottom] = [imports[0], imports.at(-1)]
  if (top !== undefined && bottom !== undefined)
    add(lineOf(top.span.start), lineOf(bottom.span.end), 'imports')
  return folds
}

/** The first and last of lines that follow each other. */
function runs(lines: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  for (const line of lines) {
    const last = found.at(-1)
    if (last !== undefined && line <= last[1] + 1) last[1] = line
    else found.push([line, line])
  }
  return found
}
