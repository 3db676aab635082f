import { resolve } from 'node:path'
import type { Invocation } from '../command.ts'
import { createSources } from '../sources.ts'
import {
  newReplication,
  replication,
  replicationSchema,
  type ReplicateOptions,
} from '../studying/replicate.ts'
import { runStudy, studyMinutes } from '../studying/run-study.ts'
import { checkedConfiguration, readStudy, studyPlace } from '../studying/study-folder.ts'
import { refuseBesideResume } from '../studying/study-options.ts'

/** `optc replicate`. */
export async function run({
  options,
  given,
  world,
  output,
}: Invocation<ReplicateOptions>): Promise<number> {
  const { resume, out, budget, workers, data, task, seed } = options
  const minutes = studyMinutes(budget)
  const shown = resume ?? out ?? `replicate-${nameOf(task)}-${seed}`
  const place = studyPlace(resolve(world.cwd, shown), shown, 'optc replicate')
  const isNew = resume === undefined
  if (!isNew) refuseBesideResume(given, [])
  const study = replication(createSources(world.cwd))
  const configuration = isNew
    ? await newReplication(options, world)
    : checkedConfiguration(readStudy(place, [study.what]).configuration, replicationSchema, place)
  return runStudy(study, configuration, { place, isNew, workers, data, minutes, world, output })
}

/** A task's name as part of a folder's. */
const nameOf = (task: string): string => task.replace(/^.*\//, '').replace(/\.\w+$/, '')
