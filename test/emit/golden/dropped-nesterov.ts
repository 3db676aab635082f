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

  learningRate: Hyperparameter
  mu: Hyperparameter
  readonly totalSteps: number
  readonly seed: number

  private readonly states: Map<string, tf.Variable> = new Map()
  private restored: { name: string; tensor: tf.Variable }[] = []

  constructor(options: DroppedNesterovOptions) {
    super()
    this.totalSteps = requiredSteps(options)
    this.learningRate = checked('lr', options.lr ?? 0.05, '(0, inf)', (x) => x > 0 && x < Infinity)
    this.mu = checked('mu', options.mu ?? 0.9, '[0, 1]', (x) => x >= 0 && x <= 1)
    this.seed = options.seed ?? 0
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const lr = valueAt(this.learningRate, t, T)
    const mu = valueAt(this.mu, t, T)
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
  const rounded = Math.fround(rate)
  const threshold = rounded * 2 ** 24
  for (let element = 0; element < x.size; element++) {
    kept[element] = threefry(key, step, element)[0] >>> 8 >= threshold ? 1 : 0
  }
  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rounded), tf.zerosLike(x))
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
