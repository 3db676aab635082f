// shared.ts: import

/** Options of {@link Averaged}. */
export interface AveragedOptions extends StepOptions<'lr' | 'decay'> {
  /** In (0, inf). 0.1 when not given. */
  lr?: Hyperparameter
  /** In (0, 1). 0.99 when not given. */
  decay?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Momentum, evaluated with a running mean of the matrices' weights.
 *
 * ```
 * velocity = 0.9 * velocity + g
 * step = lr * velocity
 * if rank(w) >= 2
 *   average = decay * average + (1 - decay) * (w - step)
 *   w = w - step
 *   evaluate = average / (1 - decay^(t + 1))
 * else
 *   w = w - step
 * ```
 */
export class Averaged extends tf.Optimizer {
  static readonly className = 'OptcAveraged'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    decay: ['(', 0, 1, ')'],
  }

  learningRate: Hyperparameter
  decay: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'decay'>

  private readonly states = createStates('Averaged', ['velocity', 'average'])
  private readonly evaluation: Evaluation<'lr' | 'decay'>

  constructor(options: AveragedOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'decay', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.1, Averaged.limits)
    this.decay = checked('decay', given.decay ?? 0.99, Averaged.limits)
    this.steps = createSteps(this.states, given, Averaged.limits)
    this.evaluation = createEvaluation(this, this.steps, (group) => {
      const t = this.iterations - 1
      const T = this.totalSteps
      const decay = valueAt('decay', group.decay ?? this.decay, t, T, Averaged.limits)
      const decayCorrection = 1 - decay ** (t + 1)
      return (w) => {
        if (w.rank >= 2) {
          const average = stateOf(this.states, w, 'average', () => tf.zerosLike(w))
          return tf.div(average, decayCorrection)
        } else {
          return w
        }
      }
    })
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    refuseSwapped(this.evaluation)
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, Averaged.limits)
      const decay = valueAt('decay', group.decay ?? this.decay, t, T, Averaged.limits)

      return ({ w, g }) => {
        if (g === null) return
        const velocity = stateOf(this.states, w, 'velocity', () => tf.zerosLike(w))
        if (w.rank >= 2) {
          const average = stateOf(this.states, w, 'average', () => tf.zerosLike(w))

          velocity.assign(tf.add(tf.mul(0.9, velocity), g))
          const step = tf.mul(lr, velocity)
          average.assign(tf.add(tf.mul(decay, average), tf.mul(1 - decay, tf.sub(w, step))))
          w.assign(tf.sub(w, step))
        } else {
          velocity.assign(tf.add(tf.mul(0.9, velocity), g))
          const step = tf.mul(lr, velocity)
          w.assign(tf.sub(w, step))
        }
      }
    })
    if (isTaken) this.incrementIterations()
  }

  /**
   * The weights to evaluate, save and ship a model with: a new tensor for each variable that was trained, or for each of
   * `variables`. The tensors are the caller's: dispose of them. Throws an Error inside `withEvaluationWeights`.
   */
  evaluationWeights(variables?: readonly { name: string }[]): NamedTensor[] {
    return evaluationWeights(this.evaluation, variables)
  }

  /**
   * What `f` gives, or resolves to, with `evaluationWeights` in the place of the weights. Whatever becomes of `f`, the
   * weights are put back. Steps inside `f` are errors, and so are calls of this inside it.
   */
  withEvaluationWeights<Result>(f: () => Result, variables?: readonly { name: string }[]): Result {
    return withEvaluationWeights(this.evaluation, f, variables)
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, Averaged.limits),
      decay: serialized('decay', this.decay, this.totalSteps, Averaged.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, Averaged.limits),
    }
  }
}

tf.serialization.registerClass(Averaged)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, valueAt, refuseSwapped, Evaluation, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, createEvaluation, evaluationWeights, trainedVariables, withEvaluationWeights, registeredVariable, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
