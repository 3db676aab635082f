import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { commandReference } from '../../src/hosts/cli/command-reference.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'

const PAGE = 'docs/commands.md'
const START =
  '<!-- The table of commands is made from src/hosts/cli/command-table.ts by `UPDATE=1 npm test`. -->\n'
const END = '<!-- The table of commands ends. -->'

it('the page of commands has the table of commands', () => {
  const page = readFileSync(PAGE, 'utf8')
  const start = page.indexOf(START)
  const end = page.indexOf(END)
  expect(start, `${PAGE} must hold these lines around the table:\n${START}${END}`).toBeGreaterThan(
    -1,
  )
  expect(end).toBeGreaterThan(start)
  const table = `\n${commandReference(commands)}\n`
  if (process.env['UPDATE'] === '1')
    writeFileSync(PAGE, page.slice(0, start + START.length) + table + page.slice(end))
  else expect(page.slice(start + START.length, end)).toBe(table)
})
