import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { commandReference } from '../../src/hosts/cli/command-reference.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'

const START =
  '<!-- The table of commands is made from src/hosts/cli/command-table.ts by `UPDATE=1 npm test`. -->\n'
const END = '<!-- The table of commands ends. -->'

it('the README has the table of commands', () => {
  const readme = readFileSync('README.md', 'utf8')
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  expect(
    start,
    `README.md must hold these lines around the table:\n${START}${END}`,
  ).toBeGreaterThan(-1)
  expect(end).toBeGreaterThan(start)
  const table = `\n${commandReference(commands)}\n`
  if (process.env['UPDATE'] === '1')
    writeFileSync('README.md', readme.slice(0, start + START.length) + table + readme.slice(end))
  else expect(readme.slice(start + START.length, end)).toBe(table)
})
