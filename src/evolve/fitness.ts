import type { ModuleLoader } from '../resolve/resolution.ts'
import { compile } from '../compile.ts'
import type { Source } from '../diagnostics/source.ts'
import type { Program } from '../ir/graph.ts'
import { createGraph } from '../ir/build.ts'
import { rebuild, rewriteProgram } from '../ir/rewrite.ts'
import { negationOperator } from '../operators/table.ts'
import { allowsLearningRate, declaredLearningRate } from '../language/learning-rate.ts'
import {
  trainByPlan,
  tryLearningRate,
  tuneLearningRate,
  type OptimizerMaker,
  type TuneOptions,
} from '../tasks/learning-rate.ts'
import type { OpenTask } from '../tasks/open-task.ts'
import { placesOf, type Place, type Protocol, type TrainingPlan } from '../tasks/protocol.ts'
import { isTaskError } from '../tasks/own/task-error.ts'
import { scheduledRate } from './scheduled-rate.ts'

/** A rule to judge, by its text. Plain data: it is sent to other processes. */
export interface FitnessRequest {
  readonly source: Source
  /** Whether the update is to be added instead of subtracted. */
  readonly flipped: boolean
  /** Name of the surrogate of the protocol to train. */
  readonly surrogate: string
  /** Weights, batches and dropout follow from it. */
  readonly seed: number
  /** Skips the learning-rate probe. */
  readonly learningRate?: number
  /** With a learning rate: no more than the steps that the probe tries it for. The score is that of the trial, nothing is tested. */
  readonly isTrial?: boolean
}

/** How good a rule is on a task. Depends on the request, the task and the protocol alone. */
export interface Fitness {
  /** Name of the surrogate that was trained. */
  readonly surrogate: string
  /**
   * The best validation metric of the full run, or its negative where less is better; minus the last loss on tasks without a
   * metric; absent when it failed.
   * Of a trial that was ended early it is what had been reached.
   */
  readonly score?: number
  /** The task's metric on data that no decision is made on. */
  readonly testMetric?: number
  readonly testLoss?: number
  /** Absent for a rule that has none, and where none was found. */
  readonly learningRate?: number
  readonly seed: number
  /** Training steps taken in all, those of the probe included. */
  readonly steps: number
  /** Why there is no score: one of few texts, the same whenever it happens. */
  readonly failure?: string
}

/** The surrogate of `protocol` with that name, and its task. Throws a RangeError when it has none. */
export function placeOf(protocol: Protocol, name: string): Place {
  const all = placesOf(protocol)
  const found = all.find(({ surrogate }) => surrogate.name === name)
  if (found !== undefined) return found
  const names = [...new Set(all.map(({ surrogate }) => surrogate.name))].join(', ')
  throw new RangeError(`protocol ${protocol.name} has no surrogate ${name} but ${names}`)
}

/** Code of a task that raised an error while it was trained with a rule. Plain data. */
export interface TaskFault {
  /** The rule's text. */
  readonly rule: string
  /** The failure of the evaluation. */
  readonly message: string
  /** As the language of the task tells it. */
  readonly traceback: string
}

/** Opens a task beside the search's by the name that the protocol has for it. Rejects where it cannot. */
export type OpenOther = (task: string) => Promise<OpenTask>

/**
 * Judges rules by the surrogates of one protocol, on one task or on those that the protocol names: the learning-rate probe,
 * for rules that have a learning rate,
 * of those that they allow, then a run with the best; one request after the other, in the order they are made. Never
 * rejects for a bad rule; rejects with a RangeError for a surrogate that the protocol does not have. Of the other tasks the
 * last alone is kept open: each may fill the memory.
 */
export function createJudge(
  task: OpenTask,
  protocol: Protocol,
  loader: ModuleLoader,
  openOther: OpenOther = (name) =>
    Promise.reject(new RangeError(`the task ${name} cannot be opened here`)),
  onFault: (fault: TaskFault) => void = () => undefined,
): (request: FitnessRequest) => Promise<Fitness> {
  let other: { readonly name: string; readonly open: OpenTask } | undefined
  const taskNamed = async (name: string | undefined): Promise<OpenTask> => {
    if (name === undefined) return task
    if (other?.name !== name) {
      other = undefined
      other = { name, open: await openOther(name) }
    }
    return other.open
  }
  // One after the other: runs share a backend, and the names of their variables.
  let last: Promise<unknown> = Promise.resolve()
  return (request) => {
    const next = last.then(async () => {
      const { surrogate: plan, task: name } = placeOf(protocol, request.surrogate)
      const open = (await taskNamed(name)).widened(plan.width)
      return overTheRule(request, () => judge(open, plan, loader, request), onFault)
    })
    last = next.catch(() => undefined)
    return next
  }
}

/**
 * What `work` finds. Code of a task that throws after a rule has changed the weights makes that rule a failure, with the steps of the
 * run that it ended; what no rule can be the reason of rejects.
 */
async function overTheRule(
  { surrogate, seed, source }: FitnessRequest,
  work: () => Promise<Fitness>,
  onFault: (fault: TaskFault) => void,
): Promise<Fitness> {
  try {
    return await work()
  } catch (error) {
    if (!isTaskError(error) || error.steps === 0) throw error
    const { message, traceback } = error
    if (traceback !== undefined) onFault({ rule: source.text, message, traceback })
    return { surrogate, seed, steps: error.steps, failure: message }
  }
}

async function judge(
  task: OpenTask,
  plan: TrainingPlan,
  loader: ModuleLoader,
  { source, flipped, surrogate: name, seed, learningRate: given, isTrial }: FitnessRequest,
): Promise<Fitness> {
  const [program] = compile(source, loader).value?.programs ?? []
  const asked = { surrogate: name, seed }
  if (program === undefined) return { ...asked, steps: 0, failure: 'the rule does not compile' }
  const options: TuneOptions = {
    task,
    optimizer: optimizerMaker(flipped ? flip(program) : program, plan, seed),
    plan,
    seed,
    allows: (rate) => allowsLearningRate(program, rate),
  }
  const hasRate = declaredLearningRate(program) !== undefined
  if (isTrial === true && given !== undefined)
    return { ...asked, ...(await trialFitness(options, given)) }
  if (given !== undefined || !hasRate)
    return { ...asked, ...(await runFitness(options, hasRate ? given : undefined)) }
  const tuned = await tuneLearningRate(options)
  const steps = tuned.trials.reduce((sum, trial) => sum + trial.result.steps, 0)
  if (!tuned.ok) return { ...asked, steps, failure: tuned.reason }
  const run = await runFitness(options, tuned.learningRate)
  return { ...asked, ...run, steps: steps + run.steps }
}

type Found = Omit<Fitness, 'surrogate' | 'seed'>

/** The full run of the plan. */
async function runFitness(options: TuneOptions, learningRate: number | undefined): Promise<Found> {
  const run = await trainByPlan({ ...options, learningRate })
  const found = {
    steps: run.steps,
    ...(learningRate !== undefined && { learningRate }),
  }
  const tested = {
    // A journal holds finite numbers only.
    ...(Number.isFinite(run.testMetric) && { testMetric: run.testMetric! }),
    ...(Number.isFinite(run.testLoss) && { testLoss: run.testLoss! }),
  }
  const failure = run.diverged === undefined ? run.stopped : DIVERGED
  if (failure !== undefined) return { ...found, failure, ...tested }
  const score = run.bestScore
  return { ...found, ...(score !== undefined && { score }), ...tested }
}

/** A run as short as the probe makes them. */
async function trialFitness(options: TuneOptions, learningRate: number): Promise<Found> {
  const { probe } = options.plan
  const round = probe.find(({ learningRates }) => learningRates.includes(learningRate))
  const { result, score } = await tryLearningRate(options, round ?? probe.at(-1)!, learningRate)
  const found = { steps: result.steps, learningRate }
  return Number.isFinite(score) ? { ...found, score } : { ...found, failure: DIVERGED }
}

const DIVERGED = 'the loss diverged'

/** A program under a plan's schedule: through `warmup` and `hold`, or else through `lr`. */
function optimizerMaker(program: Program, plan: TrainingPlan, seed: number): OptimizerMaker {
  return (learningRate, totalSteps) => ({
    program,
    settings: {
      totalSteps,
      seed,
      hyperparameters: scheduledRate(program, learningRate, plan),
    },
  })
}

/** The program that adds its update instead of subtracting it. */
function flip(program: Program): Program {
  const graph = createGraph()
  const copy = rewriteProgram(program, (node, arguments_) => rebuild(graph, node, arguments_))
  return { ...copy, update: graph.apply(negationOperator, [copy.update]) }
}
