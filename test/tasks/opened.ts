import { openTask, type Task, type TensorTask } from '../../src/tasks/open-task.ts'
import { findTask } from '../../src/tasks/task.ts'

/** A task that this process computes, or the one of that name, with its data where it usually is. */
export async function opened(task: Task | string): Promise<TensorTask> {
  const result = await openTask(typeof task === 'string' ? findTask(task)! : task)
  if (!result.ok) throw new Error(`${result.problem.path} ${result.problem.problem}`)
  if (!('start' in result.value)) throw new Error('another process computes it')
  return result.value
}
