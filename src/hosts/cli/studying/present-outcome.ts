import picocolors from 'picocolors'
import { drawSideBySide } from '../../../draw/side-by-side-svg.ts'
import { outcomePage } from '../../../report/outcome-page.ts'
import type { Outcome } from '../../../study/outcome.ts'
import type { Output, Paint } from '../output.ts'
import { renderTable } from '../table.ts'
import type { StudyFolder } from './study-folder.ts'

/** The files that a study leaves. */
export const OUTCOME_FILES = ['table.txt', 'figure.svg', 'report.html', 'results.json'] as const

/** Wider lines of words than this are broken. */
const WIDEST = 100
/** Longer cells, such as rules in the published notation, are cut; the report and the results have all of them. */
const LONGEST_CELL = 56

/** The tables of an outcome and what it is to be read with, for a terminal or a file. */
export function outcomeText(outcome: Outcome, paint: Paint): string {
  const tables = outcome.tables.map(({ title, columns, rows, note }) => {
    const head = columns.map((column) => column.title)
    const right = columns.flatMap(({ title: name, isNumber }) => (isNumber ? [name] : []))
    return [
      `${paint.bold(title)}\n`,
      renderTable(
        head,
        rows.map((row) => row.map(shortened)),
        paint,
        right,
      ),
      ...(note === undefined ? [] : [`${paint.dim(wrapped(note))}\n`]),
    ].join('')
  })
  const remarks = outcome.remarks.map((remark) => `${wrapped(`- ${remark}`, '  ')}\n`).join('')
  return [`${wrapped(outcome.lead)}\n`, ...tables, ...(remarks === '' ? [] : [remarks])].join('\n')
}

/** Writes everything that is told of an outcome, beside the `results` that it was made from. */
export function writeOutcome(
  outcome: Outcome,
  results: readonly unknown[],
  command: string,
  folder: StudyFolder,
): void {
  const plain = outcomeText(outcome, picocolors.createColors(false))
  const texts: Readonly<Record<(typeof OUTCOME_FILES)[number], string>> = {
    'table.txt': plain,
    'figure.svg': drawSideBySide(outcome.title, outcome.drawings),
    'report.html': outcomePage(outcome, command),
    'results.json': `${JSON.stringify(results, undefined, 2)}\n`,
  }
  for (const name of OUTCOME_FILES) folder.writeText(name, texts[name])
}

/** Prints an outcome. */
export function printOutcome(outcome: Outcome, output: Output): void {
  output.print(outcomeText(outcome, output.paint))
}

const shortened = (cell: string): string =>
  cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL - 1)}…` : cell

function wrapped(text: string, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDEST) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
