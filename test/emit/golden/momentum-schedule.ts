import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

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

  learningRate: Hyperparameter
  mu: Hyperparameter
  readonly totalSteps: number

  private product = 1
  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: MomentumScheduleOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.01, '(0, inf)', (x) => x > 0 && x < Infinity)
    this.mu = checked('mu', options.mu ?? 0.99, '[0, 1)', (x) => x >= 0 && x < 1)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const mu = valueAt(this.mu, t, T)
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

  /**
   * The variable called `name`. Restored ones are taken in the order they were saved in: a loaded model
   * may call its weights differently.
   */
  private state(name: string, initial: () => tf.Tensor): tf.Variable {
    let variable = this.states.get(name)
    if (variable === undefined) {
      variable = this.restored.shift()?.tensor ?? tf.variable(initial(), false)
      this.states.set(name, variable)
    }

    return variable
  }

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

  override dispose(): void {
    super.dispose()
    for (const variable of this.states.values()) variable.dispose()
    for (const { tensor } of this.restored) tensor.dispose()
    this.states.clear()
    this.restored = []
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps),
      mu: serialized('mu', this.mu, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(MomentumSchedule)

/** A weight or gradient, as tf.Optimizer takes and gives them. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/** The variables and their gradients, null for a variable the loss does not depend on. */
function gradientPairs(
  gradients: tf.NamedTensorMap | NamedTensor[],
): { w: tf.Variable; g: tf.Tensor | null }[] {
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))
  return named.map(({ name, tensor }) => {
    const w = tf.engine().registeredVariables[name]
    if (w === undefined) throw new Error(`there is no variable called ${name}`)
    return { w, g: tensor ?? null }
  })
}

/** The value of a hyperparameter at step `t` of `T`. Throws where it depends on a `T` that is not given. */
function valueAt(hyperparameter: Hyperparameter, t: number, T: number): number {
  if (typeof hyperparameter === 'number') return hyperparameter
  if (typeof hyperparameter !== 'function') {
    return hyperparameter[Math.min(t, hyperparameter.length - 1)] ?? NaN
  }

  if (T !== Infinity) return hyperparameter(t, T)
  const value = hyperparameter(t, NaN)
  if (Number.isNaN(value)) {
    throw new Error('a hyperparameter depends on the number of steps: give totalSteps')
  }

  return value
}

/** `value` itself. Throws a RangeError when it is a number outside the interval. */
function checked(
  name: string,
  value: Hyperparameter,
  interval: string,
  holds: (x: number) => boolean,
): Hyperparameter {
  if (typeof value === 'number' && !holds(value)) {
    throw new RangeError(`${name} is ${value}; it must be in ${interval}`)
  }

  return value
}

/** A hyperparameter as JSON can hold it: of a function, its values at every step. */
function serialized(name: string, value: Hyperparameter, T: number): number | number[] {
  if (typeof value === 'number') return value
  if (typeof value !== 'function') return [...value]
  if (T === Infinity) throw new Error(`${name} is a function: to save its values, give totalSteps`)
  return Array.from({ length: T }, (_, t) => value(t, T))
}

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps(options: { totalSteps?: number | null }): number {
  const steps = options.totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }

  return steps
}

/** Numbers as a tensor that holds all of their 64 bits. */
function toBits(values: number[]): tf.Tensor1D {
  return tf.tensor1d(new Int32Array(new Float64Array(values).buffer), 'int32')
}

/** The numbers in a tensor that `toBits` made. */
async function fromBits(tensor: tf.Tensor): Promise<Float64Array> {
  return new Float64Array((await tensor.data()).slice().buffer)
}
