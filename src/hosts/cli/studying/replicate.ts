import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { z } from 'zod'
import { sampleLog } from '../../../study/published-log.ts'
import { replicationUnits, type Replicated } from '../../../study/replication.ts'
import { replicationOutcome } from '../../../study/replication-outcome.ts'
import { findProtocol } from '../../../tasks/protocol.ts'
import { scaledProtocol } from '../../../tasks/protocol-scale.ts'
import { dataFolders } from '../data-folders.ts'
import { publishedSpace } from '../importing/read-rules.ts'
import type { Sources } from '../sources.ts'
import { taskOf } from '../task-option.ts'
import type { World } from '../world.ts'
import { publishedRules } from './published-rules.ts'
import type { Study } from './run-study.ts'
import type { StudyOptions } from './study-options.ts'
import { newStudyTask, studyBase } from './study-task.ts'

/** What a replication is. */
export const replicationSchema = z.strictObject({
  ...studyBase,
  rules: z.int().min(1),
  again: z.int().min(0),
  /** Where only rules logged under one surrogate are evaluated. */
  surrogate: z.enum(['initial', 'evolution']).exactOptional(),
  /** What the images are, where they are files of a folder. */
  images: z.string().exactOptional(),
})

export type ReplicationConfiguration = z.infer<typeof replicationSchema>

/** The options of `optc replicate`. */
export interface ReplicateOptions extends StudyOptions {
  readonly task: string
  readonly rules: number
  readonly again: number
  readonly surrogate: 'initial' | 'evolution' | undefined
}

/** The replication that options ask for. Throws a failure for a task that there is not. */
export async function newReplication(
  { task, rules, again, surrogate, scale, seed, backend, data }: ReplicateOptions,
  world: World,
): Promise<ReplicationConfiguration> {
  const { data: set } = await taskOf(task, world.cwd, undefined)
  const folder = dataFolders(data, world.cwd).of(set)
  const images = folder === undefined ? undefined : imageFiles(folder)
  return {
    tasks: [await newStudyTask(task, backend, world.cwd)],
    scale,
    protocol: scaledProtocol(findProtocol('published')!, scale),
    seed,
    rules,
    again,
    ...(surrogate !== undefined && { surrogate }),
    ...(images !== undefined && { images }),
  }
}

/** The replication as a study. */
export function replication(sources: Sources): Study<ReplicationConfiguration, Replicated> {
  const sampleOf = ({ rules, seed, surrogate }: ReplicationConfiguration) =>
    sampleLog(
      publishedRules().filter(({ stage }) => surrogate === undefined || stage === surrogate),
      rules,
      seed,
    )
  return {
    title: 'optc replicate',
    what: 'replicate',
    units: (configuration) => {
      const { tasks, protocol, seed, again } = configuration
      return replicationUnits(sampleOf(configuration), {
        ...{ task: tasks[0]!.name, protocol, seed, again },
        ...{ space: publishedSpace(sources), loader: sources.loader },
      })
    },
    outcome: (results, configuration) => {
      const { tasks, protocol, scale, seed, images } = configuration
      const [task] = tasks
      return replicationOutcome(results, {
        task: task!.name,
        metric: task!.metric,
        backend: task!.backend,
        ...{ protocol, scale, seed, sample: sampleOf(configuration).length },
        ...(images !== undefined && { data: images }),
      })
    },
  }
}

/** What to know of images that are files by class in a folder; undefined where the folder holds something else. */
function imageFiles(folder: string): string | undefined {
  const inside = (path: string): readonly string[] => {
    try {
      return readdirSync(path).sort()
    } catch {
      return []
    }
  }
  for (const part of ['train', '.']) {
    const [kind] = inside(join(folder, part)).filter((name) => name !== 'test')
    const file = kind === undefined ? undefined : inside(join(folder, part, kind))[0]
    const ending = file === undefined ? '' : extname(file).toLowerCase()
    if (ending === '.jpg' || ending === '.jpeg')
      return 'The images are JPEG files: lossy copies, so accuracies are close to those on the images themselves, not the same.'
    if (ending === '.png') return 'The images are PNG files of a folder.'
  }
  return undefined
}
