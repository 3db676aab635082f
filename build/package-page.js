// Writes what npm would pack into docs/package.md: `npm run package-page`, after `npm run build && npm run declarations`.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const PAGE = 'docs/package.md'
/** The table stands between these lines. */
const [START, END] = ['<!-- packed files -->', '<!-- end of packed files -->']

/** What the files are there for, by how their paths start. The first that fits counts. */
const ROWS = [
  ['dist/vendor/ts-morph', "TypeScript's compiler, for compiling to TypeScript"],
  ['dist/vendor/prettier', 'Prettier, which formats it'],
  ['dist/vendor/ruff', 'ruff, which formats Python'],
  ['dist/vendor/', 'zod, which reads configurations and journals'],
  ['dist/commands/', 'the commands, loaded when they are called'],
  ['dist/library/', 'what `import` gets'],
  ['dist/types/', 'its declarations'],
  ['dist/playground/', 'the playground'],
  ['dist/pages/', 'the page that watches'],
  ['dist/optc.1', 'the manual page'],
  ['dist/THIRD-PARTY', 'licences of what is bundled'],
  ['dist/', 'the command line'],
  ['stdlib/', 'the standard library'],
  ['src/tasks/data/', 'data sets that tasks train on'],
  ['src/', 'the published log, the benchmark in Python'],
  ['', 'package.json, README, LICENSE'],
]

const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 24,
  stdio: ['ignore', 'pipe', 'ignore'],
})
const [{ files, size, unpackedSize, entryCount }] = JSON.parse(printed)

const kilobytes = (bytes) => Math.ceil(bytes / 1000).toLocaleString('en')
const totals = ROWS.map(() => ({ count: 0, bytes: 0 }))
for (const { path, size: bytes } of files) {
  const total = totals[ROWS.findIndex(([start]) => path.startsWith(start))]
  total.count += 1
  total.bytes += bytes
}
const lines = ROWS.flatMap(([start, purpose], index) => {
  const { count, bytes } = totals[index]
  return count === 0 ? [] : [`| \`${start}\` | ${purpose} | ${count} | ${kilobytes(bytes)} |`]
})
const table = [
  '| files | what they are | number | kB |',
  '| --- | --- | ---: | ---: |',
  ...lines.map((line) => line.replace('| `` |', '| |')),
  `| all | ${kilobytes(size)} kB to fetch | ${entryCount} | ${kilobytes(unpackedSize)} |`,
].join('\n')

const page = readFileSync(PAGE, 'utf8')
const [before, rest] = page.split(START)
const [, after] = rest.split(END)
writeFileSync(PAGE, `${before}${START}\n\n${table}\n\n${END}${after}`)
execFileSync('npx', ['prettier', '--write', PAGE], { stdio: 'ignore' })
