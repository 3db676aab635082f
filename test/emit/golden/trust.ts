// shared.ts: import

/** Options of {@link Trust}. */
export interface TrustOptions extends StepOptions<'lr' | 'beta'> {
  /** In (0, inf). 0.1 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.9 when not given. */
  beta?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * A step as long as a share of the parameter, with the average of what the gradient's norm was.
 *
 * ```
 * average = beta * average + (1 - beta) * norm(g)
 * scale = where(average > 0, norm(w) / average, 1)
 * w = w - (lr * scale * g + lr * 0.1 * previous_last)
 * previous_last = g
 * ```
 */
export class Trust extends tf.Optimizer {
  static readonly className = 'OptcTrust'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    beta: ['[', 0, 1, ')'],
  }

  learningRate: Hyperparameter
  beta: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'beta'>

  private readonly states = createStates('Trust', ['average', 'previous_last'])

  constructor(options: TrustOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'beta', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.1, Trust.limits)
    this.beta = checked('beta', given.beta ?? 0.9, Trust.limits)
    this.steps = createSteps(this.states, given, Trust.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, Trust.limits)
      const beta = valueAt('beta', group.beta ?? this.beta, t, T, Trust.limits)

      return ({ w, g }) => {
        const average = stateOf(this.states, w, 'average', () => tf.scalar(0))
        const previousLast = stateOf(this.states, w, 'previous_last', () => tf.zerosLike(w))
        if (g === null) return

        average.assign(tf.add(tf.mul(beta, average), tf.mul(1 - beta, tensorNorm(g))))
        const scale = tensorWhere(tf.greater(average, 0), tf.div(tensorNorm(w), average), 1)
        const update = tf.add(tf.mul(tf.mul(lr, scale), g), tf.mul(lr * 0.1, previousLast))
        previousLast.assign(g)
        w.assign(tf.sub(w, update))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, Trust.limits),
      beta: serialized('beta', this.beta, this.totalSteps, Trust.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, Trust.limits),
    }
  }
}

tf.serialization.registerClass(Trust)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, tensorNorm, tensorWhere, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
