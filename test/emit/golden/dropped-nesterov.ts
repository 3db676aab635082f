// shared.ts: import

/** Options of {@link DroppedNesterov}. */
export interface DroppedNesterovOptions extends StepOptions<'lr' | 'mu'> {
  /** In (0, inf). 0.05 when not given. */
  lr?: Hyperparameter
  /** In [0, 1]. 0.9 when not given. */
  mu?: Hyperparameter
  /** Number of steps of the whole run. */
  totalSteps: number
  /** Where the random numbers start; 0 when not given. */
  seed?: number
}

/**
 * ```
 * kept = dropout(g, 0.3)
 * velocity = mu * ramp_linear(t) * velocity + kept
 * w = w - lr * (kept + mu * ramp_linear(t) * velocity)
 * ```
 */
export class DroppedNesterov extends tf.Optimizer {
  static readonly className = 'Optcdropped.nesterov'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    mu: ['[', 0, 1, ']'],
  }

  learningRate: Hyperparameter
  mu: Hyperparameter
  readonly totalSteps: number
  readonly seed: number
  readonly steps: Steps<'lr' | 'mu'>

  private readonly states = createStates('DroppedNesterov', ['velocity'])

  constructor(options: DroppedNesterovOptions) {
    super()
    const given = optionsOf(options, ['lr', 'mu', 'totalSteps', 'seed'])
    this.totalSteps = requiredSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.05, DroppedNesterov.limits)
    this.mu = checked('mu', given.mu ?? 0.9, DroppedNesterov.limits)
    this.seed = given.seed ?? 0
    this.steps = createSteps(this.states, given, DroppedNesterov.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, DroppedNesterov.limits)
      const mu = valueAt('mu', group.mu ?? this.mu, t, T, DroppedNesterov.limits)
      const velocityFactor = mu * rampLinear(t, T)

      return ({ w, g, index }) => {
        const velocity = stateOf(this.states, w, 'velocity', () => tf.zerosLike(w))
        if (g === null) return

        const kept = dropout(g, 0.3, [this.seed, 1, index, t])
        velocity.assign(tf.add(tf.mul(velocityFactor, velocity), kept))
        const update = tf.mul(lr, tf.add(kept, tf.mul(velocityFactor, velocity)))
        w.assign(tf.sub(w, update))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, DroppedNesterov.limits),
      mu: serialized('mu', this.mu, this.totalSteps, DroppedNesterov.limits),
      totalSteps: this.totalSteps,
      seed: this.seed,
      ...serializedSteps(this.steps, this.totalSteps, DroppedNesterov.limits),
    }
  }
}

tf.serialization.registerClass(DroppedNesterov)

/**
 * A straight line from 0 up to 1.
 *
 * $t / T$. Base a2 of Morgan and Hougen, https://arxiv.org/abs/2404.06679.
 */
function rampLinear(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return t / T
}

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, requiredSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, dropout, Stream, streamOf, streamKey, threefry, rotate, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
