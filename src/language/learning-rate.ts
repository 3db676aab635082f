import type { Hyperparameter, Program } from '../ir/graph.ts'
import { contains } from '../operators/interval.ts'

/** The name of the hyperparameter that is the learning rate. */
export const LEARNING_RATE = 'lr'

/** The program's learning rate; undefined when it has none. */
export function declaredLearningRate(program: Program): Hyperparameter | undefined {
  return program.hyperparameters.find(({ name }) => name === LEARNING_RATE)
}

/** Whether the declared interval of the program's learning rate holds `rate`. */
export function allowsLearningRate(program: Program, rate: number): boolean {
  const declared = declaredLearningRate(program)
  return declared === undefined || contains(declared.interval, rate)
}
