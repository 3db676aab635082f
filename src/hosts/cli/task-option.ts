import { nearest } from '../../diagnostics/suggest.ts'
import type { Task } from '../../tasks/open-task.ts'
import { isTaskFile, loadTask } from '../../tasks/own/load-task.ts'
import { isTaskError } from '../../tasks/own/task-error.ts'
import { findTask, TASKS } from '../../tasks/task.ts'
import { failure } from './failure.ts'

/**
 * The task that `--task` names: one of the table, or a module or a file of JSON below `cwd`, whose data is in the folder `data` where
 * that is given. Throws a failure for what is none.
 */
export async function taskOf(name: string, cwd: string, data: string | undefined): Promise<Task> {
  if (isTaskFile(name)) return orTaskFailure(() => loadTask(name, cwd, data))
  const task = findTask(name)
  if (task !== undefined) return task
  const meant = nearest(
    name,
    TASKS.map((known) => known.name),
  )
  throw failure(
    'usage',
    `there is no task ${name}`,
    meant === undefined ? '`optc tasks` lists them' : `did you mean ${meant}?`,
  )
}

/** What `work` resolves to; what it says is wrong with a task of one's own as a failure, `whose` work it was behind it. */
export async function orTaskFailure<T>(work: () => Promise<T>, whose?: string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isTaskError(error)) throw error
    const when = whose === undefined || error.steps === 0 ? '' : `, trained with ${whose}`
    throw failure('failed', `${error.message}${when}`, error.help, error.traceback)
  }
}
