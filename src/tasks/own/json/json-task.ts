import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Part } from '../../image-files/image-listing.ts'
import { networkProblem } from '../../network-problem.ts'
import { layerLists } from '../../networks/layers/table.ts'
import { fineTuningOf } from '../../networks/fine-tuning.ts'
import type { FineTuning } from '../../networks/match-weights.ts'
import type { Network, NetworkEnds } from '../../networks/network.ts'
import { networkOf } from '../../networks/named-networks.ts'
import { networkWork, widened } from '../../networks/networks.ts'
import { judgedBy, type ObjectiveName } from '../../networks/objectives/judged.ts'
import type { Objective } from '../../networks/objectives/objective.ts'
import type { Task, TaskFile, TensorTask } from '../../open-task.ts'
import { describeIssue } from '../../protocol-file.ts'
import type { Shares } from '../../split-rows.ts'
import { taskError } from '../task-error.ts'
import type { AnswerKind, DataPlace, ExamplesFor, PreparedData } from './data-kind.ts'
import { createDataFiles } from './data-files.ts'
import { prepareData } from './data/table.ts'
import { fieldIssues } from './field-issues.ts'
import { readLocatedJson, type Field, type LocatedJson } from './located-json.ts'
import { taskFileSchema, type TaskFileSpec } from './task-file.ts'

/** What answers each objective takes. */
const ANSWERS: { readonly [Name in ObjectiveName]: AnswerKind } = {
  classification: 'class',
  nextToken: 'next',
  regression: 'numbers',
}

/** How many points the curve of a run has. */
const CURVE_POINTS = 10
const DEFAULTS = { steps: 500, batchSize: 64, share: 0.1, seed: 1 }

/** Throws a TaskError for a field, with the place in the file. */
type Refuse = DataPlace['refuse']

/**
 * The task that the file of JSON at `path` says, with its data but for images that are decoded later. Paths in it start from its
 * folder, or from `directory` where that is given. Throws a TaskError that points into the file, or that names the file and the line of
 * data that cannot be used.
 */
export function loadJsonTask(
  path: string,
  show: (path: string) => string,
  directory?: string,
): Task<TensorTask> {
  const text = readText(path, show)
  const read = readLocatedJson(text)
  if (!read.ok) throw taskError(`${show(path)}:${read.place}: ${read.problem}`)
  const spec = checked(read.value, show(path))
  const refuse = refusing(read.value, show(path))
  const files = createDataFiles(directory ?? dirname(path), refuse)
  const data = prepareData(spec.data, {
    ...files.place,
    answers: ANSWERS[spec.objective],
    seed: spec.split?.seed ?? DEFAULTS.seed,
    shares: (given) => sharesOf(spec, given, refuse),
    directory,
    refuse,
    valueOf: (result) => {
      if (result.ok) return result.value
      const { path: at, problem, expected, remedy } = result.problem
      throw taskError(`${show(at)} ${problem}; expected ${expected}`, 0, remedy)
    },
  })
  if (spec.augmentation !== undefined && !data.isChangeable)
    refuse(['augmentation'], `it changes images in bytes, and the examples are ${data.examples}`)
  const network = fittingNetwork(spec, data, refuse)
  const own: TaskFile = { path: basename(path), digest: digestOf(text) }
  return jsonTask(spec, basename(path).replace(/\.json$/, ''), network, data, [
    own,
    ...files.list(),
  ])
}

const digestOf = (content: string): string => createHash('sha256').update(content).digest('hex')

function readText(path: string, show: (path: string) => string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') throw taskError(`there is no file ${show(path)}`)
    if (code === 'EISDIR') throw taskError(`${show(path)} is no file`)
    throw taskError(`${show(path)} cannot be read: ${String(error)}`)
  }
}

/** What the file says; throws all that is wrong with its fields, a line each. */
function checked({ value, placeOf }: LocatedJson, shown: string): TaskFileSpec {
  const { data, error } = taskFileSchema.safeParse(value)
  if (error === undefined) return data
  const lines = fieldIssues(error).map(
    (issue) => `${shown}:${placeOf(issue.path, issue.isName)}: ${describeIssue(issue, 'the task')}`,
  )
  throw taskError([...new Set(lines)].join('\n'))
}

function refusing({ placeOf }: LocatedJson, shown: string): Refuse {
  return (field: Field, problem: string, help?: string): never => {
    const issue = { path: field, message: problem }
    throw taskError(`${shown}:${placeOf(field)}: ${describeIssue(issue, 'the task')}`, 0, help)
  }
}

/** Shares for parts that the data has not itself. */
function sharesOf({ split }: TaskFileSpec, given: readonly Part[], refuse: Refuse): Shares {
  const shareOf = (part: 'validation' | 'test'): number => {
    if (!given.includes(part)) return split?.[part] ?? DEFAULTS.share
    if (split?.[part] !== undefined)
      refuse(['split', part], `the data has a ${part} part of its own`)
    return 0
  }
  return { validation: shareOf('validation'), test: shareOf('test') }
}

/** The network; refuses the first layer that does not take what comes to it, and a last one that does not give what is told. */
function fittingNetwork(
  { network: spec, objective }: TaskFileSpec,
  { ends: { input, outputs } }: PreparedData,
  refuse: Refuse,
): Network {
  const network = networkOf(spec)
  const answers = ANSWERS[objective]
  const at = (index: number): Field => (Array.isArray(spec) ? ['network', index] : ['network'])
  let shape = input
  for (const index of network.layers.keys()) {
    const next = layerLists.shape(network.layers.slice(0, index + 1), input, outputs)
    if (typeof next === 'string') refuse(at(index), next)
    shape = next as typeof shape
  }
  const told = answers === 'next' ? [...input, outputs] : [outputs]
  if (shape.join() !== told.join())
    refuse(
      at(network.layers.length - 1),
      `the last layer gives [${shape.join(', ')}] for an example, and [${told.join(', ')}] are told`,
      'end with {"kind": "dense", "units": "outputs"}',
    )
  return network
}

function jsonTask(
  spec: TaskFileSpec,
  name: string,
  network: Network,
  data: PreparedData,
  files: readonly TaskFile[],
): Task<TensorTask> {
  const { steps = DEFAULTS.steps, batchSize = DEFAULTS.batchSize } = spec
  const objective = judgedBy(spec.objective, spec.metric, data.deviation)
  const { ends } = data
  const task: Task<TensorTask> = {
    name: spec.name ?? name,
    summary: spec.summary ?? 'a task of one’s own',
    defaults: { steps, batchSize, evaluateEvery: Math.max(1, Math.round(steps / CURVE_POINTS)) },
    ...(objective.metric && { metric: objective.metric }),
    ...(objective.chance && { chance: objective.chance(ends.outputs) }),
    examples: data.examples,
    isFunction: false,
    work: (width) => networkWork(width === undefined ? network : widened(network, width), ends),
    files,
    open: async (options = {}) => {
      const sets = await data.open(options)
      return sets.ok
        ? { ok: true, value: opened(task, spec, network, objective, sets.value, ends) }
        : sets
    },
  }
  return task
}

function opened(
  task: Task<TensorTask>,
  spec: TaskFileSpec,
  network: Network,
  objective: Objective,
  sets: ExamplesFor,
  ends: NetworkEnds,
  tuning?: FineTuning,
): TensorTask {
  return {
    task,
    start: (options) => {
      const augmentation = options.augmentation ?? spec.augmentation
      const run = { key: options.key, ...(augmentation && { augmentation }) }
      return networkProblem(network, objective, sets(run), options, tuning)
    },
    widened: (width) => opened(task, spec, widened(network, width), objective, sets, ends),
    fineTuned: (wish) => {
      const tuned = fineTuningOf(network, ends, objective, wish)
      if (!tuned.ok) return tuned
      const { value: tuning } = tuned
      return {
        ok: true,
        value: { task: opened(task, spec, network, objective, sets, ends, tuning), tuning },
      }
    },
  }
}
