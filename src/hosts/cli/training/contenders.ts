import { reachable } from '../../../ir/build.ts'
import type { Program } from '../../../ir/graph.ts'
import type { LoadedTargetName } from '../../../emit/loaded-targets.ts'
import { settable, shareValues, type CompiledFile } from '../compiled-files.ts'
import { failure } from '../failure.ts'
import { declaredLearningRate, LEARNING_RATE } from '../../../language/learning-rate.ts'

/** A rule that is trained with. */
export interface Contender {
  /** Its own name, with the file where two have the same. */
  readonly label: string
  readonly path: string
  readonly program: Program
  /** Which class that `optc compile` writes for it TensorFlow.js steps it with. */
  readonly target: LoadedTargetName
  /** Values given for its hyperparameters. */
  readonly hyperparameters: Readonly<Record<string, number>>
  /** Whether it has a learning rate to choose, called `lr`, which is not among the given values. */
  readonly tunable: boolean
}

/** Every optimizer of the files. Throws a failure when there is none, and for values that no optimizer takes. */
export function contendersOf(
  files: readonly CompiledFile[],
  values: Readonly<Record<string, number>>,
  steppedBy: 'kernels' | 'class',
): readonly Contender[] {
  const rules = files.flatMap(({ path, compiled }) =>
    compiled.programs.map((program) => ({ path, program })),
  )
  if (rules.length === 0)
    throw failure(
      'failed',
      `${files.map(({ path }) => path).join(', ')}: there is no optimizer to train with`,
    )
  const shared = shareValues(
    rules.map(({ program }) => settable(program)),
    values,
  )
  return rules.map(({ path, program }, index) => {
    const alone = rules.filter((other) => other.program.name === program.name).length === 1
    const hyperparameters = shared[index]!
    return {
      label: alone ? program.name : `${program.name} (${path})`,
      path,
      program,
      target: steppedBy === 'class' ? 'ts' : 'kernels',
      hyperparameters,
      tunable: !(LEARNING_RATE in hyperparameters) && declaredLearningRate(program) !== undefined,
    }
  })
}

/** The learning rate that a contender has when nobody chooses one; undefined when it has none. */
export function ownLearningRate({ program, hyperparameters }: Contender): number | undefined {
  return hyperparameters[LEARNING_RATE] ?? declaredLearningRate(program)?.default
}

/** Whether the rule draws random numbers, so that its steps follow from the seed. */
export function isRandom({ program }: Contender): boolean {
  const roots = [program.update, ...program.states.map((state) => state.next)]
  return reachable(roots).some((node) => node.kind === 'apply' && node.operator.kind === 'random')
}
