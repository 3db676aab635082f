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
  /** Number of steps of the whole run, for hyperparameters that depend on it. */
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

  learningRate: Hyperparameter
  period: Hyperparameter
  share: Hyperparameter
  readonly totalSteps: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: LookaheadOptions = {}) {
    super()
    this.totalSteps = givenSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.1, '(0, inf)', (x) => x > 0 && x < Infinity)
    this.period = checked('period', options.period ?? 5, '[1, inf)', (x) => x >= 1 && x < Infinity)
    this.share = checked('share', options.share ?? 0.5, '[0, 1]', (x) => x >= 0 && x <= 1)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const period = valueAt(this.period, t, T)
    const share = valueAt(this.share, t, T)
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

/** The value of a hyperparameter at step `t` of `T`. */
function valueAt(hyperparameter: Hyperparameter, t: number, T: number): number {
  if (typeof hyperparameter === 'number') return hyperparameter
  if (typeof hyperparameter !== 'function') {
    return hyperparameter[Math.min(t, hyperparameter.length - 1)] ?? NaN
  }

  if (hyperparameter.length > 1 && T === Infinity) {
    throw new Error('a hyperparameter depends on the number of steps: give totalSteps')
  }

  return hyperparameter(t, T)
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

/** The remainder of a floored division: it has the sign of the divisor, also where it is 0. */
function floorModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}
