// shared.ts: import

/** Options of {@link MatrixDecay}. */
export interface MatrixDecayOptions extends StepOptions<'lr' | 'mu' | 'weightDecay'> {
  /** In (0, inf). 0.01 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.9 when not given. */
  mu?: Hyperparameter
  /** In [0, inf). 0.01 when not given. */
  weightDecay?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Momentum for matrices, with weight decay and a step of constant norm; the sign of the gradient for all else.
 *
 * ```
 * if rank(w) >= 2
 *   velocity = mu * velocity + g
 *   direction = velocity / (norm(velocity) + 1e-12) * sqrt(fan_in(w))
 *   w = w - lr * (direction + weight_decay * w)
 * else
 *   steps = steps + 1
 *   w = w - lr * steps / (steps + 10) * sign(g)
 * ```
 */
export class MatrixDecay extends tf.Optimizer {
  static readonly className = 'OptcMatrixDecay'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    mu: ['[', 0, 1, ')'],
    weightDecay: ['[', 0, Infinity, ')'],
  }

  learningRate: Hyperparameter
  mu: Hyperparameter
  weightDecay: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'mu' | 'weightDecay'>

  private readonly states = createStates('MatrixDecay', ['velocity'])
  private run: { steps: number }[] = []

  constructor(options: MatrixDecayOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'mu', 'weightDecay', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.01, MatrixDecay.limits)
    this.mu = checked('mu', given.mu ?? 0.9, MatrixDecay.limits)
    this.weightDecay = checked('weightDecay', given.weightDecay ?? 0.01, MatrixDecay.limits)
    this.steps = createSteps(this.states, given, MatrixDecay.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const next = [...this.run]
    const isTaken = takeStep(this.steps, gradients, (group, place) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, MatrixDecay.limits)
      const mu = valueAt('mu', group.mu ?? this.mu, t, T, MatrixDecay.limits)
      const weightDecay = valueAt(
        'weightDecay',
        group.weightDecay ?? this.weightDecay,
        t,
        T,
        MatrixDecay.limits,
      )
      const run = this.run[place] ?? { steps: 0 }
      const steps = run.steps + 1
      const stepSize = (lr * steps) / (steps + 10)
      next[place] = { steps }

      return ({ w, g }) => {
        if (w.rank >= 2) {
          const velocity = stateOf(this.states, w, 'velocity', () => tf.zerosLike(w))
          if (g === null) return

          velocity.assign(tf.add(tf.mul(mu, velocity), g))
          const direction = tf.mul(
            tf.div(velocity, tf.add(tensorNorm(velocity), 1e-12)),
            Math.sqrt(w.rank < 2 ? w.size : w.size / (w.shape.at(-1) ?? 1)),
          )
          const update = tf.mul(lr, tf.add(direction, tf.mul(weightDecay, w)))
          w.assign(tf.sub(w, update))
        } else {
          if (g === null) return

          const update = tf.mul(stepSize, tensorSign(g))
          w.assign(tf.sub(w, update))
        }
      }
    })
    if (!isTaken) return
    this.run = next
    this.incrementIterations()
  }

  /** The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    return saveSteps(this.steps, this.iterations, this.run)
  }

  /**
   * Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for
   * weights of another class.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { iterations, run } = await restoreSteps(this.steps, weights, ['steps'])
    this.iterations_ = iterations
    this.run = run
  }

  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeSteps(this.steps)
    this.iterations_ = 0
    this.run = []
  }

  // Optimizer of shared.ts: unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, MatrixDecay.limits),
      mu: serialized('mu', this.mu, this.totalSteps, MatrixDecay.limits),
      weightDecay: serialized('weightDecay', this.weightDecay, this.totalSteps, MatrixDecay.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, MatrixDecay.limits),
    }
  }
}

tf.serialization.registerClass(MatrixDecay)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, tensorNorm, tensorSign, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
