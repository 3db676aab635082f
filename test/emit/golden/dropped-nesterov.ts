import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
export type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** Options of {@link DroppedNesterov}. */
export interface DroppedNesterovOptions {
  /** In (0, inf). 0.05 when not given. */
  lr?: Hyperparameter
  /** In [0, 1]. 0.9 when not given. */
  mu?: Hyperparameter
  /** Number of steps of the whole run. */
  totalSteps: number
  /** Where the random numbers start; 0 when not given. */
  seed?: number
}

/**
 * ```
 * kept = dropout(g, 0.3)
 * velocity = mu * ramp_linear(t) * velocity + kept
 * w = w - lr * (kept + mu * ramp_linear(t) * velocity)
 * ```
 */
export class DroppedNesterov extends tf.Optimizer {
  static readonly className = 'OptcDroppedNesterov'
  private static readonly limits: Limits = {
    lr: ['(', 0, Infinity, ')'],
    mu: ['[', 0, 1, ']'],
  }

  learningRate: Hyperparameter
  mu: Hyperparameter
  readonly totalSteps: number
  readonly seed: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: DroppedNesterovOptions) {
    super()
    this.totalSteps = requiredSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.05, DroppedNesterov.limits)
    this.mu = checked('mu', options.mu ?? 0.9, DroppedNesterov.limits)
    this.seed = options.seed ?? 0
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt('lr', this.learningRate, t, T, DroppedNesterov.limits)
    const mu = valueAt('mu', this.mu, t, T, DroppedNesterov.limits)
    const velocityFactor = mu * rampLinear(t, T)

    for (const [index, { w, g }] of gradientPairs(gradients).entries()) {
      tf.tidy(() => {
        const velocity = this.state(`${w.name}/velocity`, () => tf.zerosLike(w))
        if (g === null) return

        const kept = dropout(g, 0.3, [this.seed, 1, index, t])
        velocity.assign(tf.add(tf.mul(velocityFactor, velocity), kept))
        const update = tf.mul(lr, tf.add(kept, tf.mul(velocityFactor, velocity)))
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
      mu: serialized('mu', this.mu, this.totalSteps),
      totalSteps: this.totalSteps,
      seed: this.seed,
    }
  }
}

tf.serialization.registerClass(DroppedNesterov)

/**
 * A straight line from 0 up to 1.
 *
 * $t / T$. Base a2 of Morgan and Hougen, https://arxiv.org/abs/2404.06679.
 */
export function rampLinear(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return t / T
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

/**
 * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from `stream` (the seed, the place in the rule,
 * the index of the parameter, the step) and the element alone, so that equal runs draw equal numbers.
 */
function dropout(
  x: tf.Tensor,
  rate: number,
  stream: readonly [seed: number, site: number, parameter: number, step: number],
): tf.Tensor {
  const [seed, site, parameter, step] = stream
  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]
  for (const letter of 'dropout') key = threefry(key, letter.charCodeAt(0), 1)
  for (const number of [site, parameter]) key = threefry(key, number, 0)
  const kept = new Uint8Array(x.size)
  const threshold = Math.fround(rate) * 2 ** 24
  for (let element = 0; element < x.size; element++) {
    kept[element] = threefry(key, step, element)[0] >>> 8 >= threshold ? 1 : 0
  }
  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rate), tf.zerosLike(x))
}

/** Two random 32-bit words for a key and a counter: Threefry-2x32-20, Salmon and others, SC 2011. */
function threefry(
  [high, low]: readonly [number, number],
  first: number,
  second: number,
): readonly [number, number] {
  let next = low | 0
  let afterNext = 0x1bd11bda ^ high ^ low
  let last = high | 0
  let a = (first + high) | 0
  let b = (second + low) | 0
  for (let group = 1; group <= 5; group++) {
    const isOdd = group % 2 === 1
    a = (a + b) | 0
    b = rotate(b, isOdd ? 13 : 17) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 15 : 29) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 26 : 16) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 6 : 24) ^ a
    a = (a + next) | 0
    b = (b + afterNext + group) | 0
    const used = next
    next = afterNext
    afterNext = last
    last = used
  }
  return [a >>> 0, b >>> 0]
}

/** The 32-bit word with its bits moved up, those pushed out coming back below. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
