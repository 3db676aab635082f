import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import { targets } from '../../../emit/targets.ts'
import { childKey, rootKey, type Key } from '../../../operators/random.ts'
import type { Program } from '../../../ir/graph.ts'
import type { Computing, ComputingChoice } from '../../computing.ts'
import { isTorchDevice, type TorchDevice } from '../../torch-devices.ts'
import { metricSchema } from '../../metric.ts'
import { widthFactor } from '../../networks/networks.ts'
import type { RemoteTask, StartOptions, Task } from '../../open-task.ts'
import { describeIssue } from '../../protocol-file.ts'
import type { RuleInUse, TrainingSession } from '../../session.ts'
import { fileOf, readDataFiles, taskFilesOf } from '../module-files.ts'
import { TASK_DEFAULTS, taskName } from '../definition.ts'
import { defaultsOf } from '../own-task.ts'
import { otherBeginning, taskError } from '../task-error.ts'
import { startHost } from './host.ts'
import { hostsOf, type Hosts } from './hosts.ts'

const count = z.int().min(1)

/** What the module of a task says beside `start`. */
const TOLD = z.object({
  name: taskName.optional(),
  summary: z.string().default(TASK_DEFAULTS.summary),
  steps: count.default(TASK_DEFAULTS.steps),
  batch_size: count.default(TASK_DEFAULTS.batchSize),
  metric: metricSchema.optional(),
  files: z.array(z.string().min(1)).default([]),
  /** Gibibytes: models and data may be of any size. */
  memory: z.number().positive().default(8),
})

const DESCRIPTION = z.object({
  told: z.record(z.string(), z.unknown()),
  modules: z.array(z.string()),
  version: z.string(),
  devices: z.array(z.enum(['cpu', 'cuda', 'mps'])),
})

const NOTHING = z.object({})
/** Numbers that are not finite have no form in JSON. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)
const LOSSES = z.object({ losses: z.array(number) })
const SCORE = z.object({ loss: number, metric: number.optional() })
const SEEN = z.object({ seen: z.array(z.object({ weights: z.string(), loss: z.number() })) })

/**
 * A task in Python from the module at `path`, an absolute one; `show` is how people know a path. Rejects with a TaskError that
 * says what is wrong with it and where.
 */
export async function loadPythonTask(
  path: string,
  cwd: string,
  show: (path: string) => string,
): Promise<Task<RemoteTask>> {
  if (!existsSync(path)) throw taskError(`there is no file ${show(path)}`)
  const hosts = hostsOf(() => startHost(path, cwd))
  const { told, modules, devices, version } = await hosts.use((host) =>
    host.ask({ do: 'describe' }, DESCRIPTION),
  )
  const { data, error } = TOLD.safeParse(told)
  const [issue] = error?.issues ?? []
  if (issue !== undefined || data === undefined)
    throw taskError(`${show(path)}: ${describeIssue(issue!, 'the module')}`)
  const { metric } = data
  let device = bestOf(devices)
  const setUp = (choice: ComputingChoice): Promise<Computing> => {
    const chosen = computingOf(choice === 'auto' ? nameOf(bestOf(devices)) : choice, devices)
    if (chosen.ok) device = devices.find((each) => nameOf(each) === chosen.name)!
    return Promise.resolve(chosen)
  }
  const task: Task<RemoteTask> = {
    name: data.name ?? basename(path, '.py'),
    summary: data.summary,
    defaults: defaultsOf(data.steps, data.batch_size),
    isFunction: false,
    ...(metric && { metric }),
    examples: 'examples',
    memory: 1024 * data.memory,
    files: [
      ...taskFilesOf(dirname(path), modules),
      ...readDataFiles(path, data.files, show),
      fileOf(`torch ${version}`, version),
    ],
    setUp,
    open: () => {
      const place: Place = {
        ...{ hosts, task, width: 1 },
        device: () => device,
        say: (problem) => `${show(path)}: ${problem}`,
      }
      return Promise.resolve({ ok: true, value: opened(place) })
    },
  }
  return task
}

/** A kind of devices, as PyTorch calls it. */
type Device = z.infer<typeof DESCRIPTION>['devices'][number]

const nameOf = (device: Device): TorchDevice => `pytorch-${device}`

/** A graphics card of NVIDIA where there is one. */
const bestOf = (devices: readonly Device[]): Device => (devices.includes('cuda') ? 'cuda' : 'cpu')

/** What was chosen by its name, or why it cannot be. */
function computingOf(
  name: Exclude<ComputingChoice, 'auto'>,
  devices: readonly Device[],
): Computing {
  const there = devices.map(nameOf)
  if (!isTorchDevice(name))
    return {
      ok: false,
      reason: `${name} is TensorFlow.js's; a task in Python has ${there.join(', ')}`,
    }
  return there.includes(name)
    ? { ok: true, name }
    : {
        ok: false,
        reason: `PyTorch has no such device here as ${name}; there is ${there.join(', ')}`,
      }
}

/** A task and where it is computed. */
interface Place {
  readonly hosts: Hosts
  readonly task: Task<RemoteTask>
  readonly width: number
  readonly device: () => Device
  /** A sentence about the task, with its place. */
  readonly say: (problem: string) => string
}

function opened(place: Place): RemoteTask {
  return {
    task: place.task,
    begin: (options, rule) => begin(place, options, rule),
    widened: (by) => opened({ ...place, width: widthFactor(by) }),
    rehearse: () => rehearse(place),
  }
}

/** What the process is told of a run. */
function startOf({ device, width }: Place, { batchSize, key }: StartOptions): object {
  return { device: device(), width, batchSize, seed: seedOf(key) }
}

const seedOf = (key: Key): number => childKey(key, 'task', 'seed').low

let runs = 0

async function begin(
  place: Place,
  options: StartOptions,
  rule: RuleInUse,
): Promise<TrainingSession> {
  const asked = await emitted(rule, place.say)
  const { host, release } = await place.hosts.keep()
  const run = String(runs++)
  const ask = <T>(what: string, more: object, schema: z.ZodType<T>): Promise<T> =>
    host.ask({ do: what, run, ...more }, schema)
  try {
    await ask('begin', { ...startOf(place, options), rule: asked }, NOTHING)
  } catch (error) {
    release()
    throw error
  }
  return {
    batchSize: options.batchSize,
    takeSteps: async (first, steps) => {
      const { losses } = await ask('take', { first, count: steps }, LOSSES)
      return { losses, correct: [] }
    },
    evaluate: async (part) => {
      const { loss, metric } = await ask('evaluate', { part }, SCORE)
      return { loss, ...(metric !== undefined && { metric }) }
    },
    dispose: () => {
      // Of a process that has ended nothing is left.
      ask('end', {}, NOTHING)
        .catch(() => undefined)
        .finally(release)
    },
  }
}

/** Texts of modules: many runs are made of one rule. */
const texts = new WeakMap<Program, Promise<string>>()

/** A rule as the process takes it: the module that `optc compile` writes, and values in the order of the hyperparameters. */
async function emitted({ program, settings }: RuleInUse, say: Place['say']): Promise<object> {
  const { hyperparameters, groups = [], totalSteps, seed, ...others } = settings
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? []
  if (groups.length > 0 || other !== undefined)
    throw taskError(
      say(other === undefined ? '--rates is not for tasks in Python' : `it knows no ${other}`),
    )
  const text =
    texts.get(program) ?? targets.pytorch.print([program], []).then(([file]) => file!.text)
  texts.set(program, text)
  const values = program.hyperparameters.map(({ name }) => {
    const value = hyperparameters[name]
    if (typeof value !== 'function') return value ?? null
    const length = totalSteps ?? 0
    return Array.from({ length }, (_, t) => value(t, length))
  })
  return { text: await text, values, totalSteps, seed }
}

/**
 * Begins the task twice and looks at the first step. Rejects with a TaskError, also where the two differ. Who rehearses is going
 * to train: the process then stays, so that no rule waits for PyTorch to be loaded again.
 */
async function rehearse(place: Place): Promise<void> {
  const { batchSize } = place.task.defaults
  const start = startOf(place, { batchSize, key: rootKey(0) })
  const { seen } = await place.hosts.use((host) => host.ask({ do: 'rehearse', ...start }, SEEN))
  const [first, second] = seen
  if (first!.weights !== second!.weights || first!.loss !== second!.loss)
    throw otherBeginning(
      first!.weights === second!.weights ? 'weights or batches' : 'weights',
      place.say,
      'seed what draws numbers with `run.seed`, which Python, NumPy and PyTorch are seeded with before `start`',
    )
  await place.hosts.keep()
}
