// Which way of selecting finds the better rule? Runs searches that differ in nothing else, each with the same budget of
// training steps, and compares the best rule of each on held-out images with fresh seeds:
//
//   node compare.mjs [searches] [budget] [folder]      20 searches each, 20000steps, ./selections when left out
//
// A search that is in the folder already is not run again, one that was ended goes on.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const [searches = '20', budget = '20000steps', folder = 'selections'] = process.argv.slice(2)
const SELECTIONS = ['published', 'racing']
const OPTIONS = [
  ...['--task', 'fashion14-mlp', '--protocol', 'sketch', '--budget', budget],
  ...['--initial', '24', '--particles', '4', '--children', '4', '--timesteps', '1000'],
  ...['--finalists', '1', '--final-seeds', '8', '--against', 'adam', '--workers', '1'],
]

const runs = Array.from({ length: Number(searches) }, (_, index) => index + 1).flatMap((seed) =>
  SELECTIONS.map((selection) => ({ seed, selection, place: join(folder, `${selection}-${seed}`) })),
)
const waiting = [...runs]
const next = async () => {
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
    await evolve(run)
    process.stderr.write(`${runs.length - waiting.length} of ${runs.length} begun\n`)
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, next))

const found = Object.fromEntries(SELECTIONS.map((name) => [name, []]))
const adam = []
for (const { selection, place } of runs) {
  const finals = entriesOf(place).filter(({ kind }) => kind === 'final')
  const mean = (name) => average(finals.find((final) => final.name === name).runs.map(testOf))
  found[selection].push(mean('best-1'))
  adam.push(mean('adam'))
}
for (const name of SELECTIONS) show(`best rule, ${name} selection`, found[name])
show('adam, tuned in the same way', adam)
const [published, racing] = SELECTIONS.map((name) => found[name])
show(
  'racing minus published, same search seed',
  racing.map((value, index) => value - published[index]),
)

function evolve({ seed, selection, place }) {
  const journal = join(place, 'journal.jsonl')
  if (existsSync(join(place, 'table.txt'))) return Promise.resolve()
  const line = existsSync(journal)
    ? ['evolve', '--resume', place, '--workers', '1']
    : ['evolve', ...OPTIONS, '--selection', selection, '--seed', String(seed), '--out', place]
  return new Promise((resolve, reject) => {
    const child = spawn('npx', ['optc', ...line], { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`optc ${line.join(' ')} ended with ${code}`)),
    )
  })
}

function entriesOf(place) {
  const lines = readFileSync(join(place, 'journal.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

/** A run that failed counts as guessing among ten classes. */
function testOf({ failure, testMetric }) {
  return failure === undefined ? testMetric : 0.1
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Prints a mean with its 95 % interval by the bootstrap (Efron, 1979), always with the same draws. */
function show(name, values) {
  let state = 1
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647
  const means = Array.from({ length: 10_000 }, () =>
    average(values.map(() => values[Math.floor(draw() * values.length)])),
  ).sort((a, b) => a - b)
  const [low, high] = [means[249], means[9749]].map((value) => value.toFixed(4))
  console.log(`${name}: ${average(values).toFixed(4)} (${low} to ${high}), n = ${values.length}`)
}
