import type { Node } from '../../src/syntax/ast.ts'
import { childKeys, children } from '../../src/syntax/traverse.ts'

/** A tree as lines of text: the kind of a node, its own fields and the text it stands on when that is one short line. */
export function describeTree(node: Node, text: string, indentation = ''): string {
  const own = Object.entries(node)
    .filter(
      ([key]) => !['kind', 'span', 'parentheses', 'path', ...childKeys(node.kind)].includes(key),
    )
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
  const { start, end } = node.span
  const written = text.slice(start, end)
  const where =
    /[\n\r]/.test(written) || written.length > 60 ? `${start}-${end}` : `${start} ${written}`
  const line = `${indentation}${node.kind}${own.join('')}  | ${where}`.trimEnd()
  return [
    line,
    ...children(node).map((child) => describeTree(child, text, `${indentation}  `)),
  ].join('\n')
}
