import Table from 'cli-table3'
import type { Paint } from './output.ts'

/** A table without lines: a head, and rows of cells. Columns named in `right` are aligned to the right. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
  right: readonly string[] = [],
): string {
  const nothing = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ]
  const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']
  const table = new Table({
    head: head.map((name) => paint.bold(name)),
    chars: {
      ...Object.fromEntries([...nothing, ...inner].map((name) => [name, ''])),
      middle: '  ',
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
  })
  table.push(...rows.map((row) => [...row]))
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}
