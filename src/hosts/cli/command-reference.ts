import type { DescribedCommand } from '../../reference/topics/commands.ts'
import { optionName, type CommandRow } from './command.ts'

/** The commands as a table in Markdown: how each is written, what it does. */
export function commandReference(rows: readonly CommandRow[]): string {
  const lines = rows.map((row) => {
    const options = writtenOptions(row).map(({ written }) => `\`${written}\``)
    const command = `\`optc ${[row.name, row.operands].join(' ').trim()}\``
    const text = [row.summary, ...(options.length > 0 ? [options.join(', ')] : [])].join('; ')
    return `| ${escape(command)} | ${escape(text)} |`
  })
  return ['| command | what it does |', '|---|---|', ...lines, ''].join('\n')
}

/** The commands as the reference explains them. */
export function describedCommands(rows: readonly CommandRow[]): readonly DescribedCommand[] {
  return rows.map((row) => {
    const { name, summary, operands, details, examples } = row
    return {
      name,
      summary,
      operands,
      ...(details !== undefined && { details }),
      options: writtenOptions(row),
      examples,
    }
  })
}

function writtenOptions({ options }: CommandRow): DescribedCommand['options'] {
  return Object.entries(options).map(([name, { placeholder, summary }]) => ({
    written: `${optionName(name)}${placeholder === undefined ? '' : ` ${placeholder}`}`,
    summary,
  }))
}

/** A bar would end the cell, even in code. */
function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}
