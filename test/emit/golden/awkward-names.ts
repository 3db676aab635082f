// shared.ts: import, Hyperparameter

/** Options of {@link States}. */
export interface StatesOptions {
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
export class States extends tf.Optimizer {
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

  // Stateful of shared.ts: states
  // Stateful of shared.ts: restored

  constructor(options: StatesOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.1, States.limits)
    this.disposeValue = checked('dispose', options.dispose ?? 0.5, States.limits)
    this.totalStepsValue = checked('totalStepsValue', options.totalStepsValue ?? 2, States.limits)
    this.className = checked('className', options.className ?? 1, States.limits)
    this.beta1 = checked('beta1', options.beta1 ?? 0.9, States.limits)
    this.beta1Value = checked('beta1Value', options.beta1Value ?? 0.8, States.limits)
    this.name = checked('name', options.name ?? 1, States.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, States.limits)
    const dispose = valueAt('dispose', this.disposeValue, t, T, States.limits)
    const totalStepsValue = valueAt('totalStepsValue', this.totalStepsValue, t, T, States.limits)
    const className = valueAt('className', this.className, t, T, States.limits)
    const beta1 = valueAt('beta1', this.beta1, t, T, States.limits)
    const beta1Value = valueAt('beta1Value', this.beta1Value, t, T, States.limits)
    const name = valueAt('name', this.name, t, T, States.limits)

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        const class2 = this.state(`${w.name}/class`, () => tf.zerosLike(w))
        const update = this.state(`${w.name}/update_`, () => tf.onesLike(w))
        if (g === null) return

        const tf2 = tf.mul(dispose, g)
        const w2 = tf.mul(tf2, totalStepsValue)
        class2.assign(tf.add(tf.mul(beta1, class2), tf.mul(beta1Value * name, w2)))
        update.assign(tf.add(update, tf.mul(class2, className)))
        const update2 = tf.mul(lr, tf.add(class2, tf.mul(0.1, update)))
        w.assign(tf.sub(w, update2))
      })
    }

    this.incrementIterations()
  }

  // Stateful of shared.ts: state

  override async getWeights(): Promise<NamedTensor[]> {
    return [
      await this.saveIterations(),
      ...Array.from(this.states, ([name, tensor]) => ({ name, tensor })),
      ...this.restored,
    ]
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const states = await this.extractIterations(weights)
    const restored = states.map(({ name, tensor }) => ({
      name,
      tensor: tf.variable(tensor, false),
    }))
    this.dispose()
    this.restored = restored
  }

  // Stateful of shared.ts: dispose

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps),
      dispose: serialized('dispose', this.disposeValue, this.totalSteps),
      totalStepsValue: serialized('totalStepsValue', this.totalStepsValue, this.totalSteps),
      className: serialized('className', this.className, this.totalSteps),
      beta1: serialized('beta1', this.beta1, this.totalSteps),
      beta1Value: serialized('beta1Value', this.beta1Value, this.totalSteps),
      name: serialized('name', this.name, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(States)

// shared.ts: Limits, NamedTensor, gradientPairs, valueAt, checked, within, serialized, givenSteps
