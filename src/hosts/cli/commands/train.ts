import { resolve } from 'node:path'
import { setUpComputing, type ComputingChoice } from '../../../tasks/computing.ts'
import type { OpenTask, Task } from '../../../tasks/open-task.ts'
import type { Problem } from '../../../tasks/problem.ts'
import { writeWeights } from '../../../tasks/weight-files.ts'
import { stepWork } from '../../../tasks/work.ts'
import type { Assignments } from '../assignments.ts'
import type { Invocation } from '../command.ts'
import { compileFiles, type CompiledFile } from '../compiled-files.ts'
import { dataFolders } from '../data-folders.ts'
import type { DataFolder } from '../data-option.ts'
import { exitCodes, failure, type Failure } from '../failure.ts'
import type { World } from '../world.ts'
import { findInputs } from '../inputs.ts'
import { LEARNING_RATE } from '../../../language/learning-rate.ts'
import { checkLearningRate } from '../learning-rate.ts'
import type { Output } from '../output.ts'
import { drawForOutput } from '../picture.ts'
import { createSources, type Sources } from '../sources.ts'
import { orTaskFailure, taskOf } from '../task-option.ts'
import { contendersOf, isRandom, type Contender } from '../training/contenders.ts'
import { holdContest, totalSteps, type Entry } from '../training/contest.ts'
import { checkRateGroups, checkSaved, fineTuned, tuningNotes } from '../training/fine-tuning.ts'
import type { RateGroup } from '../rate-groups.ts'
import { learningCurves } from '../training/learning-curves.ts'
import { showContest } from '../training/show-contest.ts'
import { checkRunFolder, writeRunFolder } from '../training/run-folder.ts'
import {
  circumstancesText,
  renderSummary,
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
  readonly backend: ComputingChoice | undefined
  readonly data: readonly DataFolder[] | undefined
  readonly weights: string | undefined
  readonly freeze: RegExp | undefined
  readonly rates: readonly RateGroup[] | undefined
  readonly save: string | undefined
  readonly out: string | undefined
  readonly force: boolean
  readonly json: boolean
  readonly watch: boolean
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
  const folders = dataFolders(options.data, world.cwd)
  const task = await taskOf(options.task, world.cwd, folders.of(undefined))
  if (options.out !== undefined) checkRunFolder(options.out, options.force, world)
  const sources = createSources(world.cwd)
  const files = compileFiles(
    await inputsOf(operands, options.against, world, sources),
    sources,
    output,
  )
  if (files === undefined) return exitCodes.failed
  const contenders = contendersOf(files, options.set ?? {}, options.stepBy)
  notePassedOver(files, output)
  checkRates(contenders, options)
  const read = await openData(task, folders.of(task.data), world)
  const steps = options.steps ?? task.defaults.steps
  const sizes = {
    steps,
    batchSize: options.batch ?? task.defaults.batchSize,
    evaluateEvery: Math.max(1, Math.round(steps / CURVE_POINTS)),
  }
  // Copying two numbers to a faster backend and back takes longer than computing with them.
  const backend = await setUpComputing(
    task,
    options.backend ?? (task.isFunction ? 'cpu' : 'auto'),
    stepWork(task, sizes.batchSize),
  )
  if (!backend.ok) throw failure('failed', backend.reason, backend.help)
  await orTaskFailure(async () => read.rehearse?.())
  const open = tuned(read, options, world, output)
  if (options.save !== undefined && !('start' in open)) throw nothingToSave()

  // Without weights and batches to draw, and no dropout in a rule, every run would be the same.
  const repeats = task.isFunction && !contenders.some(isRandom)
  const count = repeats ? 1 : options.seeds
  const seeds = Array.from({ length: count }, (_, index) => options.seed + index)
  const rateSeeds = repeats ? 1 : options.rateSeeds
  const contest = {
    ...{ task: open, contenders, seeds, sizes, learningRate: options.lr, rateSeeds },
    ...(options.rates && { rates: options.rates }),
  }
  const show = showContest(world, {
    ...{ task: task.name, steps, metric: task.metric, isFunction: task.isFunction },
    ...{ title: 'training', total: totalSteps(contest), unit: 'steps' },
    labels: contenders.map(({ label }) => label),
    // What is printed as one document is read by programs.
    isDrawn: options.watch && !options.json,
  })
  const entries = await holdContest({
    ...contest,
    signal: world.signal,
    watch: show.watcher,
    onTrained: (problem) => save(problem, options.save, world, output),
  })
  const interrupted = world.signal.aborted
  show.end(interrupted)

  const circumstances = circumstancesOf(task, {
    backend: backend.name,
    seeds,
    ...sizes,
    interrupted,
  })
  await report(circumstances, entries, options, world, output)
  if (interrupted) return exitCodes.interrupted
  if (entries.some(hasResult)) return exitCodes.done
  noteFailure(entries.length, options, output)
  return exitCodes.failed
}

function notePassedOver(files: readonly CompiledFile[], output: Output): void {
  for (const { path, compiled } of files)
    if (compiled.programs.length === 0) output.note(`${path} has no optimizer and is passed over`)
}

/** Under what the runs were made. */
function circumstancesOf(
  task: Task,
  rest: Pick<Circumstances, 'backend' | 'seeds' | 'steps' | 'batchSize' | 'interrupted'>,
): Circumstances {
  return {
    task: task.name,
    ...(task.metric && { metric: task.metric }),
    ...(task.examples !== undefined && { examples: task.examples }),
    isFunction: task.isFunction,
    ...rest,
  }
}

/** Throws a failure where learning rates or what is saved do not go with the rules. */
function checkRates(
  contenders: readonly Contender[],
  { rates, lr, save: path, seeds }: TrainOptions,
): void {
  if (typeof lr === 'number')
    checkLearningRate(
      contenders.map(({ program }) => program),
      lr,
    )
  if (rates !== undefined) checkRateGroups(contenders, rates, lr)
  if (path !== undefined) checkSaved(path, contenders.length, seeds)
}

/** The task with the weights and the frozen layers that the options ask for, where they do. */
function tuned(
  task: OpenTask,
  { weights, freeze }: TrainOptions,
  world: World,
  output: Output,
): OpenTask {
  if (weights === undefined && freeze === undefined) return task
  const path = weights === undefined ? undefined : resolve(world.cwd, weights)
  const result = fineTuned(task, path, freeze)
  for (const note of tuningNotes(result.tuning)) output.note(note)
  return result.task
}

const nothingToSave = (): Failure =>
  failure('usage', 'the task has no layers whose weights --save could keep')

function save(problem: Problem, path: string | undefined, world: World, output: Output): void {
  if (path === undefined) return
  const tensors = problem.weights?.()
  if (tensors === undefined) throw nothingToSave()
  writeWeights(resolve(world.cwd, path), tensors)
  output.note(`weights written to ${path}`)
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
