import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

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
  static readonly className = 'OptcStates'

  learningRate: Hyperparameter
  disposeValue: Hyperparameter
  totalStepsValue: Hyperparameter
  className: Hyperparameter
  beta1: Hyperparameter
  beta1Value: Hyperparameter
  name: Hyperparameter
  readonly totalSteps: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: StatesOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.1, '(-inf, inf)', Number.isFinite)
    this.disposeValue = checked('dispose', options.dispose ?? 0.5, '(-inf, inf)', Number.isFinite)
    this.totalStepsValue = checked(
      'totalStepsValue',
      options.totalStepsValue ?? 2,
      '(-inf, inf)',
      Number.isFinite,
    )
    this.className = checked('className', options.className ?? 1, '(-inf, inf)', Number.isFinite)
    this.beta1 = checked('beta1', options.beta1 ?? 0.9, '(-inf, inf)', Number.isFinite)
    this.beta1Value = checked(
      'beta1Value',
      options.beta1Value ?? 0.8,
      '(-inf, inf)',
      Number.isFinite,
    )
    this.name = checked('name', options.name ?? 1, '(-inf, inf)', Number.isFinite)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const dispose = valueAt(this.disposeValue, t, T)
    const totalStepsValue = valueAt(this.totalStepsValue, t, T)
    const className = valueAt(this.className, t, T)
    const beta1 = valueAt(this.beta1, t, T)
    const beta1Value = valueAt(this.beta1Value, t, T)
    const name = valueAt(this.name, t, T)

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
