// shared.ts: import, Hyperparameter

/** Options of {@link MomentumSchedule}. */
export interface MomentumScheduleOptions {
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

  private product = 1
  // Stateful of shared.ts: states
  // Stateful of shared.ts: restored

  constructor(options: MomentumScheduleOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.01, MomentumSchedule.limits)
    this.mu = checked('mu', options.mu ?? 0.99, MomentumSchedule.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, MomentumSchedule.limits)
    const mu = valueAt('mu', this.mu, t, T, MomentumSchedule.limits)
    const muT = mu * (1 - 0.5 * 0.96 ** (t + 1))
    const muNext = mu * (1 - 0.5 * 0.96 ** (t + 2))
    const product = this.product * muT
    const mFactor = muNext / (1 - product * muNext)
    const gFactor = (1 - muT) / (1 - product)

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        const m = this.state(`${w.name}/m`, () => tf.zerosLike(w))
        if (g === null) return

        m.assign(tf.add(tf.mul(muT, m), tf.mul(1 - muT, g)))
        const update = tf.mul(lr, tf.add(tf.mul(mFactor, m), tf.mul(gFactor, g)))
        w.assign(tf.sub(w, update))
      })
    }

    this.product = product
    this.incrementIterations()
  }

  // Stateful of shared.ts: state

  override async getWeights(): Promise<NamedTensor[]> {
    return [
      await this.saveIterations(),
      { name: 'MomentumSchedule/run', tensor: toBits([this.product]) },
      ...Array.from(this.states, ([name, tensor]) => ({ name, tensor })),
      ...this.restored,
    ]
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const [run, ...states] = await this.extractIterations(weights)
    if (run) [this.product = this.product] = await fromBits(run.tensor)
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
      mu: serialized('mu', this.mu, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(MomentumSchedule)

// shared.ts: Limits, NamedTensor, gradientPairs, valueAt, checked, within, serialized, givenSteps, toBits, fromBits
