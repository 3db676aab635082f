import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** Options of {@link SignCosine}. */
export interface SignCosineOptions {
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
  static readonly className = 'OptcSignCosine'

  learningRate: Hyperparameter
  readonly totalSteps: number

  constructor(options: SignCosineOptions) {
    super()
    this.totalSteps = requiredSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.001, '(0, inf)', (x) => x > 0 && x < Infinity)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const stepSize = lr * decayCosine(t, T)

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        if (g === null) return

        const update = tf.mul(stepSize, tensorSign(g))
        w.assign(tf.sub(w, update))
      })
    }

    this.incrementIterations()
  }

  override async getWeights(): Promise<NamedTensor[]> {
    return [await this.saveIterations()]
  }

  override async setWeights(weights: NamedTensor[]): Promise<void> {
    await this.extractIterations(weights)
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps),
      totalSteps: this.totalSteps,
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
export function decayCosine(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return (1 + Math.cos((Math.PI * t) / T)) / 2
}

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

/** The option `totalSteps`. Throws a RangeError when it is missing or no whole number. */
function requiredSteps(options: { totalSteps: number } | undefined): number {
  const steps = options?.totalSteps
  if (steps === undefined || !Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `totalSteps is ${steps}; the rule needs the number of steps of the whole run`,
    )
  }

  return steps
}

/** The sign of each element. tf.sign makes 0 of NaN, and on the wasm backend of sizes below 1e-7. */
function tensorSign(x: tf.Tensor): tf.Tensor {
  // So large a multiple of any number but 0 is beyond 1.
  const large = tf.mul(tf.mul(x, 2 ** 126), 2 ** 126)
  return tf.where(tf.isNaN(x), x, tf.clipByValue(large, -1, 1))
}
