// shared.ts: import

/** Options of {@link MomentumSchedule}. */
export interface MomentumScheduleOptions extends StepOptions<'lr' | 'mu'> {
  /** In (0, inf). 0.01 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.99 when not given. */
  mu?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Momentum that grows with the steps, as in NAdam; its product over the run is one number.
 *
 * ```
 * mu_t = mu * (1 - 0.5 * 0.96^(t + 1))
 * mu_next = mu * (1 - 0.5 * 0.96^(t + 2))
 * product = product * mu_t
 * m = mu_t * m + (1 - mu_t) * g
 * w = w - lr * (mu_next / (1 - product * mu_next) * m + (1 - mu_t) / (1 - product) * g)
 * ```
 */
export class MomentumSchedule extends tf.Optimizer {
  static readonly className = 'OptcMomentumSchedule'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    mu: ['[', 0, 1, ')'],
  }

  learningRate: Hyperparameter
  mu: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'mu'>

  private readonly states = createStates('MomentumSchedule', ['m'])
  private run: { product: number }[] = []

  constructor(options: MomentumScheduleOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'mu', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.01, MomentumSchedule.limits)
    this.mu = checked('mu', given.mu ?? 0.99, MomentumSchedule.limits)
    this.steps = createSteps(this.states, given, MomentumSchedule.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const next = [...this.run]
    const isTaken = takeStep(this.steps, gradients, (group, place) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, MomentumSchedule.limits)
      const mu = valueAt('mu', group.mu ?? this.mu, t, T, MomentumSchedule.limits)
      const run = this.run[place] ?? { product: 1 }
      const muT = mu * (1 - 0.5 * 0.96 ** (t + 1))
      const muNext = mu * (1 - 0.5 * 0.96 ** (t + 2))
      const product = run.product * muT
      const mFactor = muNext / (1 - product * muNext)
      const gFactor = (1 - muT) / (1 - product)
      next[place] = { product }

      return ({ w, g }) => {
        const m = stateOf(this.states, w, 'm', () => tf.zerosLike(w))
        if (g === null) return

        m.assign(tf.add(tf.mul(muT, m), tf.mul(1 - muT, g)))
        const update = tf.mul(lr, tf.add(tf.mul(mFactor, m), tf.mul(gFactor, g)))
        w.assign(tf.sub(w, update))
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
    const { iterations, run } = await restoreSteps(this.steps, weights, ['product'])
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
      lr: serialized('lr', this.learningRate, this.totalSteps, MomentumSchedule.limits),
      mu: serialized('mu', this.mu, this.totalSteps, MomentumSchedule.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, MomentumSchedule.limits),
    }
  }
}

tf.serialization.registerClass(MomentumSchedule)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
