// shared.ts: import

/** Options of {@link States2}. */
export interface States2Options extends StepOptions<
  'lr' | 'dispose' | 'totalStepsValue' | 'className' | 'beta1' | 'beta1Value' | 'name'
> {
  /** 0.1 when not given. */
  lr?: Hyperparameter
  /** 0.5 when not given. */
  dispose?: Hyperparameter
  /** 2 when not given. */
  totalStepsValue?: Hyperparameter
  /** 1 when not given. */
  className?: Hyperparameter
  /** 0.9 when not given. */
  beta1?: Hyperparameter
  /** 0.8 when not given. */
  beta1Value?: Hyperparameter
  /** 1 when not given. */
  name?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Names that the emitted class has of its own, comment ends *\/ included.
 *
 * ```
 * tf = dispose * g
 * w_ = tf * total_steps
 * class = beta_1 * class + beta1 * name * w_
 * update_ = update_ + class * className
 * w = w - lr * (class + 0.1 * update_)
 * ```
 */
export class States2 extends tf.Optimizer {
  static readonly className = 'Optcstates'
  private static readonly limits: Limits = {
    lr: ['(', -Infinity, Infinity, ')'],
    dispose: ['(', -Infinity, Infinity, ')'],
    totalStepsValue: ['(', -Infinity, Infinity, ')'],
    className: ['(', -Infinity, Infinity, ')'],
    beta1: ['(', -Infinity, Infinity, ')'],
    beta1Value: ['(', -Infinity, Infinity, ')'],
    name: ['(', -Infinity, Infinity, ')'],
  }

  learningRate: Hyperparameter
  disposeValue: Hyperparameter
  totalStepsValue: Hyperparameter
  className: Hyperparameter
  beta1: Hyperparameter
  beta1Value: Hyperparameter
  name: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<
    'lr' | 'dispose' | 'totalStepsValue' | 'className' | 'beta1' | 'beta1Value' | 'name'
  >

  private readonly states = createStates('States2', ['class', 'update_'])

  constructor(options: States2Options | number = {}) {
    super()
    const given = optionsOf(options, [
      'lr',
      'dispose',
      'totalStepsValue',
      'className',
      'beta1',
      'beta1Value',
      'name',
      'totalSteps',
    ])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.1, States2.limits)
    this.disposeValue = checked('dispose', given.dispose ?? 0.5, States2.limits)
    this.totalStepsValue = checked('totalStepsValue', given.totalStepsValue ?? 2, States2.limits)
    this.className = checked('className', given.className ?? 1, States2.limits)
    this.beta1 = checked('beta1', given.beta1 ?? 0.9, States2.limits)
    this.beta1Value = checked('beta1Value', given.beta1Value ?? 0.8, States2.limits)
    this.name = checked('name', given.name ?? 1, States2.limits)
    this.steps = createSteps(this.states, given, States2.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, States2.limits)
      const dispose = valueAt('dispose', group.dispose ?? this.disposeValue, t, T, States2.limits)
      const totalStepsValue = valueAt(
        'totalStepsValue',
        group.totalStepsValue ?? this.totalStepsValue,
        t,
        T,
        States2.limits,
      )
      const className = valueAt(
        'className',
        group.className ?? this.className,
        t,
        T,
        States2.limits,
      )
      const beta1 = valueAt('beta1', group.beta1 ?? this.beta1, t, T, States2.limits)
      const beta1Value = valueAt(
        'beta1Value',
        group.beta1Value ?? this.beta1Value,
        t,
        T,
        States2.limits,
      )
      const name = valueAt('name', group.name ?? this.name, t, T, States2.limits)

      return ({ w, g }) => {
        const class2 = stateOf(this.states, w, 'class', () => tf.zerosLike(w))
        const update = stateOf(this.states, w, 'update_', () => tf.onesLike(w))
        if (g === null) return

        const tf2 = tf.mul(dispose, g)
        const w2 = tf.mul(tf2, totalStepsValue)
        class2.assign(tf.add(tf.mul(beta1, class2), tf.mul(beta1Value * name, w2)))
        update.assign(tf.add(update, tf.mul(class2, className)))
        const update2 = tf.mul(lr, tf.add(class2, tf.mul(0.1, update)))
        w.assign(tf.sub(w, update2))
      }
    })
    if (isTaken) this.incrementIterations()
  }

  // Optimizer of shared.ts: getWeights, setWeights, dispose, unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, States2.limits),
      dispose: serialized('dispose', this.disposeValue, this.totalSteps, States2.limits),
      totalStepsValue: serialized(
        'totalStepsValue',
        this.totalStepsValue,
        this.totalSteps,
        States2.limits,
      ),
      className: serialized('className', this.className, this.totalSteps, States2.limits),
      beta1: serialized('beta1', this.beta1, this.totalSteps, States2.limits),
      beta1Value: serialized('beta1Value', this.beta1Value, this.totalSteps, States2.limits),
      name: serialized('name', this.name, this.totalSteps, States2.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, States2.limits),
    }
  }
}

tf.serialization.registerClass(States2)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, valueAt, takeStep, NamedTensor, gradientPairs, Gradient, StepRule, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, saveSteps, saveRun, saveStates, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
