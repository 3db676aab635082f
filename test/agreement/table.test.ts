import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COLUMNS, deviationTable } from './deviation-table.ts'
import { recorded } from './tally.ts'

const PAGE = 'docs/agreement.md'
const START =
  '<!-- The table is made from test/agreement/deviations by `UPDATE=1 npx vitest run test/agreement/table.test.ts`. -->\n'
const END = '<!-- The table ends. -->'

test('the page has the table of what the slow tests found', () => {
  const page = readFileSync(PAGE, 'utf8')
  const [start, end] = [page.indexOf(START), page.indexOf(END)]
  expect(start, `${PAGE} must hold these lines around the table:\n${START}${END}`).toBeGreaterThan(
    -1,
  )
  expect(end).toBeGreaterThan(start)
  const table = `\n${deviationTable(recorded())}\n`
  if (process.env['UPDATE'] === '1')
    writeFileSync(PAGE, page.slice(0, start + START.length) + table + page.slice(end))
  else expect(page.slice(start + START.length, end)).toBe(table)
})

test('what was recorded is within the tolerances, of columns that there are', () => {
  const found = recorded()
  expect(found.size).toBeGreaterThan(0)
  for (const [column, { numbers, part }] of found) {
    expect(COLUMNS).toHaveProperty(column)
    expect(numbers, column).toBeGreaterThan(100_000)
    expect(part, column).toBeLessThanOrEqual(1)
  }
})
