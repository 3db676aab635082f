import type { Program } from '../../ir/graph.ts'
import { declaredLearningRate, LEARNING_RATE } from '../../language/learning-rate.ts'
import { settable, shareValues } from './compiled-files.ts'

/** Throws a failure when one of the programs has a learning rate that cannot be `rate`. */
export function checkLearningRate(programs: readonly Program[], rate: number): void {
  for (const program of programs)
    if (declaredLearningRate(program) !== undefined)
      shareValues([settable(program)], { [LEARNING_RATE]: rate })
}
