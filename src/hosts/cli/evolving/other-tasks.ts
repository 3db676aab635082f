import type { Task } from '../../../tasks/open-task.ts'
import { findNamedData } from '../../../tasks/named-data.ts'
import { otherTasksOf, type Protocol } from '../../../tasks/protocol.ts'
import type { DataFolders } from '../data-folders.ts'
import { failure } from '../failure.ts'
import { taskOf } from '../task-option.ts'

/** A task beside the search's that a protocol judges on. */
export interface OtherTask {
  /** As the protocol has it. */
  readonly name: string
  readonly task: Task
  /** The folder of its data; where that usually is when undefined. */
  readonly data: string | undefined
}

/** The tasks of a protocol whose data is there, and for each of the others a line that says how to get it. */
export interface OtherTasks {
  readonly present: readonly OtherTask[]
  readonly missing: readonly string[]
}

/** No other tasks: the ladder is not climbed. */
export const NO_OTHERS: OtherTasks = { present: [], missing: [] }

/**
 * Looks for the data of all tasks that `protocol` names beside the `search`'s own: in the folders given, or where it usually is.
 * Throws a failure for a task that there is not.
 */
export async function findOtherTasks(
  protocol: Protocol,
  search: Task,
  folders: DataFolders,
  cwd: string,
): Promise<OtherTasks> {
  const present: OtherTask[] = []
  const missing: string[] = []
  for (const name of otherTasksOf(protocol)) {
    const task = await taskOf(name, cwd, undefined)
    const data = folders.beside(search.data, task.data)
    const named = task.data === undefined ? undefined : findNamedData(task.data)
    const state = data === undefined ? named?.stateIn(undefined) : undefined
    if (named !== undefined && state !== undefined && 'missing' in state) {
      const remedy = named.remedy.replace(/--data DIR/g, `--data ${named.name}=DIR`)
      missing.push(`${name} is left out: ${state.missing}; to get its data: ${remedy}`)
    } else present.push({ name, task, data })
  }
  return { present, missing }
}

/** The same where a run was begun with them. Throws a failure where data is not there any more. */
export async function findBegunTasks(
  protocol: Protocol,
  search: Task,
  folders: DataFolders,
  cwd: string,
): Promise<OtherTasks> {
  const found = await findOtherTasks(protocol, search, folders, cwd)
  const [problem] = found.missing
  if (problem === undefined) return found
  throw failure(
    'failed',
    problem.replace(' is left out: ', ', which the run was begun with, has no data now: '),
    'nothing was changed',
  )
}
