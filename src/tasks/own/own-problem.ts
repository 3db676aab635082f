import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom } from '../../operators/random.ts'
import { registerTensorMethods } from '../../runtime/tensor-methods.ts'
import { registerBorrowedKernels } from '../../runtime/wasm/borrowed-kernels.ts'
import type { StartOptions } from '../open-task.ts'
import type { Problem, ProblemStep, Score } from '../problem.ts'
import {
  checkRun,
  type CompleteDefinition,
  type TaskBatch,
  type TaskContext,
  type TaskEvaluation,
  type TaskRun,
  type TaskTensorFlow,
  type TaskValue,
} from './definition.ts'
import { isTaskError, taskError, type Locate, type TaskError } from './task-error.ts'

/** A run whose parts have been looked at. */
interface Run extends Omit<TaskRun, 'parameters'> {
  readonly parameters: readonly tf.Variable[]
}

/** Begins a run of a task. What is wrong with it rejects with a {@link TaskError}; so do steps and evaluations. */
export async function ownProblem(
  definition: CompleteDefinition,
  { batchSize, key }: StartOptions,
  width: number,
  locate: Locate,
): Promise<Problem> {
  const own = childKey(key, 'task')
  const before = new Set(Object.values(tf.engine().state.registeredVariables))
  const context: TaskContext = {
    tf: await wholeTensorFlow(),
    seed: childKey(own, 'seed').low,
    random: createRandom(own),
    batchSize,
    width,
  }
  const tensors: tf.Tensor[] = []
  const dispose = (): void => {
    const made = Object.values(tf.engine().state.registeredVariables)
    tf.dispose(made.filter((each) => !before.has(each)))
    tf.dispose(tensors.filter((each) => !each.kept))
  }
  let run: Run
  try {
    run = lookedAt(await tracked(() => definition.start(context), tensors), definition, locate)
  } catch (error) {
    dispose()
    throw told(error, 'in `start`', 0, locate)
  }
  const { parameters } = run
  const evaluate = (part: 'validation' | 'test', steps: number): Promise<Score> =>
    scoreOf(run, definition, part, steps, locate)
  let done = 0
  return {
    batchSize,
    parameters,
    step: async (step) => {
      const taken = await stepOf(run, step, locate)
      done = step + 1
      return taken
    },
    evaluate: (part) => evaluate(part, done),
    evaluateElsewhere: (part) => evaluate(part, done),
    dispose,
  }
}

/** What `work` gives; all tensors that it makes, disposed of or not, are put into `tensors`. Nothing else may compute meanwhile. */
async function tracked<T>(work: () => T | Promise<T>, tensors: tf.Tensor[]): Promise<T> {
  const engine = tf.engine()
  engine.startScope()
  try {
    return await work()
  } finally {
    tensors.push(...engine.state.activeScope.track)
    // Given as the result, they outlive the scope.
    engine.endScope(tensors)
  }
}

/** tfjs-core and tfjs-layers as one, as the package `@tensorflow/tfjs` has them, with what models of any kind need to be trained. */
async function wholeTensorFlow(): Promise<TaskTensorFlow> {
  const layers = await import('@tensorflow/tfjs-layers')
  registerTensorMethods()
  if (tf.getBackend() === 'wasm') {
    await import('@tensorflow/tfjs-backend-cpu')
    registerBorrowedKernels()
  }
  return { ...tf, ...layers }
}

/** An error of a task's code, with its place and the step it was thrown at. */
function told(error: unknown, when: string, steps: number, locate: Locate): TaskError {
  if (isTaskError(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  const lacksKernel = /Kernel '.*' not registered for backend '(\w+)'/.exec(message)
  return taskError(
    `${locate(message, error)} (${when})`,
    steps,
    lacksKernel?.[1] === undefined ? undefined : '`--backend cpu` has every operation',
  )
}

const atStep = (step: number): string => `at step ${step + 1}`

function lookedAt(value: unknown, { metric }: CompleteDefinition, locate: Locate): Run {
  const refuse = (problem: string): TaskError => taskError(locate(problem))
  const checked = checkRun(value)
  if (!checked.ok) throw refuse(`${checked.problem} (in what \`start\` returns)`)
  const { parameters, ...run } = checked.value
  for (const [index, parameter] of parameters.entries()) {
    const problem = parameterProblem(parameter)
    if (problem !== undefined) throw refuse(`parameters[${index}] ${problem}`)
    if (parameters.indexOf(parameter) < index) throw refuse(`parameters[${index}] is there twice`)
  }
  if (run.batch !== undefined && run.evaluate === undefined)
    throw refuse(
      'a task with `batch` needs `evaluate`: the loss of one batch is not how well it does',
    )
  if (metric !== undefined && run.evaluate === undefined)
    throw refuse(`the metric ${metric.name} needs \`evaluate\`, which gives it`)
  return { ...run, parameters: parameters as readonly tf.Variable[] }
}

/** Why something cannot be trained; undefined when it can. */
function parameterProblem(value: unknown): string | undefined {
  if (!(value instanceof tf.Variable)) {
    if (typeof value !== 'object' || value === null) return 'is no tf.variable'
    if ('read' in value) return 'is a weight of a LayersModel; its variable is `weight.read()`'
    return value.constructor.name === 'Variable'
      ? 'is a variable of another copy of TensorFlow.js; use the `tf` that `start` is given'
      : 'is no tf.variable'
  }
  if (value.dtype !== 'float32') return `has the type ${value.dtype}; expected float32`
  return value.trainable ? undefined : 'is not trainable'
}

/** Loss and gradients at a step, looked at where a rule has not changed anything yet. */
async function stepOf(run: Run, step: number, locate: Locate): Promise<ProblemStep> {
  let batch: TaskBatch = undefined as unknown as TaskBatch
  try {
    if (run.batch !== undefined) batch = await run.batch(step)
    const taken = tf.tidy(() => differentiate(run, batch, step, locate))
    if (step === 0) await lookAtFirst(taken, run, locate)
    return taken
  } catch (error) {
    throw told(error, atStep(step), step, locate)
  } finally {
    tf.dispose(batch)
  }
}

function differentiate(run: Run, batch: TaskBatch, step: number, locate: Locate): ProblemStepNamed {
  const refuse = (problem: string): TaskError =>
    taskError(`${locate(problem)} (${atStep(step)})`, step)
  const loss = (): tf.Scalar => {
    const value: unknown = run.loss(batch, step)
    const problem = numberProblem(value)
    if (problem !== undefined) throw refuse(`\`loss\` ${problem}`)
    return tf.reshape(value as tf.Tensor, []) as tf.Scalar
  }
  if (run.gradients === undefined) {
    const { value, grads } = tf.variableGrads(loss, [...run.parameters])
    return { loss: value, gradients: grads }
  }
  const given: unknown = run.gradients(batch, step)
  if (!Array.isArray(given) || given.length !== run.parameters.length)
    throw refuse(
      `\`gradients\` gives ${Array.isArray(given) ? given.length : 'no list'}; expected ${run.parameters.length}, one for each parameter`,
    )
  const gradients = run.parameters.map((parameter, index) => {
    const gradient: unknown = given[index]
    if (!(gradient instanceof tf.Tensor)) throw refuse(`gradients[${index}] is no tensor`)
    if (!tf.util.arraysEqual(gradient.shape, parameter.shape))
      throw refuse(
        `gradients[${index}] has the shape ${shapeText(gradient)}, its parameter ${shapeText(parameter)}`,
      )
    return [parameter.name, gradient] as const
  })
  return { loss: loss(), gradients: Object.fromEntries(gradients) }
}

type ProblemStepNamed = Pick<ProblemStep, 'gradients'> & { readonly loss: tf.Scalar }

const shapeText = ({ shape }: tf.Tensor): string => `[${shape.join(', ')}]`

/** Why a value is not one number in a tensor. */
function numberProblem(value: unknown): string | undefined {
  if (value instanceof Promise) return 'gives a promise; expected a tensor of one number'
  if (!(value instanceof tf.Tensor))
    return `gives ${value === null ? 'null' : typeof value}; expected a tensor of one number`
  return value.size === 1
    ? undefined
    : `has the shape ${shapeText(value)}; expected one number: \`tf.mean\` makes it of them`
}

/** What no rule can be the reason of. */
async function lookAtFirst(
  { loss, gradients }: ProblemStepNamed,
  { parameters }: Run,
  locate: Locate,
): Promise<void> {
  const [value] = await loss.data()
  const reject = (problem: string): never => {
    tf.dispose([loss, gradients])
    throw taskError(`${locate(problem)} (${atStep(0)}, before a rule has changed a weight)`)
  }
  if (!Number.isFinite(value)) reject(`the loss is ${value}`)
  const missing = parameters.find(({ name }) => gradients[name] === undefined)
  if (missing !== undefined) reject(`the loss does not depend on the parameter ${missing.name}`)
}

/** The score on a part of the data; one that is not finite is a rule's once it has taken steps. */
async function scoreOf(
  run: Run,
  { metric }: CompleteDefinition,
  part: 'validation' | 'test',
  steps: number,
  locate: Locate,
): Promise<Score> {
  const when = `in the evaluation on the ${part} part after ${steps} steps`
  const refuse = (problem: string): TaskError => taskError(`${locate(problem)} (${when})`, steps)
  try {
    const given = tf.tidy(() => {
      const value = evaluationOf(run, part)
      const pair = isValue(value) ? { loss: value } : (value as Partial<EvaluationPair>)
      for (const [name, one] of Object.entries(pair))
        if (!isValue(one)) throw refuse(`\`evaluate\` gives no number as ${name}`)
      if (pair.loss === undefined) throw refuse('`evaluate` gives no loss')
      if (metric !== undefined && pair.metric === undefined)
        throw refuse(`\`evaluate\` gives no metric, and the task declares ${metric.name}`)
      if (metric === undefined && pair.metric !== undefined)
        throw refuse('`evaluate` gives a metric that the task does not declare')
      // Numbers are no tensors, which tidy would have to keep.
      return pair as tf.TensorContainer
    }) as unknown as EvaluationPair
    const loss = await readValue(given.loss)
    const score = given.metric === undefined ? undefined : await readValue(given.metric)
    if (steps === 0 && !Number.isFinite(loss)) throw refuse(`the loss is ${loss}`)
    if (steps === 0 && !Number.isFinite(score ?? 0)) throw refuse(`the metric is ${score}`)
    return { loss, ...(score !== undefined && { metric: score }) }
  } catch (error) {
    throw told(error, when, steps, locate)
  }
}

type EvaluationPair = Exclude<TaskEvaluation, TaskValue>

function evaluationOf({ evaluate, loss }: Run, part: 'validation' | 'test'): TaskEvaluation {
  const value: unknown =
    evaluate === undefined ? loss(undefined as unknown as TaskBatch, 0) : evaluate(part)
  if (value instanceof Promise)
    throw new Error('`evaluate` gives a promise; return tensors of one number, they are read later')
  if (typeof value !== 'object' && typeof value !== 'number')
    throw new Error(`\`evaluate\` gives ${typeof value}; expected a number or { loss, metric }`)
  if (value === null)
    throw new Error('`evaluate` gives null; expected a number or { loss, metric }')
  return value as TaskEvaluation
}

const isValue = (value: unknown): value is TaskValue =>
  typeof value === 'number' || (value instanceof tf.Tensor && value.size === 1)

async function readValue(value: TaskValue): Promise<number> {
  if (typeof value === 'number') return value
  const [number = NaN] = await value.data()
  value.dispose()
  return number
}
