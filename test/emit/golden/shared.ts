import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

/** A weight or gradient, as tf.Optimizer takes and gives them. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/** `value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one. */
function checked(name: string, value: Hyperparameter, limits: Limits): Hyperparameter {
  if (typeof value === 'function') return value
  if (typeof value === 'number') return within(name, value, limits, false)
  if (value.length === 0) throw new RangeError(`${name} is an empty list`)
  for (const x of value) within(name, x, limits, true)
  return value
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

/** The error function, by its series: every term is positive, so no digits are lost. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** The complement of the error function, by its continued fraction where it is small. */
function erfc(x: number): number {
  if (x < 2) return 1 - erf(x)
  let fraction = x
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}

/** The remainder of a floored division: it has the sign of the divisor, also where it is 0. */
function floorModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

/** The numbers in a tensor that `toBits` made. */
async function fromBits(tensor: tf.Tensor): Promise<Float64Array> {
  return new Float64Array((await tensor.data()).slice().buffer)
}

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps(options: { totalSteps?: number | null }): number {
  const steps = options.totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }

  return steps
}

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

/** The polynomial with these coefficients, lowest power first, by Horner's rule. */
function polynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))
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

/** The 32-bit word with its bits moved up, those pushed out coming back below. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** A hyperparameter as JSON can hold it: of a function, its values at every step. */
function serialized(name: string, value: Hyperparameter, T: number): number | number[] {
  if (typeof value === 'number') return value
  if (typeof value !== 'function') return [...value]
  if (T === Infinity) throw new Error(`${name} is a function: to save its values, give totalSteps`)
  return Array.from({ length: T }, (_, t) => value(t, T))
}

/** x + 1e-7 with the rest of 1e-7 that 32 bits do not hold, which counts where the sum is close to 0. */
function tensorAddEpsilon(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.add(x, 1e-7), 1e-7 - Math.fround(1e-7))
}

/** The modified Bessel function of order 1 times exp(-|x|), to about 1e-6. */
function tensorBesselI1e(x: tf.Tensor): tf.Tensor {
  const near = [
    0.5, 0.0625, 0.00260416667, 5.42534705e-5, 6.78168786e-7, 5.6513539e-9, 3.36432736e-11,
    1.49971724e-13, 5.28123932e-16, 1.31398209e-18, 4.77702796e-21,
  ]
  const far = [
    0.398942279, -0.149601922, -0.0469237957, -0.0333099554, -0.212271133, 1.45001833, -7.5975669,
    10.5454645,
  ]
  const size = tf.abs(x)
  const close = tf.minimum(size, 6)
  const small = tf.mul(tf.mul(x, polynomial(tf.square(close), near)), tf.exp(tf.neg(close)))
  const distant = tf.reciprocal(tf.maximum(size, 6))
  const large = tf.mul(tf.sign(x), tf.mul(tf.sqrt(distant), polynomial(distant, far)))
  return tf.where(tf.less(size, 6), small, large)
}

/** x limited to [-|bound|, |bound|]. */
function tensorClip(x: tf.Tensor | number, bound: tf.Tensor | number): tf.Tensor {
  const limit = tf.abs(bound)
  return tensorMinimum(tf.maximum(x, tf.neg(limit)), limit)
}

/** a / sqrt(1 + b^2), also where b^2 overflows. */
function tensorDamp(a: tf.Tensor | number, b: tf.Tensor): tf.Tensor {
  const size = tf.abs(b)
  const root = tf.sqrt(tf.add(1, tf.square(tf.minimum(size, 1e9))))
  return tf.div(a, tf.maximum(root, size))
}

/**
 * The larger of two: NaN if either is, and 0 rather than -0. On some backends tf.maximum drops a `b` that is NaN, and takes
 * `a` of two zeros.
 */
function tensorMaximum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const larger = tf.maximum(a, b)
  if (typeof b !== 'number') return tf.add(larger, zeroLike(b))
  return Math.abs(b) > 0 ? larger : tf.add(larger, b)
}

/** The smaller of two: NaN if either is, and -0 rather than 0. */
function tensorMinimum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  if (typeof b === 'number' && Math.abs(b) > 0) return tf.minimum(a, b)
  const negated = (x: tf.Tensor | number): tf.Tensor | number =>
    typeof x === 'number' ? -x : tf.neg(x)
  return tf.neg(tensorMaximum(negated(a), negated(b)))
}

/** The euclidean norm of all elements; unlike in tf.norm, squares neither overflow nor vanish. */
function tensorNorm(x: tf.Tensor): tf.Tensor {
  const largest = tf.max(tf.abs(x))
  const isUsable = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest))
  const unit = tf.where(isUsable, largest, 1)
  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)))))
}

/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which tf.pow does not promise on every backend. */
function tensorPower(base: tf.Tensor | number, exponent: tf.Tensor | number): tf.Tensor {
  const endless = tf.equal(tf.abs(exponent), Infinity)
  const isOne = tf.logicalOr(tf.equal(base, 1), tf.logicalAnd(tf.equal(base, -1), endless))
  const power = tf.pow(base, exponent)
  return tf.where(isOne, tf.onesLike(power), power)
}

/** The sign of each element. tf.sign makes 0 of NaN, and on the wasm backend of sizes below 1e-7. */
function tensorSign(x: tf.Tensor): tf.Tensor {
  // So large a multiple of any number but 0 is beyond 1.
  const large = tf.mul(tf.mul(x, 2 ** 126), 2 ** 126)
  return tf.where(tf.isNaN(x), x, tf.clipByValue(large, -1, 1))
}

/** x / (1 + |x|). */
function tensorSoftsign(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.add(1, tf.abs(x)))
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

/** Numbers as a tensor that holds all of their 64 bits. */
function toBits(values: number[]): tf.Tensor1D {
  return tf.tensor1d(new Int32Array(new Float64Array(values).buffer), 'int32')
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

/** NaN where x is, else the zero of its sign. */
function zeroLike(x: tf.Tensor): tf.Tensor {
  return tf.mul(0, tf.maximum(tf.minimum(x, 1), -1))
}

class Stateful extends tf.Optimizer {
  override dispose(): void {
    super.dispose()
    for (const variable of this.states.values()) variable.dispose()
    for (const { tensor } of this.restored) tensor.dispose()
    this.states.clear()
    this.restored = []
  }

  private restored: { name: string; tensor: tf.Variable }[] = []

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

  private readonly states: Map<string, tf.Variable> = new Map()
}

class Stateless extends tf.Optimizer {

}
