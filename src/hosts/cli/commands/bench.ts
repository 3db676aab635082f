import type * as tf from '@tensorflow/tfjs-core'
import { createBreeder, drawn } from '../../../evolve/candidate.ts'
import { benchSurrogate } from '../evolving/bench-surrogate.ts'
import { loadSpace } from '../evolving/load-space.ts'
import { compile } from '../../../compile.ts'
import type { Program } from '../../../ir/graph.ts'
import { childKey, createRandom, rootKey } from '../../../operators/random.ts'
import { selectBackend, type BackendName } from '../../../runtime/backends.ts'
import { loadOptimizerFactory } from '../../../runtime/optimizer-factory.ts'
import {
  BENCH_SHAPES,
  BENCH_STEPS,
  steppedOptimizer,
  takeTurns,
  type Contestant,
} from '../../../tasks/bench-optimizers.ts'
import { benchTraining } from '../../../tasks/bench.ts'
import { interpreter } from '../../../tasks/interpreter.ts'
import type { OpenTask } from '../../../tasks/open-task.ts'
import type { Invocation } from '../command.ts'
import type { Output } from '../output.ts'
import { benchCompile } from '../measuring/bench-compile.ts'
import { benchEditor } from '../measuring/bench-editor.ts'
import { benchSteps } from '../measuring/bench-kernels.ts'
import { exitCodes, failure } from '../failure.ts'
import { libraryNames } from '../package.ts'
import { figure, type Figure } from '../figure.ts'
import { openData } from '../open-data.ts'
import { createSources, type Sources } from '../sources.ts'
import { taskOf } from '../task-option.ts'
import type { World } from '../world.ts'
import { renderTable } from '../table.ts'

interface BenchOptions {
  readonly seconds: number
  readonly json: boolean
  readonly rules: readonly string[]
  readonly parameters: readonly number[]
  readonly backends: readonly BackendName[]
  readonly tasks: readonly string[]
  readonly python: string | undefined
}

interface Setting extends BenchOptions {
  readonly python: string
  readonly sources: Sources
  readonly world: World
  readonly signal: AbortSignal
  readonly note: (sentence: string) => void
}

/** What there is to measure. */
const BENCHES: ReadonlyMap<string, (setting: Setting) => AsyncGenerator<Figure>> = new Map([
  ['kernels', benchSteps],
  ['compile', benchCompile],
  ['editor', benchEditor],
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
}: Invocation<BenchOptions>): Promise<number> {
  const names = operands.length === 0 ? [...BENCHES.keys()] : operands
  const unknown = names.find((name) => !BENCHES.has(name))
  if (unknown !== undefined)
    throw failure(
      'usage',
      `there is no bench ${unknown}`,
      `there is ${[...BENCHES.keys()].join(', ')}`,
    )
  const found: [bench: string, figure: Figure][] = []
  for (const name of names) {
    const note = (sentence: string): void => output.note(`${name}: ${sentence}`)
    const sources = createSources(world.cwd)
    const { signal } = world
    const python = options.python ?? interpreter(world.env)
    const setting = { ...options, python, sources, world, signal, note }
    for await (const one of BENCHES.get(name)!(setting)) {
      if (options.json) output.print(`${JSON.stringify(answer(name, one))}\n`)
      else note(one.name)
      found.push([name, one])
    }
    if (signal.aborted) break
  }
  if (!options.json) output.print(tableOf(found, output))
  return world.signal.aborted ? exitCodes.interrupted : exitCodes.done
}

/** What `--json` prints, a line for each figure. */
function answer(bench: string, { name, labels, ...figure }: Figure): object {
  return { bench, what: name, ...labels, ...figure }
}

function tableOf(found: readonly [bench: string, figure: Figure][], output: Output): string {
  const movesBytes = found.some(([, { gigabytesPerSecond }]) => gigabytesPerSecond !== undefined)
  const rows = found.map(
    ([bench, { name, median, least, most, unit, gigabytesPerSecond: speed }]) => [
      ...[bench, name, show(median), `${show(least)} to ${show(most)}`, unit],
      ...(movesBytes ? [speed === undefined ? '' : show(speed)] : []),
    ],
  )
  const head = ['bench', 'what', 'median', 'range', 'unit', ...(movesBytes ? ['GB/s'] : [])]
  return renderTable(head, rows, output.paint, ['median', 'range', 'GB/s'])
}

const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

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
  const load = async (name: string): Promise<Contestant | undefined> => {
    const program = programOf(sources, name)
    if (program === undefined) return undefined
    const factory = await loadOptimizerFactory(program)
    const optimizer = factory({ hyperparameters: {}, totalSteps: BENCH_STEPS, seed: 1 })
    return steppedOptimizer(optimizer, BENCH_SHAPES)
  }
  const names = libraryNames()
  const beside = await load(names.find((name) => name.endsWith(`/${BESIDE}`))!)
  for (const name of names) {
    if (signal.aborted) break
    const optimizer = await load(name)
    if (optimizer === undefined) continue
    const [one, other] = await takeTurns([optimizer, beside!], seconds / 10, signal)
    await optimizer.dispose()
    if (signal.aborted) break
    const { median } = figure(BESIDE, 's', other!)
    const times = one!.map((time) => time / median)
    yield { ...figure(`${name}, in steps of Adam`, 'times', times), labels: { rule: name } }
  }
  await beside!.dispose()
}

/** Training steps per second of tasks on each backend that works, with Adam as `optc train` steps it. */
async function* benchTasks({
  seconds,
  sources,
  signal,
  tasks: names,
  backends,
  world,
}: Setting): AsyncGenerator<Figure> {
  const tasks: OpenTask[] = []
  for (const name of names)
    tasks.push(await openData(await taskOf(name, world.cwd, undefined), undefined, world))
  const adam = await loadOptimizerFactory(programOf(sources, `std/${BESIDE}`)!, 'kernels')
  const optimizer = (totalSteps: number): tf.Optimizer => adam({ hyperparameters: {}, totalSteps })
  const options = { seconds, signal, tasks, optimizer, backends }
  for await (const found of benchTraining(options)) {
    const { task, backend, stepsPerSecond, stepsPerProcessorSecond } = found
    if (stepsPerSecond === undefined || stepsPerProcessorSecond === undefined) continue
    const labels = { task, backend }
    yield { ...figure(`${task} on ${backend}`, 'steps/s', [stepsPerSecond]), labels }
    // A device works while the processor waits.
    if (backend === 'wasm' || backend === 'cpu')
      yield {
        ...figure(`${task} on ${backend}, processor time`, 'steps/s', [stepsPerProcessorSecond]),
        labels: { ...labels, by: 'processor time' },
      }
  }
}
