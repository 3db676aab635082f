import { childKey, rootKey } from '../operators/random.ts'
import { worth, type Metric } from './metric.ts'
import type { OpenTask, StartOptions } from './open-task.ts'
import type { Problem } from './problem.ts'
import type { Augmentation } from './protocol.ts'
import type { Mover, TrainingSession } from './session.ts'
import { tensorSession } from './tensor-session.ts'

/** What to train, with what, for how long. */
export interface TrainOptions {
  readonly task: OpenTask
  /**
   * What the weights are moved by: a rule, or an optimizer of TensorFlow.js, which is disposed of at the end. `totalSteps` is T of
   * schedules and decays.
   */
  readonly optimizer: (totalSteps: number) => Mover
  /** Weights, shuffling, dropout and augmentation follow from it. */
  readonly seed: number
  /** Training steps; the task's default when absent. */
  readonly steps?: number
  /** T of the schedules when it is not the number of steps, as in a probe that runs the start of a longer schedule. */
  readonly totalSteps?: number
  /** Examples a step; the task's default when absent, and never more than there are. */
  readonly batchSize?: number
  /** A curve point every so many steps, and one after the last; Infinity for none at all. The task's default when absent. */
  readonly evaluateEvery?: number
  /** Changes of training images; none when absent. */
  readonly augmentation?: Augmentation
  /** Whether to measure the test accuracy at the end; true when absent. */
  readonly test?: boolean
  /** Ends the run after the step that is running. */
  readonly signal?: AbortSignal
  /** Called a few times a second at most, and at each curve point. */
  readonly onProgress?: (progress: TrainProgress) => void
  /** Called with the last weights, unless the run diverged or was interrupted, or another process has them. */
  readonly onTrained?: (problem: Problem) => void
  /** Called after each curve point; a reason ends the run. */
  readonly stopWhen?: (curve: readonly CurvePoint[]) => string | undefined
}

/** One point of a learning curve. */
export interface CurvePoint {
  /** Training steps done. */
  readonly step: number
  /** Mean loss, and where batches are measured by it the task's metric, over the training batches since the last point. */
  readonly trainLoss: number
  readonly trainMetric?: number
  readonly validationLoss: number
  /** Absent where the task has no metric. */
  readonly validationMetric?: number
}

/** How far a run is. */
export interface TrainProgress {
  readonly step: number
  readonly steps: number
  /** Mean training loss of the last steps read. */
  readonly trainLoss: number
  readonly stepsPerSecond: number
  /** The newest curve point. */
  readonly point?: CurvePoint
}

/** What came of a run. */
export interface TrainResult {
  readonly curve: readonly CurvePoint[]
  /** Steps done, the one that diverged included. */
  readonly steps: number
  /** Validation scores of the last curve point; absent when the run ended before the first. */
  readonly finalLoss?: number
  readonly finalMetric?: number
  /** The curve's smallest validation loss and its best validation metric. */
  readonly bestLoss?: number
  readonly bestMetric?: number
  /** What runs are compared by, more being better: the last and the best metric, or its negative; without one minus the last loss. */
  readonly finalScore?: number
  readonly bestScore?: number
  /** Scores on the test part with the last weights, those the rule is evaluated with; absent when not asked for, after divergence and interruption. */
  readonly testLoss?: number
  readonly testMetric?: number
  /** The step, counted from 1, whose loss was not finite, or after which the validation loss was not; it ended the run. */
  readonly diverged?: { readonly step: number }
  /** Why the run ended early other than by diverging: the reason of `stopWhen`, or `interrupted`. */
  readonly stopped?: string
  /** All the time the run took. */
  readonly seconds: number
  /** Training steps per second, evaluation left out. */
  readonly stepsPerSecond: number
}

/** Steps whose losses are read together: reading one makes a graphics card wait. */
const READ_EVERY = 10

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 200

/** A run and how far it is. */
interface Run {
  readonly options: TrainOptions
  readonly steps: number
  readonly evaluateEvery: number
  readonly session: TrainingSession
  readonly curve: CurvePoint[]
  /** When it began, and when progress was last reported; in milliseconds, as is the time that training steps took. */
  readonly started: number
  reported: number
  trainingTime: number
  /** Steps done. */
  done: number
  diverged: { readonly step: number } | undefined
  stopped: string | undefined
}

/** What training steps gave since the last point of the curve. */
interface Since {
  loss: number
  correct: number
  steps: number
}

/**
 * Trains `options.task` and resolves to its learning curve and scores. Divergence, interruption and early stopping are
 * results; errors of the backend or the optimizer reject. No tensor outlives the call. Two runs with equal options give
 * equal curves on one backend, to the bit.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const run = await startRun(options)
  try {
    while (isOpen(run) && run.done < run.steps) {
      const since = await trainToPoint(run)
      if (isOpen(run) && run.evaluateEvery !== Infinity) await addPoint(run, since)
    }
    return await resultOf(run)
  } finally {
    run.session.dispose()
  }
}

async function startRun(options: TrainOptions): Promise<Run> {
  const { defaults } = options.task.task
  const steps = options.steps ?? defaults.steps
  const session = await begin(
    options.task,
    {
      batchSize: options.batchSize ?? defaults.batchSize,
      key: childKey(rootKey(options.seed), 'train'),
      ...(options.augmentation && { augmentation: options.augmentation }),
    },
    () => options.optimizer(options.totalSteps ?? steps),
  )
  const started = performance.now()
  return {
    options,
    steps,
    evaluateEvery: options.evaluateEvery ?? defaults.evaluateEvery,
    session,
    curve: [],
    started,
    reported: started,
    trainingTime: 0,
    done: 0,
    diverged: undefined,
    stopped: undefined,
  }
}

async function begin(
  open: OpenTask,
  options: StartOptions,
  moverOf: () => Mover,
): Promise<TrainingSession> {
  if ('start' in open) return tensorSession(await open.start(options), moverOf())
  const mover = moverOf()
  if ('program' in mover) return open.begin(options, mover)
  throw new TypeError(
    `the task ${open.task.name} is trained with rules, not with optimizers of TensorFlow.js`,
  )
}

const isOpen = ({ diverged, stopped }: Run): boolean =>
  diverged === undefined && stopped === undefined

const stepsPerSecond = ({ done, trainingTime }: Run): number =>
  (1000 * done) / Math.max(trainingTime, 1e-3)

/** Takes the steps up to the next point of the curve. */
async function trainToPoint(run: Run): Promise<Since> {
  const { options, steps, evaluateEvery, session } = run
  const until = Math.min(steps, run.done + evaluateEvery - (run.done % evaluateEvery))
  const since: Since = { loss: 0, correct: 0, steps: 0 }
  while (run.done < until && isOpen(run)) {
    const before = performance.now()
    const count = Math.min(READ_EVERY, until - run.done)
    const { losses, correct } = await session.takeSteps(run.done, count)
    run.trainingTime += performance.now() - before
    const bad = losses.findIndex((loss) => !Number.isFinite(loss))
    run.done += bad >= 0 ? bad + 1 : losses.length
    if (bad >= 0) run.diverged = { step: run.done }
    since.loss += sum(losses)
    since.correct += sum(correct)
    since.steps += losses.length
    if (performance.now() - run.reported > REPORT_EVERY) report(run, sum(losses) / losses.length)
    await eventLoop()
    if (options.signal?.aborted === true) run.stopped = 'interrupted'
  }
  return since
}

/** Adds a point to the curve, which may end the run. */
async function addPoint(run: Run, since: Since): Promise<void> {
  const { options, steps, session, curve, done } = run
  const score = await session.evaluate('validation')
  if (!Number.isFinite(score.loss) || !Number.isFinite(score.metric ?? 0)) {
    run.diverged = { step: done }
    return
  }
  const point: CurvePoint = {
    step: done,
    trainLoss: since.loss / since.steps,
    validationLoss: score.loss,
    ...(options.task.task.chance !== undefined && {
      trainMetric: since.correct / (since.steps * session.batchSize),
    }),
    ...(score.metric !== undefined && { validationMetric: score.metric }),
  }
  curve.push(point)
  report(run, point.trainLoss, point)
  if (done < steps) run.stopped = options.stopWhen?.(curve)
}

function report(run: Run, trainLoss: number, point?: CurvePoint): void {
  run.reported = performance.now()
  run.options.onProgress?.({
    step: run.done,
    steps: run.steps,
    trainLoss,
    stepsPerSecond: stepsPerSecond(run),
    ...(point && { point }),
  })
}

async function resultOf(run: Run): Promise<TrainResult> {
  const { options, curve, done, diverged, stopped } = run
  const isTested = options.test !== false && diverged === undefined && stopped !== 'interrupted'
  const { problem } = run.session
  if (problem !== undefined && diverged === undefined && stopped !== 'interrupted')
    options.onTrained?.(problem)
  const tested = isTested ? await run.session.evaluate('test') : undefined
  return {
    curve,
    steps: done,
    ...summarize(curve, options.task.task.metric),
    ...(tested && { testLoss: tested.loss }),
    ...(tested?.metric !== undefined && { testMetric: tested.metric }),
    ...(diverged && { diverged }),
    ...(stopped !== undefined && { stopped }),
    seconds: (performance.now() - run.started) / 1000,
    stepsPerSecond: stepsPerSecond(run),
  }
}

function summarize(
  curve: readonly CurvePoint[],
  metric: Metric | undefined,
): Pick<
  TrainResult,
  'finalLoss' | 'finalMetric' | 'finalScore' | 'bestLoss' | 'bestMetric' | 'bestScore'
> {
  const last = curve.at(-1)
  if (last === undefined) return {}
  const finalLoss = last.validationLoss
  const losses = { finalLoss, bestLoss: Math.min(...curve.map((point) => point.validationLoss)) }
  if (metric === undefined || last.validationMetric === undefined)
    return { ...losses, finalScore: -finalLoss, bestScore: -finalLoss }
  const scores = curve.flatMap(({ validationMetric: value }) =>
    value === undefined ? [] : worth(metric, value),
  )
  const bestScore = Math.max(...scores)
  return {
    ...losses,
    finalMetric: last.validationMetric,
    // Its own inverse.
    bestMetric: worth(metric, bestScore),
    finalScore: scores.at(-1)!,
    bestScore,
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Lets timers, signals, messages and input be handled before going on. */
const eventLoop = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') return void setImmediate(resolve)
    // Browsers make timers wait, messages not.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
