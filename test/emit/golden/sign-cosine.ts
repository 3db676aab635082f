// shared.ts: import

/** Options of {@link SignCosine}. */
export interface SignCosineOptions extends StepOptions<'lr'> {
  /** The learning rate. In (0, inf). 0.001 when not given. */
  lr?: Hyperparameter
  /** Number of steps of the whole run. */
  totalSteps: number
}

/**
 * ```
 * w = w - lr * decay_cosine(t) * sign(g)
 * ```
 */
export class SignCosine extends tf.Optimizer {
  static readonly className = 'Optcsign.cosine'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
  }

  learningRate: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr'>

  private readonly states = createStates('SignCosine', [])

  constructor(options: SignCosineOptions) {
    super()
    const given = optionsOf(options, ['lr', 'totalSteps'])
    this.totalSteps = requiredSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.001, SignCosine.limits)
    this.steps = createSteps(this.states, given, SignCosine.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, SignCosine.limits)
      const stepSize = lr * decayCosine(t, T)

      return ({ w, g }) => {
        if (g === null) return

        const update = tf.mul(stepSize, tensorSign(g))
        w.assign(tf.sub(w, update))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, SignCosine.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, SignCosine.limits),
    }
  }
}

tf.serialization.registerClass(SignCosine)

/**
 * Half a cosine wave from 1 down to 0.
 *
 * $(1 + \cos(\pi t / T)) / 2$. Loshchilov and Hutter, 2016, https://arxiv.org/abs/1608.03983; base a3 of Morgan and
 * Hougen, https://arxiv.org/abs/2404.06679.
 */
function decayCosine(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return (1 + Math.cos((Math.PI * t) / T)) / 2
}

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, requiredSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, tensorSign, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, stateOf, isGone, nextStates, giveStates, checkKind, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
