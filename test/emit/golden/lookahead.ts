import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** Options of {@link Lookahead}. */
export interface LookaheadOptions {
  /** In (0, inf). 0.1 when not given. */
  lr?: Hyperparameter
  /** In [1, inf). 5 when not given. */
  period?: Hyperparameter
  /** In [0, 1]. 0.5 when not given. */
  share?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * Steps of the gradient that every fifth step go half of the way back to where slow weights stand.
 * Zhang, Lucas, Hinton and Ba, 2019, https://arxiv.org/abs/1907.08610
 *
 * ```
 * fast = w - lr * g
 * meets = mod(t + 1, period) < 1
 * slow = where(meets, slow + share * (fast - slow), slow)
 * w = w - (w - where(meets, slow, fast))
 * ```
 */
export class Lookahead extends tf.Optimizer {
  static readonly className = 'OptcLookahead'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    period: ['[', 1, Infinity, ')'],
    share: ['[', 0, 1, ']'],
  }

  learningRate: Hyperparameter
  period: Hyperparameter
  share: Hyperparameter
  readonly totalSteps: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: LookaheadOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.1, Lookahead.limits)
    this.period = checked('period', options.period ?? 5, Lookahead.limits)
    this.share = checked('share', options.share ?? 0.5, Lookahead.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, Lookahead.limits)
    const period = valueAt('period', this.period, t, T, Lookahead.limits)
    const share = valueAt('share', this.share, t, T, Lookahead.limits)
    const meets = floorModulo(t + 1, period) < 1

    for (const { w, g } of gradientPairs(gradients)) {
      tf.tidy(() => {
        const slow = this.state(`${w.name}/slow`, () => w)
        if (g === null) return

        const fast = tf.sub(w, tf.mul(lr, g))
        if (meets) slow.assign(tf.add(slow, tf.mul(share, tf.sub(fast, slow))))
        const update = tf.sub(w, meets ? slow : fast)
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
      period: serialized('period', this.period, this.totalSteps),
      share: serialized('share', this.share, this.totalSteps),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(Lookahead)

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

/** The remainder of a floored division: it has the sign of the divisor. */
function floorModulo(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}
