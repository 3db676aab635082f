import { z } from 'zod'
import { metricSchema } from '../../../tasks/metric.ts'
import { protocolSchema } from '../../../tasks/protocol-file.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import type { Task } from '../../../tasks/open-task.ts'
import { refuseChangedTask } from '../evolving/run-configuration.ts'
import { taskOf } from '../task-option.ts'

/** One of the tasks of a study. */
export const studyTask = z.strictObject({
  /** Name of the task, or the path of its module. */
  name: z.string().min(1),
  /** What a module was read from. */
  files: z
    .array(z.strictObject({ path: z.string(), digest: z.string() }))
    .readonly()
    .exactOptional(),
  metric: metricSchema.exactOptional(),
  /** What it was computed with: scores repeat on one backend only. */
  backend: z.string().min(1),
})

export type StudyTask = z.infer<typeof studyTask>

/** What every study depends on. */
export const studyBase = {
  tasks: z.array(studyTask).min(1).readonly(),
  /** How long runs were made, and what the protocol is then. */
  scale: z.number().positive().max(1),
  protocol: protocolSchema,
  seed: z.int().min(0),
}

/** The task before its backend is settled. Throws a failure for what is none. */
export async function newStudyTask(
  name: string,
  backend: ComputingChoice | undefined,
  cwd: string,
): Promise<StudyTask> {
  const task = await taskOf(name, cwd, undefined)
  return {
    name,
    ...(task.files && { files: task.files }),
    ...(task.metric && { metric: task.metric }),
    backend: backend ?? 'auto',
  }
}

/** Makes sure that a task is what it was when the study began. Throws a failure otherwise. */
export async function checkStudyTask({ name, files }: StudyTask, cwd: string): Promise<Task> {
  const task = await taskOf(name, cwd, undefined)
  refuseChangedTask({ task: name, ...(files && { taskFiles: files }) }, task)
  return task
}
