import { createJudge, type Fitness, type FitnessRequest } from '../../evolve/fitness.ts'
import { firstLine } from '../../runtime/backends.ts'
import { setUpComputing } from '../../tasks/computing.ts'
import { imageCache } from '../../tasks/data-set-images.ts'
import { openTask, type OpenTask, type Task } from '../../tasks/open-task.ts'
import { isTaskFile, loadTask } from '../../tasks/own/load-task.ts'
import { isTaskError, taskError } from '../../tasks/own/task-error.ts'
import { findTask } from '../../tasks/task.ts'
import { surrogateWork } from '../../tasks/work.ts'
import { createSources } from '../cli/sources.ts'
import type { Complaint, WorkerInput, WorkerOutput, WorkerSetup, WorkerTask } from './messages.ts'
import { endWithParent } from './parent-watch.ts'

type Judge = (request: FitnessRequest) => Promise<Fitness>

const send = (message: WorkerOutput): void => void process.send?.(message)

/** Sets the backend and the tasks up; a text says why that cannot be done. */
async function setUp(setup: WorkerSetup): Promise<{ judge: Judge; backend: string } | string> {
  const { cwd, protocol, others = [] } = setup
  const task = await find(setup, cwd)
  if (typeof task === 'string') return task
  const computing = await setUpComputing(
    task,
    setup.backend,
    surrogateWork(task, protocol.evolution),
  )
  if (!computing.ok) throw taskError(computing.reason, 0, computing.help)
  const opened = await open(task, setup, cwd)
  if (typeof opened === 'string') return opened
  const tasks = new Map<string, readonly [Task, WorkerTask]>()
  for (const other of others) {
    const found = await find(other, cwd)
    if (typeof found === 'string') return found
    if ((found.setUp === undefined) !== (task.setUp === undefined))
      return `${found.name} and ${task.name} are computed by different libraries`
    // One with data is opened when it is needed.
    const problem = found.data === undefined ? await open(found, other, cwd) : found
    if (typeof problem === 'string') return problem
    tasks.set(other.task, [found, other])
  }
  const openOther = async (name: string): Promise<OpenTask> => {
    const known = tasks.get(name)
    const other = known === undefined ? `there is no task ${name}` : await open(...known, cwd)
    if (typeof other === 'string') throw taskError(other)
    return other
  }
  return {
    judge: createJudge(opened, protocol, createSources(cwd).loader, openOther, (fault) =>
      send({ kind: 'fault', fault }),
    ),
    backend: computing.name,
  }
}

/** The task, or why it cannot be used. */
async function find(
  { task: name, taskFiles, data }: WorkerTask,
  cwd: string,
): Promise<Task | string> {
  const task = isTaskFile(name) ? await loadTask(name, cwd, data) : findTask(name)
  if (task === undefined) return `there is no task ${name}`
  return JSON.stringify(task.files) === JSON.stringify(taskFiles)
    ? task
    : `${name} was changed while the search ran`
}

/** The task with its data, rehearsed, or why it cannot be used. */
async function open(task: Task, { data }: WorkerTask, cwd: string): Promise<OpenTask | string> {
  const opened = await openTask(task, {
    cache: imageCache(cwd),
    ...(data !== undefined && { directory: data }),
  })
  if (!opened.ok) return `${opened.problem.path} ${opened.problem.problem}`
  await opened.value.rehearse?.()
  return opened.value
}

let judge: Judge | undefined

process.on('message', (message: WorkerInput) => {
  void receive(message)
})
process.on('disconnect', () => process.exit(0))
endWithParent()
// The process that started this one decides when to end.
process.on('SIGINT', () => undefined)

function complaintOf(error: unknown): Complaint {
  if (!isTaskError(error)) return { reason: firstLine(error) }
  const { message, help, traceback } = error
  return {
    reason: message,
    ...(help !== undefined && { help }),
    ...(traceback !== undefined && { details: traceback }),
  }
}

async function receive(message: WorkerInput): Promise<void> {
  if (message.kind === 'setup') {
    const result = await setUp(message.setup).catch(complaintOf)
    if (typeof result === 'string') return send({ kind: 'unusable', reason: result })
    if ('reason' in result) return send({ kind: 'unusable', ...result })
    judge = result.judge
    return send({ kind: 'ready', backend: result.backend })
  }
  const { id, request } = message
  try {
    if (judge === undefined) throw new Error('the worker was not set up')
    send({ kind: 'judged', id, fitness: await judge(request) })
  } catch (error) {
    if (isTaskError(error)) send({ kind: 'task', id, ...complaintOf(error) })
    else send({ kind: 'threw', id, reason: firstLine(error) })
  }
}
