import { createJudge, type Fitness, type FitnessRequest } from '../../evolve/fitness.ts'
import { firstLine, selectBackend } from '../../runtime/backends.ts'
import { imageCache } from '../../tasks/data-set-images.ts'
import { openTask } from '../../tasks/open-task.ts'
import { isTaskFile, loadTask } from '../../tasks/own/load-task.ts'
import { isTaskError } from '../../tasks/own/task-error.ts'
import { findTask } from '../../tasks/task.ts'
import { surrogateWork } from '../../tasks/work.ts'
import { createSources } from '../cli/sources.ts'
import type { WorkerInput, WorkerOutput, WorkerSetup } from './messages.ts'
import { endWithParent } from './parent-watch.ts'

type Judge = (request: FitnessRequest) => Promise<Fitness>

const send = (message: WorkerOutput): void => void process.send?.(message)

/** Sets the backend and the task up; a text says why that cannot be done. */
async function setUp(setup: WorkerSetup): Promise<{ judge: Judge; backend: string } | string> {
  const task = isTaskFile(setup.task) ? await loadTask(setup.task, setup.cwd) : findTask(setup.task)
  if (task === undefined) return `there is no task ${setup.task}`
  if (JSON.stringify(task.files) !== JSON.stringify(setup.taskFiles))
    return `${setup.task} was changed while the search ran`
  const selected = await selectBackend(setup.backend, surrogateWork(task, setup.protocol.evolution))
  if (!selected.ok) return selected.reason
  const opened = await openTask(task, {
    cache: imageCache(setup.cwd),
    ...(setup.data !== undefined && { directory: setup.data }),
  })
  if (!opened.ok) return `${opened.problem.path} ${opened.problem.problem}`
  await opened.value.rehearse?.()
  return {
    judge: createJudge(opened.value, setup.protocol, createSources(setup.cwd).loader),
    backend: selected.backend.name,
  }
}

let judge: Judge | undefined

process.on('message', (message: WorkerInput) => {
  void receive(message)
})
process.on('disconnect', () => process.exit(0))
endWithParent()
// The process that started this one decides when to end.
process.on('SIGINT', () => undefined)

async function receive(message: WorkerInput): Promise<void> {
  if (message.kind === 'setup') {
    const result = await setUp(message.setup).catch(firstLine)
    if (typeof result === 'string') return send({ kind: 'unusable', reason: result })
    judge = result.judge
    return send({ kind: 'ready', backend: result.backend })
  }
  const { id, request } = message
  try {
    if (judge === undefined) throw new Error('the worker was not set up')
    send({ kind: 'judged', id, fitness: await judge(request) })
  } catch (error) {
    if (isTaskError(error)) send({ kind: 'task', id, reason: error.message })
    else send({ kind: 'threw', id, reason: firstLine(error) })
  }
}
