import { resolve } from 'node:path'
import { imageCache } from '../../tasks/data-set-images.ts'
import { openTask, type OpenTask, type Task } from '../../tasks/open-task.ts'
import { dataFailure } from './data-failure.ts'
import { createProgress, type Progress } from './progress.ts'
import type { World } from './world.ts'

/**
 * `task` with its data, from the folder `directory` below the working folder or from where it usually is; images that have to be
 * decoded first are counted in a bar. Throws a failure where the data cannot be read.
 */
export async function openData(
  task: Task,
  directory: string | undefined,
  world: World,
): Promise<OpenTask> {
  let bar: Progress | undefined
  const opened = await openTask(task, {
    cache: imageCache(world.cwd),
    signal: world.signal,
    onProgress: (done, total) => {
      bar ??= createProgress(world, { title: `decoding ${task.name}`, total, unit: 'images' })
      bar.update(done)
    },
    ...(directory !== undefined && { directory: resolve(world.cwd, directory) }),
  })
  bar?.end()
  if (opened.ok) return opened.value
  throw dataFailure(opened.problem)
}
