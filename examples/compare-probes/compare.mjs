// What does a learning-rate probe get for its training steps? Runs the baselines of the final table with thirds of a decade
// at full length, and short runs of several lengths as a probe makes them, with several seeds; then counts how often each
// probe chooses a learning rate that is more than 2 points of test accuracy below the best one, on the seeds it did not see:
//
//   node compare.mjs [seeds] [task] [protocol] [file]      4 seeds, fashion14-cnn, quick, ./probes.jsonl when left out
//
// What is in the file already is not run again. Several processes may share the work: each runs what no line is there for
// when it comes to it, in an order of its own.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { standardLibrary } from 'optc'
import {
  createJudge,
  findProtocol,
  findTask,
  libraryLoader,
  openTask,
  selectBackend,
} from 'optc/search'

const [seedCount = '4', taskName = 'fashion14-cnn', protocolName = 'quick', file = 'probes.jsonl'] =
  process.argv.slice(2)
const RULES = ['adam', 'sgd', 'nesterov', 'rmsprop', 'lion', 'powersign', 'addsign', 'qhm', 'opt4']
const THIRDS = Array.from({ length: 16 }, (_, place) => place - 12)
const SEEDS = Array.from({ length: Number(seedCount) }, (_, index) => index + 1)
/** Lengths of a short run, in parts of a whole one. */
const LENGTHS = [0.1, 0.2, 0.3, 0.4, 0.6]
const TOO_MUCH = 0.02

const rateOf = (third) => Number((10 ** (third / 3)).toPrecision(2))

async function main() {
  const found = existsSync(file) ? linesOf(file) : new Map()
  const judge = await judges()
  const jobs = SEEDS.flatMap((seed) =>
    RULES.flatMap((rule) => THIRDS.map((third) => ({ rule, third, seed }))),
  )
  const offset = process.pid % jobs.length
  for (const job of [...jobs.slice(offset), ...jobs.slice(0, offset)]) {
    if (found.has(keyOf(job)) || (existsSync(file) && linesOf(file).has(keyOf(job)))) continue
    appendFileSync(file, `${JSON.stringify({ ...job, ...(await runAll(judge, job)) })}\n`)
  }
  report(linesOf(file))
}

/** A judge for whole runs, and one for each length of short ones. */
async function judges() {
  const opened = await openTask(findTask(taskName))
  if (!opened.ok) throw new Error(opened.problem.problem)
  const selected = await selectBackend('auto')
  if (!selected.ok) throw new Error(selected.reason)
  const protocol = findProtocol(protocolName)
  const { evolution } = protocol
  const lengths = [
    ...new Set(LENGTHS.map((part) => Math.max(1, Math.round(part * evolution.epochs)))),
  ]
  return lengths.map((epochs) => {
    const probe = evolution.probe.map((round) => ({ ...round, epochs }))
    const surrogate = { ...evolution, probe }
    const changed = { ...protocol, initial: surrogate, evolution: surrogate }
    return {
      epochs,
      steps: epochs * evolution.epochSteps,
      surrogate,
      judge: createJudge(opened.value, changed, libraryLoader),
    }
  })
}

/** The short runs of one learning rate, and the whole one. */
async function runAll(lengths, { rule, third, seed }) {
  const source = { path: `${rule}.opt`, text: standardLibrary[`std/${rule}`] }
  const request = { source, flipped: false, seed, learningRate: rateOf(third) }
  const trials = []
  let isOver = false
  for (const { steps, surrogate, judge } of lengths) {
    // What was ended early is ended there however long it might have been.
    const trial = isOver
      ? trials.at(-1)
      : await judge({ ...request, surrogate: surrogate.name, isTrial: true })
    isOver ||= trial.steps < steps
    trials.push({ score: trial.score, steps: trial.steps })
  }
  const [{ surrogate, judge }] = lengths
  const whole = isOver ? {} : await judge({ ...request, surrogate: surrogate.name })
  return {
    trials,
    lengths: lengths.map(({ steps }) => steps),
    test: whole.score === undefined ? undefined : whole.testMetric,
  }
}

function report(found) {
  const lengths = [...found.values()][0].lengths
  const grids = [
    ['decades', THIRDS.filter((third) => third % 3 === 0)],
    ['thirds', THIRDS],
  ]
  console.log('grid     seeds  steps a run  steps in all  mean loss  too much')
  for (const [grid, thirds] of grids)
    for (const seeds of [1, 2])
      for (const [place, steps] of lengths.entries()) {
        const { cost, loss, wrong } = chances(found, thirds, seeds, place)
        const cells = [grid.padEnd(7), String(seeds).padStart(6), String(steps).padStart(12)]
        const [points, share] = [(100 * loss).toFixed(2), `${(100 * wrong).toFixed(0)} %`]
        console.log(
          `${cells.join(' ')} ${cost.toFixed(0).padStart(13)} ${points.padStart(10)} ${share.padStart(9)}`,
        )
      }
  console.log(
    'mean loss: test accuracy of the best learning rate minus that of the one chosen, in points, on other seeds',
  )
}

/** What a probe costs, what it loses, and how often that is too much, over the rules and the sets of seeds it may be made with. */
function chances(found, thirds, count, place) {
  const at = (rule, third, seed) => found.get(keyOf({ rule, third, seed }))
  const [costs, losses] = [[], []]
  for (const rule of RULES)
    for (const seeds of subsets(SEEDS, count)) {
      const others = SEEDS.filter((seed) => !seeds.includes(seed))
      const truth = (third) => average(others.map((seed) => at(rule, third, seed).test ?? 0.1))
      const trials = thirds.map((third) => seeds.map((seed) => at(rule, third, seed).trials[place]))
      const scores = trials.map((each) => average(each.map(({ score }) => score ?? -Infinity)))
      const chosen = thirds[scores.indexOf(Math.max(...scores))]
      costs.push(trials.flat().reduce((sum, { steps }) => sum + steps, 0))
      losses.push(Math.max(...THIRDS.map(truth)) - truth(chosen))
    }
  const wrong = losses.filter((loss) => loss > TOO_MUCH).length / losses.length
  return { cost: average(costs), loss: average(losses), wrong }
}

const subsets = (items, count) =>
  count === 0
    ? [[]]
    : items.flatMap((item, index) =>
        subsets(items.slice(index + 1), count - 1).map((rest) => [item, ...rest]),
      )
const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const keyOf = ({ rule, third, seed }) => `${rule} ${third} ${seed}`

function linesOf(path) {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return new Map(lines.map((line) => JSON.parse(line)).map((entry) => [keyOf(entry), entry]))
}

await main()
