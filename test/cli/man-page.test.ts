import { expect, test } from 'vitest'
import { optionName } from '../../src/hosts/cli/command.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { manPage } from '../../src/hosts/cli/man-page.ts'

const page = manPage('1.2.3')
/** What a reader sees, all but the layout. */
const shown = page
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\(ga', '`')
  .replaceAll('\\(aq', "'")
  .replaceAll('\\e', '\\')

test.each(commands)('the manual page tells of $name, its options and examples', (row) => {
  const section = shown.split('\n.SS ').find((part) => part.startsWith(`optc ${row.name}`))!
  for (const [name, { summary }] of Object.entries(row.options)) {
    expect(section).toContain(`\n${optionName(name)}`)
    expect(section).toContain(summary)
  }
  for (const [line] of row.examples) expect(section).toContain(`\n${line}\n`)
})

test('the manual page has no line that begins as a request and is none', () => {
  const requests = page.split('\n').filter((line) => /^[.']/.test(line))
  expect(requests.filter((line) => !/^\.(TH|SH|SS|TP|PP|B|I|RS|RE|nf|fi)\b/.test(line))).toEqual([])
})
