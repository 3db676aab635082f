import * as tf from '@tensorflow/tfjs-core'
import { defaultTarget } from '../emit/targets.ts'
import { nameOptions } from '../emit/ts/class/settings.ts'
import type { ScheduleValue } from '../ir/schedule.ts'
import type { Program } from '../ir/graph.ts'

/** What an optimizer is built with. */
export interface OptimizerSettings {
  /** Values, or schedules, of hyperparameters by the names in the program; the others have their defaults. */
  readonly hyperparameters: Readonly<Record<string, number | ScheduleValue>>
  /** Steps of the whole run; needed by programs that use `T`. */
  readonly totalSteps?: number | undefined
  /** Where the rule's random numbers start; 0 when absent. */
  readonly seed?: number | undefined
}

/** Builds the optimizer of one program. Throws a RangeError for values the program does not allow. */
export type OptimizerFactory = (settings: OptimizerSettings) => tf.Optimizer

/** The class that `optc compile` writes for `program`, ready to be built: what is trained is what is shipped. */
export async function loadOptimizerFactory(program: Program): Promise<OptimizerFactory> {
  const { optimizers } = await defaultTarget.load([program], [], tf)
  const [OptimizerClass] = optimizers.values()
  if (OptimizerClass === undefined) throw new Error(`no class came out of ${program.name}`)
  const keys = new Map(nameOptions(program).map(({ source, key }) => [source.name, key]))
  return ({ hyperparameters, totalSteps, seed }) => {
    const options: Record<string, number | ScheduleValue> = {}
    for (const [name, value] of Object.entries(hyperparameters))
      options[keys.get(name) ?? name] = value
    if (totalSteps !== undefined) options['totalSteps'] = totalSteps
    if (seed !== undefined) options['seed'] = seed
    return new OptimizerClass(options)
  }
}
