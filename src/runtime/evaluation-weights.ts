import type * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../emit/ts/prelude/saved-run.ts'

/** What emitted classes have whose rule says which weights a model is evaluated with. */
export interface EvaluatingOptimizer extends tf.Optimizer {
  /** These weights, a new tensor for each variable; the caller disposes of them. */
  evaluationWeights(variables?: readonly { readonly name: string }[]): NamedTensor[]
  /** What `f` gives with these weights in the place of the weights, which are put back whatever becomes of it. */
  withEvaluationWeights<Result>(
    f: () => Result,
    variables?: readonly { readonly name: string }[],
  ): Result
}

/** Whether the rule of the optimizer says which weights a model is evaluated with. */
export function evaluatesElsewhere(optimizer: tf.Optimizer): optimizer is EvaluatingOptimizer {
  return 'withEvaluationWeights' in optimizer
}
