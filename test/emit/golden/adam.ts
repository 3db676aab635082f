// shared.ts: import

/** Options of {@link Adam}. */
export interface AdamOptions extends StepOptions<'lr' | 'beta1' | 'beta2' | 'epsilon'> {
  /** In (0, inf). 0.001 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.9 when not given. */
  beta1?: Hyperparameter
  /** In [0, 1). 0.999 when not given. */
  beta2?: Hyperparameter
  /** Keeps the division away from 0. In [0, inf). 1e-8 when not given. */
  epsilon?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Adam. Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980
 *
 * Default values follow the paper.
 *
 * ```
 * m = beta1 * m + (1 - beta1) * g
 * v = beta2 * v + (1 - beta2) * square(g)
 * m_hat = m / (1 - beta1^(t + 1))
 * v_hat = v / (1 - beta2^(t + 1))
 * w = w - lr * m_hat / (sqrt(v_hat) + epsilon)
 * ```
 */
export class Adam extends tf.Optimizer {
  static readonly className = 'OptcAdam'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    beta1: ['[', 0, 1, ')'],
    beta2: ['[', 0, 1, ')'],
    epsilon: ['[', 0, Infinity, ')'],
  }

  learningRate: Hyperparameter
  beta1: Hyperparameter
  beta2: Hyperparameter
  epsilon: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'beta1' | 'beta2' | 'epsilon'>

  private readonly states = createStates('Adam', ['m', 'v'])

  constructor(options: AdamOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'beta1', 'beta2', 'epsilon', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.001, Adam.limits)
    this.beta1 = checked('beta1', given.beta1 ?? 0.9, Adam.limits)
    this.beta2 = checked('beta2', given.beta2 ?? 0.999, Adam.limits)
    this.epsilon = checked('epsilon', given.epsilon ?? 1e-8, Adam.limits)
    this.steps = createSteps(this.states, given, Adam.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, Adam.limits)
      const beta1 = valueAt('beta1', group.beta1 ?? this.beta1, t, T, Adam.limits)
      const beta2 = valueAt('beta2', group.beta2 ?? this.beta2, t, T, Adam.limits)
      const epsilon = valueAt('epsilon', group.epsilon ?? this.epsilon, t, T, Adam.limits)
      const beta1Correction = 1 - beta1 ** (t + 1)
      const beta2Correction = 1 - beta2 ** (t + 1)

      return ({ w, g }) => {
        const m = stateOf(this.states, w, 'm', () => tf.zerosLike(w))
        const v = stateOf(this.states, w, 'v', () => tf.zerosLike(w))
        if (g === null) return

        m.assign(tf.add(tf.mul(beta1, m), tf.mul(1 - beta1, g)))
        v.assign(tf.add(tf.mul(beta2, v), tf.mul(1 - beta2, tf.square(g))))
        const mHat = tf.div(m, beta1Correction)
        const vHat = tf.div(v, beta2Correction)
        const update = tf.div(tf.mul(lr, mHat), tf.add(tf.sqrt(vHat), epsilon))
        w.assign(tf.sub(w, update))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, Adam.limits),
      beta1: serialized('beta1', this.beta1, this.totalSteps, Adam.limits),
      beta2: serialized('beta2', this.beta2, this.totalSteps, Adam.limits),
      epsilon: serialized('epsilon', this.epsilon, this.totalSteps, Adam.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, Adam.limits),
    }
  }
}

tf.serialization.registerClass(Adam)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
