import {
  allowsLearningRate,
  declaredLearningRate,
  LEARNING_RATE,
} from '../../../language/learning-rate.ts'
import type { OptimizerSettings } from '../../../runtime/optimizer-factory.ts'
import type { FineTuning } from '../../../tasks/networks/match-weights.ts'
import type { OpenTask } from '../../../tasks/open-task.ts'
import { isWeightFile, readWeights, WEIGHT_ENDINGS } from '../../../tasks/weight-files.ts'
import type { RateGroup } from '../rate-groups.ts'
import { dataFailure } from '../data-failure.ts'
import { failure } from '../failure.ts'
import { ownLearningRate, type Contender } from './contenders.ts'

/** Groups of an optimizer whose other variables have the learning rate `rate`. */
export function groupsOf(
  rates: readonly RateGroup[],
  rate: number | undefined,
): NonNullable<OptimizerSettings['groups']> {
  if (rate === undefined) return []
  return rates.map(({ match, times }) => ({
    match,
    hyperparameters: { [LEARNING_RATE]: rate * times },
  }))
}

/** Whether a rule takes the learning rate with all its multiples. */
export const allowsRates = (
  program: Contender['program'],
  rate: number,
  rates: readonly RateGroup[] = [],
): boolean =>
  [1, ...rates.map(({ times }) => times)].every((each) => allowsLearningRate(program, rate * each))

/** Throws a failure where one of the rules has no learning rate to multiply, or takes none of that size. */
export function checkRateGroups(
  contenders: readonly Contender[],
  rates: readonly RateGroup[],
  learningRate: number | 'auto' | 'default',
): void {
  const without = contenders.find(({ program }) => declaredLearningRate(program) === undefined)
  if (without !== undefined)
    throw failure('usage', `${without.label} has no learning rate that --rates could multiply`)
  for (const contender of contenders) {
    const rate = learningRate === 'default' ? ownLearningRate(contender) : learningRate
    if (typeof rate === 'number' && !allowsRates(contender.program, rate, rates))
      throw failure(
        'usage',
        `${contender.label} takes no learning rate that --rates makes of ${rate}`,
      )
  }
}

/** Throws a failure where the weights of a contest cannot be saved in one file of that name. */
export function checkSaved(path: string, rules: number, seeds: number): void {
  if (!isWeightFile(path))
    throw failure('usage', `--save ${path} ends in neither ${WEIGHT_ENDINGS.join(' nor ')}`)
  if (rules > 1 || seeds > 1)
    throw failure(
      'usage',
      `--save keeps the weights of one run, not of ${rules * seeds}`,
      'train with one rule and --seeds 1',
    )
}

/** `task` with the weights of a file, or with layers that stay as they are. Throws a failure where that cannot be. */
export function fineTuned(
  task: OpenTask,
  path: string | undefined,
  frozen: RegExp | undefined,
): { readonly task: OpenTask; readonly tuning: FineTuning } {
  const { name } = task.task
  if (task.fineTuned === undefined)
    throw failure('usage', `the task ${name} has no layers that weights could be read into`)
  const file = path === undefined ? undefined : readWeights(path)
  if (file?.ok === false) throw dataFailure(file.problem)
  const tuned = task.fineTuned({
    ...(file !== undefined && { weights: { path: path!, tensors: file.value } }),
    ...(frozen && { frozen }),
  })
  if (!tuned.ok) throw dataFailure(tuned.problem)
  return tuned.value
}

/** What became of the weights and layers, for a person. */
export function tuningNotes({ weights, frozenLayers }: FineTuning): readonly string[] {
  const layers = (count: number): string => `${count} layer${count === 1 ? '' : 's'}`
  return [
    ...(weights === undefined
      ? []
      : [
          `${weights.values.size} weights by the names of ${weights.naming}` +
            (weights.replaced.length > 0
              ? `; fresh ones for ${weights.replaced.join(', ')}, which are of another number of classes there`
              : '') +
            (weights.unused.length > 0
              ? `; ${weights.unused.length} in the file are not used`
              : ''),
        ]),
    ...(frozenLayers.length === 0
      ? []
      : [`${layers(frozenLayers.length)} stay as they are, up to ${frozenLayers.at(-1)}`]),
  ]
}
