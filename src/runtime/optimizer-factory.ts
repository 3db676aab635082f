import * as tf from '@tensorflow/tfjs-core'
import { loadedTargets, type LoadedTargetName } from '../emit/loaded-targets.ts'
import { nameOptions } from '../emit/ts/class/settings.ts'
import type { Match } from '../emit/ts/prelude/groups.ts'
import type { ScheduleValue } from '../ir/schedule.ts'
import type { Program } from '../ir/graph.ts'
import { planEvaluation } from '../plan/evaluation.ts'
import { planStep } from '../plan/plan.ts'

/** What an optimizer is built with. */
export interface OptimizerSettings {
  /** Values, or schedules, of hyperparameters by the names in the program; the others have their defaults. */
  readonly hyperparameters: Readonly<Record<string, number | ScheduleValue>>
  /** Steps of the whole run; needed by programs that use `T`. */
  readonly totalSteps?: number | undefined
  /** Where the rule's random numbers start; 0 when absent. */
  readonly seed?: number | undefined
  /** Variables with hyperparameters of their own, by the names in the program; the first group that matches has them. */
  readonly groups?: readonly {
    readonly match: Match
    readonly hyperparameters: Readonly<Record<string, number | ScheduleValue>>
  }[]
  /** What is done with a gradient that holds NaN or an infinite number; it is kept when absent. */
  readonly onNonFinite?: 'keep' | 'skip' | 'throw'
  /** Variables of rank 2 or more that are in no hidden layer, for rules that ask; none when absent. */
  readonly notHidden?: Match
  /** The number of calls whose mean gradient makes one step; 1 when absent. */
  readonly accumulate?: number
}

/** Builds the optimizer of one program. Throws a RangeError for values the program does not allow, a TypeError for names it lacks. */
export type OptimizerFactory = (settings: OptimizerSettings) => tf.Optimizer

/**
 * The class that `optc compile` writes for `program`, ready to be built: what is trained is what is shipped. Those of
 * the targets give the same numbers within the bounds of the operators.
 */
export async function loadOptimizerFactory(
  program: Program,
  target: LoadedTargetName = 'kernels',
): Promise<OptimizerFactory> {
  const { optimizers } = await loadedTargets[target]([program], [], tf)
  const [OptimizerClass] = optimizers.values()
  if (OptimizerClass === undefined) throw new Error(`no class came out of ${program.name}`)
  const keys = new Map(nameOptions(program).map(({ source, key }) => [source.name, key]))
  const keyed = (
    hyperparameters: OptimizerSettings['hyperparameters'],
  ): Record<string, number | ScheduleValue> =>
    Object.fromEntries(
      Object.entries(hyperparameters).map(([name, value]) => [keys.get(name) ?? name, value]),
    )
  const asksForHidden = [planStep(program), planEvaluation(program)].some(
    (plan) => plan?.told.has('isHidden') === true,
  )
  return ({ hyperparameters, groups = [], notHidden, ...options }) => {
    const { totalSteps, seed, onNonFinite, accumulate } = options
    const asked = asksForHidden ? { notHidden } : {}
    const others = { totalSteps, seed, onNonFinite, accumulate, ...asked }
    const given = Object.entries(others).filter(([, value]) => value !== undefined)
    return new OptimizerClass({
      ...keyed(hyperparameters),
      ...Object.fromEntries(given),
      groups: groups.map((group) => ({ match: group.match, ...keyed(group.hyperparameters) })),
    })
  }
}
