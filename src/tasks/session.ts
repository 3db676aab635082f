import type * as tf from '@tensorflow/tfjs-core'
import type { LoadedTargetName } from '../emit/loaded-targets.ts'
import type { Program } from '../ir/graph.ts'
import type { OptimizerSettings } from '../runtime/optimizer-factory.ts'
import type { Problem, Score } from './problem.ts'

/** A rule and what its optimizer is built with, for whatever framework a task computes with. */
export interface RuleInUse {
  readonly program: Program
  readonly settings: OptimizerSettings
  /** What TensorFlow.js steps it with; the kernels when absent. */
  readonly target?: LoadedTargetName
}

/** What moves the weights of a run: a rule, or an optimizer of TensorFlow.js, which only its own tasks can be trained with. */
export type Mover = RuleInUse | tf.Optimizer

/** Losses of training steps, and how many of each batch were right where batches are measured by that. */
export interface StepsTaken {
  readonly losses: readonly number[]
  readonly correct: readonly number[]
}

/** The weights of one run, and what moves them. */
export interface TrainingSession {
  /** Examples in a training step. */
  readonly batchSize: number
  /** Takes `count` training steps from step number `first`, from 0. */
  takeSteps(first: number, count: number): Promise<StepsTaken>
  /** The score with the weights that the rule is evaluated with. */
  evaluate(part: 'validation' | 'test'): Promise<Score>
  /** What is trained, where this process has it. */
  readonly problem?: Problem
  dispose(): void
}
