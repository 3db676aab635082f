import * as tf from '@tensorflow/tfjs-core'
import { evaluatesElsewhere } from '../runtime/evaluation-weights.ts'
import { loadOptimizerFactory, type OptimizerFactory } from '../runtime/optimizer-factory.ts'
import { disposeScalar, readScalar, type Problem } from './problem.ts'
import type { Mover, RuleInUse, StepsTaken, TrainingSession } from './session.ts'

/** A run that this process computes. Disposes of the problem, also where the optimizer cannot be built. */
export async function tensorSession(problem: Problem, mover: Mover): Promise<TrainingSession> {
  let optimizer: tf.Optimizer
  try {
    optimizer = 'program' in mover ? await build(mover) : mover
  } catch (error) {
    problem.dispose()
    throw error
  }
  return {
    problem,
    batchSize: problem.batchSize,
    takeSteps: (first, count) => takeSteps(problem, optimizer, first, count),
    evaluate: (part) =>
      evaluatesElsewhere(optimizer)
        ? optimizer.withEvaluationWeights(() => problem.evaluateElsewhere(part))
        : problem.evaluate(part),
    dispose: () => {
      optimizer.dispose()
      problem.dispose()
    },
  }
}

/** What was compiled of a rule: many runs are made of one. */
const compiled = new WeakMap<RuleInUse['program'], Map<string, Promise<OptimizerFactory>>>()

async function build({ program, settings, target = 'kernels' }: RuleInUse): Promise<tf.Optimizer> {
  const factories = compiled.get(program) ?? new Map<string, Promise<OptimizerFactory>>()
  compiled.set(program, factories)
  const factory = factories.get(target) ?? loadOptimizerFactory(program, target)
  factories.set(target, factory)
  return (await factory)(settings)
}

/** Takes the steps, then reads what came of them: reading makes a graphics card wait. */
async function takeSteps(
  problem: Problem,
  optimizer: tf.Optimizer,
  first: number,
  count: number,
): Promise<StepsTaken> {
  const losses: (tf.Scalar | number)[] = []
  const correct: (tf.Scalar | number)[] = []
  try {
    for (let step = first; step < first + count; step++) {
      const taken = await problem.step(step)
      losses.push(taken.loss)
      if (taken.correct !== undefined) correct.push(taken.correct)
      try {
        tf.tidy(() => optimizer.applyGradients(taken.gradients))
      } finally {
        tf.dispose(taken.gradients)
      }
    }
    return {
      losses: await Promise.all(losses.map(readScalar)),
      correct: await Promise.all(correct.map(readScalar)),
    }
  } finally {
    for (const scalar of [...losses, ...correct]) disposeScalar(scalar)
  }
}
