import type { CommandRow } from './command.ts'
import { optionName } from './command.ts'

/** The commands as a table in Markdown: how each is written, what it does. */
export function commandReference(rows: readonly CommandRow[]): string {
  const lines = rows.map((row) => {
    const options = Object.entries(row.options).map(
      ([name, { placeholder }]) =>
        `\`${optionName(name)}${placeholder === undefined ? '' : ` ${placeholder}`}\``,
    )
    const command = `\`optc ${[row.name, row.operands].join(' ').trim()}\``
    const text = [row.summary, ...(options.length > 0 ? [options.join(', ')] : [])].join('; ')
    return `| ${escape(command)} | ${escape(text)} |`
  })
  return ['| command | what it does |', '|---|---|', ...lines, ''].join('\n')
}

/** A bar would end the cell, even in code. */
function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}
