import { selectBackend, type BackendChoice, type BackendName } from '../runtime/backends.ts'
import type { Task } from './open-task.ts'
import { isTorchDevice, type TorchDevice } from './torch-devices.ts'

/** What a task may be computed with; `auto` is the best that works for it. */
export type ComputingChoice = BackendChoice | TorchDevice

/** What is set up, under the name that results are kept with; or one sentence on why nothing is. */
export type Computing =
  | { readonly ok: true; readonly name: BackendName | TorchDevice }
  | { readonly ok: false; readonly reason: string; readonly help?: string }

/** Sets up what `task` computes with; `work` are the multiplications of a training step's forward pass, few where it is not given. */
export async function setUpComputing(
  task: Pick<Task, 'name' | 'setUp'>,
  choice: ComputingChoice,
  work?: number,
): Promise<Computing> {
  if (task.setUp !== undefined) return task.setUp(choice)
  if (isTorchDevice(choice))
    return { ok: false, reason: `${choice} is for tasks in Python, and ${task.name} is none` }
  const selected = await selectBackend(choice, work)
  return selected.ok
    ? { ok: true, name: selected.backend.name }
    : { ok: false, reason: selected.reason, help: '`optc doctor` tells more' }
}
