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
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
  }

  learningRate: Hyperparameter
  readonly totalSteps: number

  constructor(options: SignCosineOptions) {
    super()
    this.totalSteps = requiredSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.001, SignCosine.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, SignCosine.limits)
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

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

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

/**
 * The value of a hyperparameter at step `t` of `T`. Throws a RangeError where it is outside its interval, an Error where it
 * depends on a `T` that is not given.
 */
function valueAt(
  name: string,
  hyperparameter: Hyperparameter,
  t: number,
  T: number,
  limits: Limits,
): number {
  const value =
    typeof hyperparameter === 'number'
      ? hyperparameter
      : typeof hyperparameter === 'function'
        ? hyperparameter(t, T === Infinity ? NaN : T)
        : (hyperparameter[Math.min(t, hyperparameter.length - 1)] ?? NaN)
  if (Number.isNaN(value) && T === Infinity) {
    throw new Error(
      `${name} is no number at step ${t}; if it depends on the number of steps, give totalSteps`,
    )
  }

  return within(name, value, limits, true)
}

/** `value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one. */
function checked(name: string, value: Hyperparameter, limits: Limits): Hyperparameter {
  if (typeof value === 'function') return value
  if (typeof value === 'number') return within(name, value, limits, false)
  if (value.length === 0) throw new RangeError(`${name} is an empty list`)
  for (const x of value) within(name, x, limits, true)
  return value
}

/**
 * `x` itself. Throws a RangeError when it is outside the interval that `name` has. What changes from step to step may
 * reach finite ends of it: a learning rate warms up from 0.
 */
function within(name: string, x: number, limits: Limits, isScheduled: boolean): number {
  const limit = limits[name]
  if (limit === undefined) return x
  const [begin, low, high, end] = limit
  const reachesEnd = isScheduled && Number.isFinite(x)
  const isAbove = x > low || (x === low && (begin === '[' || reachesEnd))
  const isBelow = x < high || (x === high && (end === ']' || reachesEnd))
  if (!isAbove || !isBelow) {
    const interval = `${begin}${low}, ${high}${end}`.replaceAll('Infinity', 'inf')
    throw new RangeError(`${name} is ${x}; it must be in ${interval}`)
  }

  return x
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
