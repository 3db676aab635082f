import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** Options of {@link Trust}. */
export interface TrustOptions {
  /** In (0, inf). 0.1 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.9 when not given. */
  beta?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * A step as long as a share of the parameter, with the average of what the gradient's norm was.
 *
 * ```
 * average = beta * average + (1 - beta) * norm(g)
 * scale = where(average > 0, norm(w) / average, 1)
 * w = w - (lr * scale * g + lr * 0.1 * previous_last)
 * previous_last = g
 * ```
 */
export class Trust extends tf.Optimizer {
  static readonly className = 'OptcTrust'

  learningRate: Hyperparameter
  beta: Hyperparameter
  readonly totalSteps: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: TrustOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.1, '(0, inf)', (x) => x > 0 && x < Infinity)
    this.beta = checked('beta', options.beta ?? 0.9, '[0, 1)', (x) => x >= 0 && x < 1)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const beta = valueAt(this.beta, t, T)

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        const average = this.state(`${w.name}/average`, () => tf.scalar(0))
        const previousLast = this.state(`${w.name}/previous_last`, () => tf.zerosLike(w))
        if (g === null) return

        average.assign(tf.add(tf.mul(beta, average), tf.mul(1 - beta, tensorNorm(g))))
        const scale = tensorWhere(tf.greater(average, 0), tf.div(tensorNorm(w), average), 1)
        const update = tf.add(tf.mul(tf.mul(lr, scale), g), tf.mul(lr * 0.1, previousLast))
        previousLast.assign(g)
        w.assign(tf.sub(w, update))
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
      beta: serialized('beta', this.beta, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(Trust)

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

/** The euclidean norm of all elements; unlike in tf.norm, squares neither overflow nor vanish. */
function tensorNorm(x: tf.Tensor): tf.Tensor {
  const largest = tf.max(tf.abs(x))
  const isUsable = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest))
  const unit = tf.where(isUsable, largest, 1)
  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)))))
}

/** `a` where the condition holds, else `b`. Numbers are spread out first, which tf.where is slow at on the wasm backend. */
function tensorWhere(
  condition: tf.Tensor,
  a: tf.Tensor | number,
  b: tf.Tensor | number,
): tf.Tensor {
  const spread = (x: tf.Tensor | number): tf.Tensor =>
    typeof x === 'number' ? tf.fill(condition.shape, x) : x
  return tf.where(condition, spread(a), spread(b))
}
