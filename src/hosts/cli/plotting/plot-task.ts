import type { Figure } from '../../../draw/figure.ts'
import { pathsFigure, type Path } from '../../../language/plot/paths.ts'
import { jsonNumbers } from '../../../language/trace.ts'
import { setUpComputing } from '../../../tasks/computing.ts'
import type { TensorTask } from '../../../tasks/open-task.ts'
import { train } from '../../../tasks/train.ts'
import { stepWork } from '../../../tasks/work.ts'
import type { CompiledFile } from '../compiled-files.ts'
import { failure } from '../failure.ts'
import { checkLearningRate } from '../learning-rate.ts'
import { openData } from '../open-data.ts'
import { createProgress } from '../progress.ts'
import { orTaskFailure, taskOf } from '../task-option.ts'
import { contendersOf } from '../training/contenders.ts'
import { ruleOf, holdContest, totalSteps, type Entry } from '../training/contest.ts'
import { learningCurves } from '../training/learning-curves.ts'
import type { World } from '../world.ts'
import { isPlane, recording, surfaceAround, type PlanePath } from './task-surface.ts'

/** What `optc plot --task` is asked for. */
export interface TaskPlotOptions {
  readonly task: string
  readonly data: string | undefined
  readonly name: string | undefined
  readonly steps: number | undefined
  readonly set: Readonly<Record<string, number>> | undefined
  readonly lr: number | 'auto' | 'default'
}

/** Steps of a run on data: a look, not a result. */
const SHORT_RUN = 200
const CURVE_POINTS = 20
const SEED = 1

/**
 * Optimizers on a task: the paths over the contours of a function of two numbers; else the curves of one short run each. Throws
 * a failure where none of them reached its end.
 */
export async function plotTask(
  files: readonly CompiledFile[],
  options: TaskPlotOptions,
  world: World,
): Promise<{ readonly data: readonly object[]; readonly figure: () => Figure }> {
  const task = await taskOf(options.task, world.cwd, options.data)
  const all = contendersOf(files, options.set ?? {}, 'class')
  const contenders = all.filter(
    ({ program }) => options.name === undefined || program.name === options.name,
  )
  if (contenders.length === 0) throw failure('failed', `there is no optimizer ${options.name}`)
  if (typeof options.lr === 'number')
    checkLearningRate(
      contenders.map(({ program }) => program),
      options.lr,
    )
  const open = await openData(task, options.data, world)
  const { batchSize, steps: own } = task.defaults
  const steps = options.steps ?? (task.isFunction ? own : Math.min(own, SHORT_RUN))
  const choice = task.isFunction ? 'cpu' : 'auto'
  const backend = await setUpComputing(task, choice, stepWork(task, batchSize))
  if (!backend.ok) throw failure('failed', backend.reason, backend.help)
  await orTaskFailure(async () => open.rehearse?.())
  const sizes = {
    ...{ steps, batchSize },
    evaluateEvery: Math.max(1, Math.round(steps / CURVE_POINTS)),
  }
  const contest = {
    ...{ task: open, contenders, seeds: [SEED], sizes, learningRate: options.lr, rateSeeds: 1 },
  }
  const progress = createProgress(world, {
    ...{ title: 'training', total: totalSteps(contest), unit: 'steps' },
  })
  const entries = await holdContest({
    ...{ ...contest, signal: world.signal },
    watch: { progress: progress.update, chosen: () => undefined, finished: () => undefined },
  })
  progress.end()
  world.signal.throwIfAborted()
  const trained = entries.filter(({ runs }) => runs.some(({ result }) => result.curve.length > 0))
  if (trained.length === 0)
    throw failure('failed', 'no run came to an end', 'a smaller --lr may help')
  if ('start' in open && (await isPlane(open))) return planePlot(open, trained, steps)
  const circumstances = {
    ...{ task: task.name, isFunction: task.isFunction, backend: backend.name },
    ...(task.metric && { metric: task.metric }),
    ...(task.examples !== undefined && { examples: task.examples }),
    ...{ seeds: [SEED], steps, batchSize, interrupted: false },
  }
  return {
    data: trained.map(({ contender, learningRate, runs }) => ({
      ...{ name: contender.label, task: task.name, totalSteps: steps },
      ...(learningRate !== undefined && { learningRate }),
      curve: runs[0]!.result.curve,
    })),
    figure: () => learningCurves(circumstances, trained),
  }
}

/** Each rule once more at its rate, its weights looked at before every step. */
async function planePlot(
  open: TensorTask,
  entries: readonly Entry[],
  steps: number,
): ReturnType<typeof plotTask> {
  const paths: (Path & PlanePath)[] = []
  for (const { contender, learningRate } of entries) {
    const { open: task, path } = recording(open)
    await orTaskFailure(
      () =>
        train({
          ...{ task, seed: SEED, steps, evaluateEvery: Infinity, test: false },
          optimizer: (total) => ruleOf(contender, learningRate, total, SEED),
        }),
      contender.label,
    )
    paths.push({
      ...{ name: contender.label, surface: open.task.name, totalSteps: steps },
      ...(learningRate !== undefined && { learningRate }),
      ...path,
    })
  }
  const surface = await surfaceAround(open, paths)
  const names = paths.map(({ name }) => name).join(', ')
  return {
    data: paths.map((path) => ({ ...path, values: jsonNumbers(path.values) })),
    figure: () => ({
      ...pathsFigure([surface], paths),
      title: `${names} on ${open.task.name}`,
      subtitle: `${steps} steps from the ring; + is the lowest place found`,
    }),
  }
}
