// shared.ts: import

/** Options of {@link Lookahead}. */
export interface LookaheadOptions extends StepOptions<'lr' | 'period' | 'share'> {
  /** In (0, inf). 0.1 when not given. */
  lr?: Hyperparameter
  /** In [1, inf). 5 when not given. */
  period?: Hyperparameter
  /** In [0, 1]. 0.5 when not given. */
  share?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Steps of the gradient that every fifth step go half of the way back to where slow weights stand.
 * Zhang, Lucas, Hinton and Ba, 2019, https://arxiv.org/abs/1907.08610
 *
 * ```
 * fast = w - lr * g
 * meets = mod(t + 1, period) < 1
 * slow = where(meets, slow + share * (fast - slow), slow)
 * w = w - (w - where(meets, slow, fast))
 * ```
 */
export class Lookahead extends tf.Optimizer {
  static readonly className = 'OptcLookahead'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    period: ['[', 1, Infinity, ')'],
    share: ['[', 0, 1, ']'],
  }

  learningRate: Hyperparameter
  period: Hyperparameter
  share: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'period' | 'share'>

  private readonly states = createStates('Lookahead', ['slow'])

  constructor(options: LookaheadOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'period', 'share', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.1, Lookahead.limits)
    this.period = checked('period', given.period ?? 5, Lookahead.limits)
    this.share = checked('share', given.share ?? 0.5, Lookahead.limits)
    this.steps = createSteps(this.states, given, Lookahead.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, Lookahead.limits)
      const period = valueAt('period', group.period ?? this.period, t, T, Lookahead.limits)
      const share = valueAt('share', group.share ?? this.share, t, T, Lookahead.limits)
      const meets = floorModulo(t + 1, period) < 1

      return ({ w, g }) => {
        const slow = stateOf(this.states, w, 'slow', () => w)
        if (g === null) return

        const fast = tf.sub(w, tf.mul(lr, g))
        if (meets) slow.assign(tf.add(slow, tf.mul(share, tf.sub(fast, slow))))
        const update = tf.sub(w, meets ? slow : fast)
        w.assign(tf.sub(w, update))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, Lookahead.limits),
      period: serialized('period', this.period, this.totalSteps, Lookahead.limits),
      share: serialized('share', this.share, this.totalSteps, Lookahead.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, Lookahead.limits),
    }
  }
}

tf.serialization.registerClass(Lookahead)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, floorModulo, stateOf, isGone, nextStates, giveStates, checkKind, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
