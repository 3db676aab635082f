import type * as tf from '@tensorflow/tfjs-core'
import { createBreeder, drawn } from '../../../evolve/candidate.ts'
import { benchSurrogate } from '../evolving/bench-surrogate.ts'
import { loadSpace } from '../evolving/load-space.ts'
import { analyze, compile } from '../../../compile.ts'
import { defaultTarget } from '../../../emit/targets.ts'
import type { Program } from '../../../ir/graph.ts'
import { childKey, createRandom, rootKey } from '../../../operators/random.ts'
import { BACKEND_NAMES, selectBackend } from '../../../runtime/backends.ts'
import { loadOptimizerFactory } from '../../../runtime/optimizer-factory.ts'
import {
  steppedOptimizer,
  timeBeside,
  type SteppedOptimizer,
} from '../../../tasks/bench-optimizers.ts'
import { benchTraining } from '../../../tasks/bench.ts'
import { openTask } from '../../../tasks/open-task.ts'
import { findTask } from '../../../tasks/task.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { libraryNames } from '../package.ts'
import { figure, type Figure } from '../figure.ts'
import { createSources, type Sources } from '../sources.ts'
import { renderTable } from '../table.ts'

interface Setting {
  readonly seconds: number
  readonly sources: Sources
  readonly signal: AbortSignal
}

const TRAINED = ['fashion14-mlp', 'fashion14-cnn']

/** What there is to measure. */
const BENCHES: ReadonlyMap<string, (setting: Setting) => AsyncGenerator<Figure>> = new Map([
  ['compile', benchCompile],
  ['integrity', benchIntegrity],
  ['training', benchTasks],
  ['optimizers', benchOptimizers],
  ['surrogate', ({ sources, signal }: Setting) => benchSurrogate(sources, signal)],
])

/** `optc bench`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<{ readonly seconds: number }>): Promise<number> {
  const names = operands.length === 0 ? [...BENCHES.keys()] : operands
  const unknown = names.find((name) => !BENCHES.has(name))
  if (unknown !== undefined)
    throw failure(
      'usage',
      `there is no bench ${unknown}`,
      `there is ${[...BENCHES.keys()].join(', ')}`,
    )
  const rows: string[][] = []
  for (const name of names) {
    const setting = {
      seconds: options.seconds,
      sources: createSources(world.cwd),
      signal: world.signal,
    }
    for await (const { name: what, median, least, most, unit } of BENCHES.get(name)!(setting)) {
      output.note(`${name}: ${what}`)
      rows.push([name, what, show(median), `${show(least)} to ${show(most)}`, unit])
    }
    if (world.signal.aborted) break
  }
  output.print(
    renderTable(['bench', 'what', 'median', 'range', 'unit'], rows, output.paint, [
      'median',
      'range',
    ]),
  )
  return world.signal.aborted ? exitCodes.interrupted : exitCodes.done
}

const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** Checking, and compiling to formatted TypeScript, each file of the library that has an optimizer; after a warm-up. */
async function* benchCompile({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const files = libraryNames().map((name) => sources.read(name))
  const rules = files.filter(
    (source) => (compile(source, sources.loader).value?.programs.length ?? 0) > 0,
  )
  const checks: number[] = []
  const compiles: number[] = []
  const until = performance.now() + 1000 * seconds
  for (let round = 0; round === 0 || (performance.now() < until && !signal.aborted); round++) {
    for (const source of rules) {
      const before = performance.now()
      analyze(source, sources.loader)
      const between = performance.now()
      const { value } = compile(source, sources.loader)
      await defaultTarget.print(value?.programs ?? [], [])
      checks.push(between - before)
      compiles.push(performance.now() - between)
    }
  }
  yield figure('check a rule', 'ms', checks)
  yield figure('compile a rule to formatted TypeScript', 'ms', compiles)
}

/** Attempts per round of the integrity bench: about a tenth of a second's worth. */
const INTEGRITY_ROUND = 500

/**
 * Drawing rules of the published space, compiling them and checking their integrity, on one core: checks per second, and
 * per second of processor time, which other processes of the machine disturb less. Rules that need each other in a circle
 * are drawn but not checked, and not counted.
 */
async function* benchIntegrity({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const breeder = createBreeder(loadSpace('published', sources), sources.loader)
  const rates: number[] = []
  const processorRates: number[] = []
  const warm = performance.now() + 500 * seconds
  const until = performance.now() + 1000 * seconds
  for (let round = 0; rates.length < 3 || (performance.now() < until && !signal.aborted); round++) {
    const random = createRandom(childKey(rootKey(1), round))
    const processorBefore = process.cpuUsage()
    const before = performance.now()
    let checked = 0
    for (let index = 0; index < INTEGRITY_ROUND; index++) {
      const { candidate, rejections } = drawn(breeder.draw(random, 1))
      if (candidate !== undefined || rejections[0]?.reason === 'integrity') checked += 1
    }
    const duration = performance.now() - before
    const { user, system } = process.cpuUsage(processorBefore)
    // The first rounds are spent on what all others share, and on becoming machine code.
    if (performance.now() > warm) {
      rates.push((1000 * checked) / duration)
      processorRates.push((1e6 * checked) / (user + system))
    }
    await new Promise(setImmediate)
  }
  yield figure('draw, compile and check a rule', '1/s', rates)
  yield figure('the same by processor time', '1/s', processorRates)
}

/** The optimizer of a file of the library, if it has one. */
const programOf = (sources: Sources, name: string): Program | undefined =>
  compile(sources.read(name), sources.loader).value?.programs[0]

/** What the steps of others are measured beside. */
const BESIDE = 'adam'

/** Steps of each optimizer of the library on wasm, beside steps of Adam that are taken between them. */
async function* benchOptimizers({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const selected = await selectBackend('wasm')
  if (!selected.ok) throw failure('failed', selected.reason, '`optc doctor` tells more')
  const load = async (name: string): Promise<SteppedOptimizer | undefined> => {
    const program = programOf(sources, name)
    return program && steppedOptimizer(await loadOptimizerFactory(program))
  }
  const names = libraryNames()
  const beside = await load(names.find((name) => name.endsWith(`/${BESIDE}`))!)
  for (const name of names) {
    if (signal.aborted) break
    const optimizer = await load(name)
    if (optimizer === undefined) continue
    const { one, other } = timeBeside(optimizer, beside!, seconds / 10)
    optimizer.dispose()
    const { median } = figure(BESIDE, 's', other)
    yield figure(
      `${name}, in steps of Adam`,
      'times',
      one.map((time) => time / median),
    )
  }
  beside!.dispose()
}

/** Training steps per second of the fashion14 tasks on each backend that works, with Adam as `optc train` steps it. */
async function* benchTasks({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const tasks = TRAINED.map((name) => {
    const task = findTask(name)
    const opened = task && openTask(task)
    if (opened?.ok !== true) throw failure('failed', `the data of ${name} cannot be read`)
    return opened.value
  })
  const adam = await loadOptimizerFactory(programOf(sources, `std/${BESIDE}`)!, 'kernels')
  const optimizer = (totalSteps: number): tf.Optimizer => adam({ hyperparameters: {}, totalSteps })
  const options = { seconds, signal, tasks, optimizer, backends: BACKEND_NAMES }
  for await (const found of benchTraining(options)) {
    if (found.stepsPerSecond !== undefined)
      yield figure(`${found.task} on ${found.backend}`, 'steps/s', [found.stepsPerSecond])
  }
}
