import { selectBackend, type BackendChoice } from '../../../runtime/backends.ts'
import type { Metric } from '../../../tasks/metric.ts'
import { stepWork } from '../../../tasks/work.ts'
import type { Assignments } from '../assignments.ts'
import type { Invocation } from '../command.ts'
import { compileFiles } from '../compiled-files.ts'
import { dataFolders } from '../data-folders.ts'
import type { DataFolder } from '../data-option.ts'
import { exitCodes, failure } from '../failure.ts'
import type { World } from '../world.ts'
import { findInputs } from '../inputs.ts'
import { LEARNING_RATE } from '../../../language/learning-rate.ts'
import { checkLearningRate } from '../learning-rate.ts'
import type { Output } from '../output.ts'
import { drawForOutput } from '../picture.ts'
import { createProgress } from '../progress.ts'
import { createSources, type Sources } from '../sources.ts'
import { orTaskFailure, taskOf } from '../task-option.ts'
import { contendersOf, isRandom } from '../training/contenders.ts'
import {
  holdContest,
  lossText,
  totalSteps,
  type Entry,
  type Run,
  type Watcher,
} from '../training/contest.ts'
import { learningCurves } from '../training/learning-curves.ts'
import { checkRunFolder, writeRunFolder } from '../training/run-folder.ts'
import {
  circumstancesText,
  metricText,
  renderSummary,
  speedText,
  summaryJson,
  type Circumstances,
} from '../training/summary.ts'
import { openData } from '../open-data.ts'

interface TrainOptions {
  readonly task: string
  readonly against: readonly string[] | undefined
  readonly seeds: number
  readonly seed: number
  readonly lr: number | 'auto' | 'default'
  readonly rateSeeds: number
  readonly set: Assignments | undefined
  readonly steps: number | undefined
  readonly batch: number | undefined
  readonly stepBy: 'kernels' | 'class'
  readonly backend: BackendChoice | undefined
  readonly data: readonly DataFolder[] | undefined
  readonly out: string | undefined
  readonly force: boolean
  readonly json: boolean
}

/** Points of each learning curve. */
const CURVE_POINTS = 12

/** `optc train`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<TrainOptions>): Promise<number> {
  if (options.set !== undefined && LEARNING_RATE in options.set)
    throw failure(
      'usage',
      'the learning rate is set with --lr',
      `--lr ${options.set[LEARNING_RATE]}`,
    )
  const task = await taskOf(options.task, world.cwd)
  if (options.out !== undefined) checkRunFolder(options.out, options.force, world)
  const sources = createSources(world.cwd)
  const files = compileFiles(
    await inputsOf(operands, options.against, world, sources),
    sources,
    output,
  )
  if (files === undefined) return exitCodes.failed
  const contenders = await contendersOf(files, options.set ?? {}, options.stepBy)
  if (typeof options.lr === 'number')
    checkLearningRate(
      contenders.map(({ program }) => program),
      options.lr,
    )
  for (const { path, compiled } of files)
    if (compiled.programs.length === 0) output.note(`${path} has no optimizer and is passed over`)
  const open = await openData(task, dataFolders(options.data, world.cwd).of(task.data), world)
  const steps = options.steps ?? task.defaults.steps
  const sizes = {
    steps,
    batchSize: options.batch ?? task.defaults.batchSize,
    evaluateEvery: Math.max(1, Math.round(steps / CURVE_POINTS)),
  }
  // Copying two numbers to a faster backend and back takes longer than computing with them.
  const backend = await selectBackend(
    options.backend ?? (task.isFunction ? 'cpu' : 'auto'),
    stepWork(task, sizes.batchSize),
  )
  if (!backend.ok) throw failure('failed', backend.reason, '`optc doctor` tells more')
  await orTaskFailure(async () => open.rehearse?.())

  // Without weights and batches to draw, and no dropout in a rule, every run would be the same.
  const repeats = task.isFunction && !contenders.some(isRandom)
  const count = repeats ? 1 : options.seeds
  const seeds = Array.from({ length: count }, (_, index) => options.seed + index)
  const rateSeeds = repeats ? 1 : options.rateSeeds
  const contest = { task: open, contenders, seeds, sizes, learningRate: options.lr, rateSeeds }
  const progress = createProgress(world, {
    title: 'training',
    total: totalSteps(contest),
    unit: 'steps',
  })
  const watch: Watcher = {
    progress: (steps, now) => progress.update(steps, now),
    chosen: (entry) => progress.log(chosenText(entry)),
    finished: (entry, finished) => progress.log(finishedText(entry, finished, task.metric)),
  }
  const entries = await holdContest({ ...contest, signal: world.signal, watch })
  progress.end()

  const interrupted = world.signal.aborted
  const circumstances: Circumstances = {
    task: task.name,
    ...(task.metric && { metric: task.metric }),
    ...(task.examples !== undefined && { examples: task.examples }),
    isFunction: task.isFunction,
    backend: backend.backend.name,
    seeds,
    ...sizes,
    interrupted,
  }
  await report(circumstances, entries, options, world, output)
  if (interrupted) return exitCodes.interrupted
  if (entries.some(hasResult)) return exitCodes.done
  noteFailure(entries.length, options, output)
  return exitCodes.failed
}

/** Says that no run of the rules reached its end, and what may help. */
function noteFailure(rules: number, { lr }: TrainOptions, output: Output): void {
  output.error(
    rules === 1 ? 'no run came to an end' : 'no run of any rule came to an end',
    typeof lr === 'number'
      ? 'a smaller --lr may help, and `--lr auto` looks for one'
      : '`optc integrity` tells whether a rule can minimise anything at all',
  )
}

/** Whether a run of the entry reached its end. */
function hasResult({ runs }: Entry): boolean {
  return runs.some(({ result }) => result.diverged === undefined)
}

async function report(
  circumstances: Circumstances,
  entries: readonly Entry[],
  { json, out }: TrainOptions,
  world: World,
  output: Output,
): Promise<void> {
  const started = entries.filter(({ runs, failed }) => runs.length > 0 || failed !== undefined)
  if (circumstances.interrupted) output.note('interrupted; this is what had finished')
  if (json) output.print(`${JSON.stringify(summaryJson(circumstances, entries))}\n`)
  else if (started.length > 0) {
    if (started.some(({ runs }) => runs.some(({ result }) => result.curve.length > 0)))
      output.print(drawForOutput(learningCurves(circumstances, started), output))
    else output.print(`${circumstances.task}: ${circumstancesText(circumstances)}\n`)
    output.print(`\n${renderSummary(started, circumstances, output)}`)
  }
  if (out !== undefined && entries.length > 0) {
    const files = await writeRunFolder(out, circumstances, entries, world)
    output.note(`written to ${out}: ${files.join(', ')}`)
  }
}

/** The files of the PATH arguments and of the names in --against, each once. */
async function inputsOf(
  operands: readonly string[],
  against: readonly string[] = [],
  world: World,
  sources: Sources,
): Promise<readonly string[]> {
  const others = against.map((name) => (/[/.]/.test(name) ? name : `std/${name}`))
  return findInputs([...operands, ...others], world, sources)
}

function chosenText({ contender, learningRate, rivals, failed }: Entry): string {
  if (failed !== undefined) return `${contender.label}: ${failed}; not trained`
  const rate = learningRate === undefined ? 'no learning rate' : `lr ${learningRate}`
  return `${contender.label}: ${rate}${rivals.length > 0 ? `, the best of ${rivals.length} at full length` : ''}`
}

function finishedText(
  { contender }: Entry,
  { seed, result }: Run,
  metric: Metric | undefined,
): string {
  const value = result.testMetric ?? result.finalMetric
  const loss = result.testLoss ?? result.finalLoss
  const scores = [
    ...(result.diverged ? [`diverged at step ${result.diverged.step}`] : []),
    ...(value === undefined || metric === undefined
      ? []
      : [`${metric.name} ${metricText(metric, value)}`]),
    ...(loss === undefined ? [] : [`loss ${lossText(loss)}`]),
    `${speedText(result.stepsPerSecond)} steps/s`,
    `${result.seconds.toFixed(1)} s`,
  ]
  return `${contender.label}, seed ${seed}: ${scores.join(', ')}`
}
