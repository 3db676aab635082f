import type { OpenTask, Task } from '../../src/tasks/open-task.ts'
import { openTask } from '../../src/tasks/open-task.ts'
import { findTask } from '../../src/tasks/task.ts'

/** A task, or the one of that name, with its data where it usually is. */
export async function opened(task: Task | string): Promise<OpenTask> {
  const result = await openTask(typeof task === 'string' ? findTask(task)! : task)
  if (!result.ok) throw new Error(`${result.problem.path} ${result.problem.problem}`)
  return result.value
}
