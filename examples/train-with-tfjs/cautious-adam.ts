// Compiled by optc from cautious-adam.opt
import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** Options of {@link CautiousAdam}. */
export interface CautiousAdamOptions {
  /** The learning rate, a number or a schedule. In (0, inf). 0.001 when not given. */
  lr?: Hyperparameter
  /** In [0, 1). 0.9 when not given. */
  beta1?: Hyperparameter
  /** In [0, 1). 0.999 when not given. */
  beta2?: Hyperparameter
  /** In [0, inf). 1e-8 when not given. */
  epsilon?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Adam that only moves weights whose step agrees with their gradient, and by the more the fewer
 * they are.
 *
 * $u = \hat m / (\sqrt{\hat v} + \epsilon)$
 * $w \leftarrow w - \eta \, u [u g > 0] / \overline{[u g > 0]}$
 *
 * Source: Liang, Chen, Liu and Liu, 2024, Cautious Optimizers, https://arxiv.org/abs/2411.16085;
 * here divided by the mean share of weights that moved so far, not by that of this step alone.
 *
 * ```
 * average = beta1 * average + (1 - beta1) * g
 * average_2 = beta2 * average_2 + (1 - beta2) * square(g)
 * step = average / (1 - beta1^(t + 1)) / (sqrt(average_2 / (1 - beta2^(t + 1))) + epsilon)
 * agrees = where(step * g > 0, 1, 0)
 * share = share + (mean(agrees) - share) / (t + 1)
 * w = w - lr * step * agrees / max(share, 0.001)
 * ```
 */
export class CautiousAdam extends tf.Optimizer {
  static readonly className = 'OptcCautiousAdam'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    beta1: ['[', 0, 1, ')'],
    beta2: ['[', 0, 1, ')'],
    epsilon: ['[', 0, Infinity, ')'],
  }

  learningRate: Hyperparameter
  beta1: Hyperparameter
  beta2: Hyperparameter
  epsilon: Hyperparameter
  readonly totalSteps: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: CautiousAdamOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.001, CautiousAdam.limits)
    this.beta1 = checked('beta1', options.beta1 ?? 0.9, CautiousAdam.limits)
    this.beta2 = checked('beta2', options.beta2 ?? 0.999, CautiousAdam.limits)
    this.epsilon = checked('epsilon', options.epsilon ?? 1e-8, CautiousAdam.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, CautiousAdam.limits)
    const beta1 = valueAt('beta1', this.beta1, t, T, CautiousAdam.limits)
    const beta2 = valueAt('beta2', this.beta2, t, T, CautiousAdam.limits)
    const epsilon = valueAt('epsilon', this.epsilon, t, T, CautiousAdam.limits)
    const beta1Correction = 1 - beta1 ** (t + 1)
    const beta2Correction = 1 - beta2 ** (t + 1)

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        const average = this.state(`${w.name}/average`, () => tf.zerosLike(w))
        const average2 = this.state(`${w.name}/average_2`, () => tf.zerosLike(w))
        const share = this.state(`${w.name}/share`, () => tf.scalar(0))
        if (g === null) return

        average.assign(tf.add(tf.mul(beta1, average), tf.mul(1 - beta1, g)))
        average2.assign(tf.add(tf.mul(beta2, average2), tf.mul(1 - beta2, tf.square(g))))
        const step = tf.div(
          tf.div(average, beta1Correction),
          tf.add(tf.sqrt(tf.div(average2, beta2Correction)), epsilon),
        )
        const agrees = tensorWhere(tf.greater(tf.mul(step, g), 0), 1, 0)
        share.assign(tf.add(share, tf.div(tf.sub(tf.mean(agrees), share), t + 1)))
        const update = tf.div(tf.mul(tf.mul(lr, step), agrees), tf.maximum(share, 0.001))
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
      beta1: serialized('beta1', this.beta1, this.totalSteps),
      beta2: serialized('beta2', this.beta2, this.totalSteps),
      epsilon: serialized('epsilon', this.epsilon, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(CautiousAdam)

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

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps(options: { totalSteps?: number | null }): number {
  const steps = options.totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }

  return steps
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
