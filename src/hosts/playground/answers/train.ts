import { compile } from '../../../compile.ts'
import type { Program } from '../../../ir/graph.ts'
import { allowsLearningRate, LEARNING_RATE } from '../../../language/learning-rate.ts'
import { libraryLoader, librarySource } from '../../../library/sources.ts'
import { loadOptimizerFactory } from '../../../runtime/optimizer-factory.ts'
import { tuneLearningRate, type OptimizerMaker } from '../../../tasks/learning-rate.ts'
import type { OpenTask } from '../../../tasks/open-task.ts'
import type { TrainingPlan } from '../../../tasks/protocol.ts'
import { train, type CurvePoint, type TrainResult } from '../../../tasks/train.ts'
import {
  graphsOf,
  programNamed,
  shownParameters,
  valuesOf,
  type Nothing,
  type ShownParameter,
  type TextQuestion,
} from './program.ts'
import type { TrainingBackend } from './training-backends.ts'

export interface TrainQuestion extends TextQuestion {
  readonly kind: 'train'
  /** Which optimizer; the first where there is none of that name. */
  readonly name?: string
  /** The name of one of `TRAINING_TASKS`. */
  readonly task: string
  readonly steps: number
  readonly backend: TrainingBackend
  /** Hyperparameters of the rule; a learning rate that is absent is chosen by short runs. */
  readonly values: Readonly<Record<string, number>>
}

/** Runs of a rule and of Adam: so far, where they go on. */
export interface Training {
  readonly kind: 'training'
  readonly task: string
  readonly steps: number
  /** What the backend calls itself. */
  readonly backend: string
  /** Of the rule, with what it is trained with. */
  readonly parameters: readonly ShownParameter[]
  /** The rule first. */
  readonly runs: readonly TrainingRun[]
  /** What is going on, in words; absent at the end. */
  readonly doing?: string
  /** The part of all steps that is done. */
  readonly done: number
}

export interface TrainingRun {
  readonly name: string
  readonly learningRate?: number
  /** Whether the learning rate is the best of short runs. */
  readonly isTuned: boolean
  readonly curve: readonly CurvePoint[]
  readonly stepsPerSecond?: number
  /** Once it is over. */
  readonly result?: TrainResult
}

/** What training needs of the place where it runs. */
export interface TrainingHost {
  /** Sets a backend; its name and device in words. Rejects with the reason why it cannot be. */
  readonly setBackend: (backend: TrainingBackend) => Promise<string>
  /** Opens a task. Rejects where there is none of that name, or its data cannot be read. */
  readonly open: (task: string) => Promise<OpenTask>
}

const RIVAL = 'std/adam'
const SEED = 1
/** Learning rates that are tried, the likeliest first, each for two epochs of so many steps. */
const RATES = [1e-2, 1e-3, 1e-1, 1e-4, 1]
const EPOCH_STEPS = 25
const EPOCHS = 2
/** Points of a curve. */
const POINTS = 20

/** Trains a rule, then Adam, and reports how far it is. Ends after the step that is running when the signal aborts, with what there is. */
export async function trainingOf(
  question: TrainQuestion,
  host: TrainingHost,
  signal: AbortSignal,
  report: (training: Training) => void,
): Promise<Training | Nothing> {
  const graphs = graphsOf(question)
  if (graphs.kind === 'none') return graphs
  const program = programNamed(graphs.compiled, question.name)
  if ('kind' in program) return program
  const parameters = shownParameters(program.hyperparameters, question.values)
  const watch = createWatch(question, parameters, report)
  watch.say('setting up')
  watch.setBackend(await host.setBackend(question.backend))
  watch.say('reading images')
  const task = await host.open(question.task)
  const [adam] = compile(librarySource(RIVAL)!, libraryLoader).value!.programs
  const contenders = [
    { program, values: moved(parameters) },
    { program: adam!, values: {} },
  ]
  for (const [index, { program: each, values }] of contenders.entries()) {
    if (signal.aborted) break
    await runOne(each, values, { index, task, question, signal, watch })
  }
  return watch.end()
}

/** The values that are not the usual ones. */
const moved = (parameters: readonly ShownParameter[]): Readonly<Record<string, number>> =>
  valuesOf(parameters.filter(({ value, initial }) => value !== initial))

interface Run {
  readonly index: number
  readonly task: OpenTask
  readonly question: TrainQuestion
  readonly signal: AbortSignal
  readonly watch: Watch
}

async function runOne(
  program: Program,
  values: Readonly<Record<string, number>>,
  run: Run,
): Promise<void> {
  const { index, task, question, signal, watch } = run
  const { name } = program
  const factory = await loadOptimizerFactory(program)
  const optimizer: OptimizerMaker = (learningRate, totalSteps) =>
    factory({
      hyperparameters: {
        ...values,
        ...(learningRate !== undefined && { [LEARNING_RATE]: learningRate }),
      },
      ...{ totalSteps, seed: SEED },
    })
  const declares = program.hyperparameters.some((each) => each.name === LEARNING_RATE)
  const isTuned = declares && !Object.hasOwn(values, LEARNING_RATE)
  watch.begin({ name, isTuned, curve: [] })
  const rate = isTuned ? await chooseRate(program, optimizer, run) : values[LEARNING_RATE]
  if (signal.aborted || (isTuned && rate === undefined)) return
  watch.change(index, rate === undefined ? {} : { learningRate: rate })
  const { steps } = question
  const curve: CurvePoint[] = []
  const result = await train({
    ...{ task, steps, seed: SEED, signal },
    optimizer: (totalSteps) => optimizer(rate, totalSteps),
    evaluateEvery: Math.max(1, Math.round(steps / POINTS)),
    onProgress: ({ step, stepsPerSecond, point }) => {
      if (point !== undefined) curve.push(point)
      watch.change(index, { curve: [...curve], stepsPerSecond })
      watch.say(`${name}: step ${step} of ${steps}`, (index + step / steps) / 2)
    },
  })
  watch.change(index, { curve: result.curve, result, stepsPerSecond: result.stepsPerSecond })
}

/** The best of short runs; undefined where none learns, or they are given up. */
async function chooseRate(
  program: Program,
  optimizer: OptimizerMaker,
  { task, question, signal, watch }: Run,
): Promise<number | undefined> {
  const { batchSize } = task.task.defaults
  const chance = task.task.chance ?? 0
  const plan: TrainingPlan = {
    ...{ batchSize, epochSteps: EPOCH_STEPS, totalSteps: question.steps },
    ...{ warmupSteps: 0, holdSteps: 0, epochs: EPOCHS },
    stop: { afterEpoch: EPOCHS + 1, below: 0 },
    probe: [
      {
        ...{ learningRates: RATES, epochs: EPOCHS, failBelow: chance },
        stop: { afterEpoch: 1, below: chance },
      },
    ],
  }
  const tuned = await tuneLearningRate({
    ...{ task, optimizer, plan, seed: SEED + 1, signal },
    allows: (rate) => allowsLearningRate(program, rate),
    onTrial: ({ learningRate, index, count, trial }) => {
      if (trial === undefined)
        watch.say(`${program.name}: trying learning rate ${learningRate}, ${index + 1} of ${count}`)
    },
  })
  return tuned.ok ? tuned.learningRate : undefined
}

/** Puts together what is reported. */
interface Watch {
  readonly setBackend: (backend: string) => void
  readonly begin: (run: TrainingRun) => void
  readonly change: (index: number, change: Partial<TrainingRun>) => void
  readonly say: (doing: string, done?: number) => void
  readonly end: () => Training
}

function createWatch(
  { task, steps }: TrainQuestion,
  parameters: readonly ShownParameter[],
  report: (training: Training) => void,
): Watch {
  const runs: TrainingRun[] = []
  let backend = ''
  let done = 0
  const now = (): Training => {
    const rate = runs[0]?.learningRate
    return {
      ...{ kind: 'training', task, steps, backend, runs: [...runs], done },
      parameters: parameters.map((each) =>
        each.name === LEARNING_RATE && rate !== undefined && runs[0]!.isTuned
          ? { ...each, value: rate, initial: rate }
          : each,
      ),
    }
  }
  return {
    setBackend: (name) => void (backend = name),
    begin: (run) => void runs.push(run),
    change: (index, change) => void (runs[index] = { ...runs[index]!, ...change }),
    say: (doing, part = done) => {
      done = part
      report({ ...now(), doing })
    },
    end: () => ({ ...now(), done: 1 }),
  }
}
