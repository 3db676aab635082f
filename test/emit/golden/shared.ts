import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/**
 * The two weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken, and `OWNER/run`, the
 * numbers it keeps for the whole run, as the bits of 64-bit numbers. The second also tells whose weights these are.
 */
interface SavedRun {
  readonly owner: string
  /** The tensors of the two, once they were saved. */
  readonly tensors: Map<string, tf.Variable>
}

/**
 * The states that an optimizer keeps for each variable it trains. They belong to the variable, whatever its place among the
 * gradients, and go when it is disposed. They are saved as `VARIABLE/STATE`.
 */
interface States {
  readonly saved: SavedRun
  /** The names of the states of one variable. */
  readonly names: readonly string[]
  entries: VariableStates[]
  readonly byVariable: Map<tf.Variable, VariableStates>
  /** Whether there was no step since states were restored. */
  isRestored: boolean
  /** In a step that takes restored states in their order: those that are left. */
  order: VariableStates[] | undefined
}

/** What tells a stream of random numbers from others: the seed, the place in the rule, the parameter's index, the step. */
type Stream = readonly [seed: number, site: number, parameter: number, step: number]

/** The states of one variable. */
interface VariableStates {
  /** Undefined for restored states whose variable has not come yet. */
  variable: tf.Variable | undefined
  /** The name of the variable they were first kept for. */
  readonly savedAs: string
  readonly states: Map<string, tf.Variable>
  /** Restored states that were not asked for yet; undefined where nothing was restored. */
  readonly restored: Map<string, tf.Variable> | undefined
}

/**
 * The gradients of a step, once their variables have the states that were restored for them: those saved under a variable's
 * name, or under one that differs only in the `_1` that layers put behind a name there is already. If no name is known in
 * the first step after states were restored, variables take them in the order they were saved in. Throws an Error where that
 * leaves states over, or where only some are known of the numbers that tfjs gives for names.
 */
function bindStates<Pair extends { readonly w: tf.Variable }>(
  states: States,
  pairs: Pair[],
): Pair[] {
  states.order = undefined
  forgetDisposed(states)
  const waiting = states.entries.filter(({ variable }) => variable === undefined)
  const fresh = pairs.map(({ w }) => w).filter((w) => !states.byVariable.has(w))
  if (waiting.length === 0 || fresh.length === 0) return pairs
  const matches = matchNames(fresh, waiting, new Set(pairs.map(({ w }) => w.name)))
  if (states.isRestored) {
    const left = waiting.filter((entry) => !matches.includes(entry))
    const unknown = fresh.filter((_, index) => matches[index] === undefined)
    const isCounted = (name: string): boolean => /^\d+$/.test(name)
    const isByOrder = left.length === waiting.length
    const isUnclear = isByOrder
      ? left.length > unknown.length
      : unknown.some(({ name }) => isCounted(name)) &&
        left.some((entry) => isCounted(entry.savedAs))
    if (isUnclear) {
      const saved = left.map(({ savedAs }) => savedAs).join(', ')
      const wanted = unknown.map(({ name }) => name).join(', ')
      throw new Error(
        `states were saved for ${saved}; which are for ${wanted} is unclear: give variables names`,
      )
    }
    if (isByOrder) states.order = left
    states.isRestored = false
  }
  fresh.forEach((w, index) => {
    const entry = matches[index]
    if (entry !== undefined) giveStates(states, w, entry)
  })
  return pairs
}

/** Throws an Error unless what was saved has the type and the shape of what is wanted. */
function checkKind(name: string, saved: tf.Tensor, wanted: tf.Tensor): void {
  const kindOf = ({ dtype, shape }: tf.Tensor): string => `${dtype} [${shape.join(', ')}]`
  if (kindOf(saved) !== kindOf(wanted)) {
    throw new Error(`${name} was saved as ${kindOf(saved)}; wanted is ${kindOf(wanted)}`)
  }
}

/**
 * `value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one; a
 * TypeError when it is nothing of the kind.
 */
function checked(name: string, value: Hyperparameter, limits: Limits): Hyperparameter {
  if (typeof value === 'function') return value
  if (!Array.isArray(value)) return within(name, value, limits, false)
  if (value.length === 0) throw new RangeError(`${name} is an empty list`)
  for (const x of value) within(name, x, limits, true)
  return value
}

/** The same for an optimizer that has not saved anything. */
function createSavedRun(owner: string): SavedRun {
  return { owner, tensors: new Map() }
}

/** No states yet, for an optimizer of the class `owner`; each variable will have those of these names. */
function createStates(owner: string, names: readonly string[]): States {
  return {
    saved: createSavedRun(owner),
    names,
    entries: [],
    byVariable: new Map(),
    isRestored: false,
    order: undefined,
  }
}

/** Frees the tensors. */
function disposeRun({ tensors }: SavedRun): void {
  for (const tensor of tensors.values()) tensor.dispose()
  tensors.clear()
}

/** Frees all states. What comes later starts anew. */
function disposeStates(states: States): void {
  disposeRun(states.saved)
  for (const entry of states.entries) freeStates(entry)
  states.entries = []
  states.byVariable.clear()
}

/**
 * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from the stream and the element alone, so that
 * equal runs draw equal numbers.
 */
function dropout(x: tf.Tensor, rate: number, stream: Stream): tf.Tensor {
  const words = streamOf('dropout', stream)
  const kept = new Uint8Array(x.size)
  const rounded = Math.fround(rate)
  const threshold = rounded * 2 ** 24
  for (let element = 0; element < x.size; element++) {
    kept[element] = words(element) >>> 8 >= threshold ? 1 : 0
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

/** Frees the states of variables that are disposed. */
function forgetDisposed(states: States): void {
  for (const [variable, entry] of states.byVariable) {
    if (!isGone(variable)) continue
    freeStates(entry)
    states.byVariable.delete(variable)
    states.entries = states.entries.filter((other) => other !== entry)
  }
}

/** Frees the states of one variable. */
function freeStates({ states, restored }: VariableStates): void {
  for (const state of [...states.values(), ...(restored?.values() ?? [])]) state.dispose()
}

/** Makes these the states of `w`. */
function giveStates(states: States, w: tf.Variable, entry: VariableStates): VariableStates {
  entry.variable = w
  states.byVariable.set(w, entry)
  return entry
}

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps(options: { totalSteps?: number | null }): number {
  const steps = options.totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }

  return steps
}

/** Each variable and its gradient, null where the loss does not depend on it. */
function gradientPairs(
  gradients: tf.NamedTensorMap | NamedTensor[],
): { w: tf.Variable; g: tf.Tensor | null }[] {
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))
  const byName = new Map(named.map(({ name, tensor }) => [name, tensor]))
  const twice = named.find(({ name, tensor }) => byName.get(name) !== tensor)
  if (twice !== undefined) throw new Error(`${twice.name} has two gradients`)
  return Array.from(byName, ([name, tensor]) => {
    const w = tf.engine().registeredVariables[name]
    if (w === undefined) throw new Error(`there is no variable called ${name}`)
    return { w, g: tensor ?? null }
  })
}

/** Saved states by their variable's name and their own. Throws an Error for those that the optimizer cannot take. */
function groupStates(
  states: States,
  named: readonly NamedTensor[],
): Map<string, Map<string, tf.Tensor>> {
  const saved = new Map<string, Map<string, tf.Tensor>>()
  for (const { name, tensor } of named) {
    const end = name.lastIndexOf('/')
    const variable = name.slice(0, Math.max(end, 0))
    const state = name.slice(end + 1)
    if (end < 0 || !states.names.includes(state)) {
      throw new Error(`${name} was saved; ${states.saved.owner} keeps ${states.names.join(', ')}`)
    }
    if (tensor.isDisposed) throw new Error(`the tensor of ${name} is disposed`)
    const group = saved.get(variable) ?? new Map<string, tf.Tensor>()
    if (group.has(state)) throw new Error(`${name} was saved twice`)
    saved.set(variable, group.set(state, tensor))
  }
  forgetDisposed(states)
  for (const [{ name }, entry] of states.byVariable) {
    for (const [state, present] of entry.states) {
      const tensor = saved.get(name)?.get(state)
      if (tensor !== undefined) checkKind(`${name}/${state}`, tensor, present)
    }
  }
  return saved
}

/** The polynomial with these coefficients, the highest power first. */
function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}

/** Whether `x` is in the interval, or where it changes from step to step, at a finite end of it. */
function isWithin(
  x: number,
  [begin, low, high, end]: Limits[string],
  isScheduled: boolean,
): boolean {
  const reachesEnd = isScheduled && Number.isFinite(x)
  const isAbove = x > low || (x === low && (begin === '[' || reachesEnd))
  const isBelow = x < high || (x === high && (end === ']' || reachesEnd))
  return isAbove && isBelow
}

/**
 * The restored states of each variable, undefined where there are none: those of its name, or the only ones of a name that
 * is equal but for a number behind it. No two variables get the same.
 */
function matchNames(
  variables: readonly tf.Variable[],
  waiting: readonly VariableStates[],
  present: ReadonlySet<string>,
): (VariableStates | undefined)[] {
  // Names of layers' weights have slashes. Others that end in numbers are names of their own.
  const plain = (name: string): string => name.replace(/^(.*\/.*)_\d+$/, '$1')
  const isCopy = (a: string, b: string): boolean =>
    plain(a) === b || a === plain(b) || plain(a) === plain(b)
  const found = variables.map(({ name }) => {
    const own = waiting.find(({ savedAs }) => savedAs === name)
    if (own !== undefined) return own
    const like = waiting.filter(({ savedAs }) => !present.has(savedAs) && isCopy(savedAs, name))
    return like.length === 1 ? like[0] : undefined
  })
  return found.map((entry) => (found.filter((e) => e === entry).length === 1 ? entry : undefined))
}

/** The states for a variable without any: the next ones where they go by order, else new ones. */
function nextStates(states: States, w: tf.Variable): VariableStates {
  if (states.order !== undefined) {
    const next = states.order.shift()
    if (next === undefined) {
      throw new Error(`no states were saved for a variable such as ${w.name}: give variables names`)
    }
    return next
  }
  const entry = { variable: w, savedAs: w.name, states: new Map(), restored: undefined }
  states.entries.push(entry)
  return entry
}

/** Standard normal numbers, one for each element of `w`, which follow from the stream and the element alone. */
function normal(w: tf.Tensor, stream: Stream): tf.Tensor {
  const words = streamOf('normal', stream)
  const values = new Float32Array(w.size)
  for (let element = 0; element < values.length; element++) {
    values[element] = normalQuantile(words(element))
  }
  return tf.tensor(values, w.shape)
}

/** The quantile of the normal distribution at (word + 0.5) / 2^32: PPND16, Wichura, 1988, Algorithm AS 241. */
function normalQuantile(word: number): number {
  const q = (word + 0.5) * 2 ** -32 - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    const numerator = horner(
      [
        2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
        13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
      ],
      r,
    )
    const denominator = horner(
      [
        5226.495278852855, 28729.085735721943, 39307.89580009271, 21213.794301586597,
        5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
      ],
      r,
    )
    return (q * numerator) / denominator
  }
  const r = Math.sqrt(tailLogarithm(q < 0 ? word : 2 ** 32 - 1 - word)) - 1.6
  const numerator = horner(
    [
      7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
      3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
    ],
    r,
  )
  const denominator = horner(
    [
      1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008,
      0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
    ],
    r,
  )
  return (Math.sign(q) * numerator) / denominator
}

/**
 * The options of a class; a number is the learning rate, as in tf.train. Throws a TypeError for what is neither, and for an
 * option that is none of `names`; a RangeError for a seed that is no whole number.
 */
function optionsOf<Options extends object>(
  options: Options | number,
  names: readonly string[],
): Options {
  if (typeof options === 'number' && names.includes('lr')) return { lr: options } as Options
  const given: unknown = options ?? {}
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`the options must be an object with some of ${names.join(', ')}`)
  }
  for (const name of Object.keys(given)) {
    // A loaded model adds its custom objects. One seed is given to several rules, also to those that draw nothing.
    if (!names.includes(name) && name !== 'customObjects' && name !== 'seed') {
      throw new TypeError(`there is no option ${name}; there are ${names.join(', ')}`)
    }
  }
  if ('seed' in given && given.seed !== undefined && !Number.isSafeInteger(given.seed)) {
    throw new RangeError(`seed is ${String(given.seed)}; it must be a whole number`)
  }
  return given as Options
}

/** The polynomial with these coefficients, lowest power first, by Horner's rule. */
function polynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))
}

/**
 * The steps, the `length` numbers of the run and the states in the weights of an optimizer of the class `owner`; 0 steps and
 * nothing else in none. Throws an Error for those of another class, or with another number of numbers.
 */
async function readWeights(
  owner: string,
  weights: readonly NamedTensor[],
  length: number,
): Promise<{ iterations: number; run: number[]; states: NamedTensor[] }> {
  const [iter, second, ...others] = weights
  if (iter === undefined) return { iterations: 0, run: [], states: [] }
  if (iter.name !== 'iter' || iter.tensor.size !== 1) {
    throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)
  }
  // Classes without numbers of the run used to save no second weight. States are never integers.
  const isRun = second?.tensor.dtype === 'int32' && second.name.endsWith('/run')
  const saver = isRun ? second.name.slice(0, -'/run'.length) : owner
  if (saver !== owner) {
    throw new Error(`these weights were saved by ${saver}; ${owner} cannot take them`)
  }
  const count = isRun ? second.tensor.size / 2 : 0
  if (count !== length) {
    throw new Error(`${count} numbers of the run were saved; ${owner} keeps ${length}`)
  }
  const [iterations = NaN] = await iter.tensor.data()
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new RangeError(`iter is ${iterations}; it must be a number of steps`)
  }
  const run = isRun ? new Float64Array((await second.tensor.data()).slice().buffer) : []
  return { iterations, run: [...run], states: isRun ? others : weights.slice(1) }
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

/** The steps and the `length` numbers of what `saveRun` gave. Throws an Error for the weights of anything else. */
async function restoreRun(
  { owner }: SavedRun,
  weights: readonly NamedTensor[],
  length = 0,
): Promise<{ iterations: number; run: number[] }> {
  const { states, ...numbers } = await readWeights(owner, weights, length)
  const [first] = states
  if (first !== undefined) {
    throw new Error(`${first.name} was saved; ${owner} keeps no states of variables`)
  }
  return numbers
}

/**
 * Takes copies of what `saveStates` gave in the place of what there is; gives the steps and the `length` numbers of the run.
 * Throws an Error, and changes nothing, for weights of another class or shape.
 */
async function restoreStates(
  states: States,
  weights: readonly NamedTensor[],
  length = 0,
): Promise<{ iterations: number; run: number[] }> {
  const { states: named, ...numbers } = await readWeights(states.saved.owner, weights, length)
  const saved = groupStates(states, named)
  const entries = Array.from(saved, ([savedAs, tensors]): VariableStates => {
    const copies = Array.from(tensors, ([name, x]) => [name, tf.variable(x, false)] as const)
    return { variable: undefined, savedAs, states: new Map(), restored: new Map(copies) }
  })
  disposeStates(states)
  states.entries = entries
  states.isRestored = true
  return numbers
}

/** The 32-bit word with its bits moved up, those pushed out coming back below. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** The two weights. The tensors stay the optimizer's: the next call changes them, `disposeRun` frees them. */
function saveRun(
  { owner, tensors }: SavedRun,
  iterations: number,
  run: readonly number[] = [],
): NamedTensor[] {
  const keep = (name: string, value: tf.Tensor): NamedTensor => {
    let tensor = tensors.get(name)
    if (tensor === undefined || isGone(tensor)) tensor = tf.variable(value, false)
    else tensor.assign(value)
    tensors.set(name, tensor)
    return { name, tensor }
  }
  return tf.tidy(() => [
    keep('iter', tf.scalar(iterations, 'int32')),
    keep(`${owner}/run`, tf.tensor1d(new Int32Array(new Float64Array(run).buffer), 'int32')),
  ])
}

/** The weights of the run, then all states. The tensors stay the optimizer's: steps change them. */
function saveStates(
  states: States,
  iterations: number,
  run: readonly number[] = [],
): NamedTensor[] {
  forgetDisposed(states)
  const named = states.entries.flatMap(({ variable, savedAs, ...entry }) =>
    [...entry.states, ...(entry.restored ?? [])].map(([name, tensor]) => ({
      name: `${variable?.name ?? savedAs}/${name}`,
      tensor,
    })),
  )
  return [...saveRun(states.saved, iterations, run), ...named]
}

/**
 * A hyperparameter as JSON can hold it and the constructor takes it: of a function, its values at every step; a number at
 * an end of its interval as a list. Throws as `valueAt` does, and an Error for a function without a number of steps.
 */
function serialized(
  name: string,
  value: Hyperparameter,
  T: number,
  limits: Limits,
): number | number[] {
  if (typeof value === 'function') {
    if (T === Infinity)
      throw new Error(`${name} is a function: to save its values, give totalSteps`)
    return Array.from({ length: T }, (_, t) => valueAt(name, value, t, T, limits))
  }

  if (Array.isArray(value)) return value.map((x) => within(name, x, limits, true))
  const x = within(name, value, limits, true)
  const limit = limits[name]
  return limit === undefined || isWithin(x, limit, false) ? x : [x]
}

/**
 * The state `name` of `w`, which starts as `initial()`. Throws an Error when a restored one has another shape, or when it was
 * disposed from outside.
 */
function stateOf(
  states: States,
  w: tf.Variable,
  name: string,
  initial: () => tf.Tensor,
): tf.Variable {
  const entry = states.byVariable.get(w) ?? giveStates(states, w, nextStates(states, w))
  let state = entry.states.get(name)
  if (state === undefined) {
    const start = initial()
    if (entry.restored === undefined) {
      state = tf.variable(start, false)
    } else {
      const place = `${entry.savedAs}/${name}`
      state = entry.restored.get(name)
      if (state === undefined)
        throw new Error(`${place} was not saved; ${states.saved.owner} wants it`)
      checkKind(entry.savedAs === w.name ? place : `${place}, for ${w.name},`, state, start)
      entry.restored.delete(name)
    }
    entry.states.set(name, state)
  }
  if (isGone(state))
    throw new Error(`the state ${name} of ${w.name} was disposed; getWeights does not give copies`)
  return state
}

/** A random 32-bit word for each element, from the stream of that name. */
function streamOf(
  name: string,
  [seed, site, parameter, step]: Stream,
): (element: number) => number {
  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]
  for (const letter of name) key = threefry(key, letter.charCodeAt(0), 1)
  for (const number of [site, parameter]) key = threefry(key, number, 0)
  return (element) => threefry(key, step, element)[0]
}

/** -log((word + 0.5) / 2^32), the same in every JavaScript engine, which `Math.log` is not. */
function tailLogarithm(word: number): number {
  const halves = 2 * word + 1
  let exponent = 32 - Math.clz32(halves)
  let factor = halves / 2 ** exponent
  if (factor < Math.SQRT1_2) {
    factor *= 2
    exponent -= 1
  }
  const s = (factor - 1) / (factor + 1)
  let sum = 0
  for (let power = 19; power > 0; power -= 2) sum = sum * s * s + 1 / power
  return (33 - exponent) * Math.LN2 - 2 * s * sum
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

/**
 * The euclidean norm of all elements, or over some axes, which it keeps; unlike in tf.norm, squares neither overflow nor
 * vanish.
 */
function tensorNorm(x: tf.Tensor, axes?: number[]): tf.Tensor {
  const keepsAxes = axes !== undefined
  const largest = tf.max(tf.abs(x), axes, keepsAxes)
  const isUsable = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest))
  const unit = tf.where(isUsable, largest, 1)
  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)), axes, keepsAxes)))
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

/**
 * The value of a hyperparameter at step `t` of `T`. Throws a RangeError where it is outside its interval, a TypeError where
 * it is no number, an Error where it depends on a `T` that is not given.
 */
function valueAt(
  name: string,
  hyperparameter: Hyperparameter,
  t: number,
  T: number,
  limits: Limits,
): number {
  const value =
    typeof hyperparameter === 'function'
      ? hyperparameter(t, T === Infinity ? NaN : T)
      : Array.isArray(hyperparameter)
        ? hyperparameter[Math.min(t, hyperparameter.length - 1)]
        : hyperparameter
  if (Number.isNaN(value) && T === Infinity) {
    throw new Error(
      `${name} is no number at step ${t}; if it depends on the number of steps, give totalSteps`,
    )
  }

  return within(name, value, limits, true)
}

/**
 * `x` itself. Throws a TypeError when it is no number, a RangeError when it is outside the interval that `name` has. What
 * changes from step to step may reach finite ends of it: a learning rate warms up from 0.
 */
function within(name: string, x: unknown, limits: Limits, isScheduled: boolean): number {
  if (typeof x !== 'number') {
    throw new TypeError(
      `${name} must be a number, a function or a list of numbers; it is of type ${typeof x}`,
    )
  }

  const limit = limits[name]
  if (limit !== undefined && !isWithin(x, limit, isScheduled)) {
    const [begin, low, high, end] = limit
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
  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeStates(this.states)
    this.iterations_ = 0
  }

  /** The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    return saveStates(this.states, this.iterations)
  }

  /**
   * Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for
   * weights of another class.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { iterations } = await restoreStates(this.states, weights)
    this.iterations_ = iterations
  }
}

class Stateless extends tf.Optimizer {
  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeRun(this.saved)
    this.iterations_ = 0
  }

  /** The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    return saveRun(this.saved, this.iterations)
  }

  /**
   * Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for
   * weights of another class.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { iterations } = await restoreRun(this.saved, weights)
    this.iterations_ = iterations
  }
}
