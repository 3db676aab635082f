// Compiled by optc from ../cautious-adam.opt
import * as tf from '@tensorflow/tfjs-core'

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

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

  private readonly states = createStates('CautiousAdam', ['average', 'average_2', 'share'])

  constructor(options: CautiousAdamOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'beta1', 'beta2', 'epsilon', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.001, CautiousAdam.limits)
    this.beta1 = checked('beta1', given.beta1 ?? 0.9, CautiousAdam.limits)
    this.beta2 = checked('beta2', given.beta2 ?? 0.999, CautiousAdam.limits)
    this.epsilon = checked('epsilon', given.epsilon ?? 1e-8, CautiousAdam.limits)
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

    for (const { w, g } of bindStates(this.states, gradientPairs(gradients))) {
      tf.tidy(() => {
        const average = stateOf(this.states, w, 'average', () => tf.zerosLike(w))
        const average2 = stateOf(this.states, w, 'average_2', () => tf.zerosLike(w))
        const share = stateOf(this.states, w, 'share', () => tf.scalar(0))
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

  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeStates(this.states)
    this.iterations_ = 0
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, CautiousAdam.limits),
      beta1: serialized('beta1', this.beta1, this.totalSteps, CautiousAdam.limits),
      beta2: serialized('beta2', this.beta2, this.totalSteps, CautiousAdam.limits),
      epsilon: serialized('epsilon', this.epsilon, this.totalSteps, CautiousAdam.limits),
      totalSteps: this.totalSteps,
    }
  }
}

tf.serialization.registerClass(CautiousAdam)

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

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

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps(options: { totalSteps?: number | null }): number {
  const steps = options.totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }

  return steps
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

/** The same for an optimizer that has not saved anything. */
function createSavedRun(owner: string): SavedRun {
  return { owner, tensors: new Map() }
}

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

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
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

/** Makes these the states of `w`. */
function giveStates(states: States, w: tf.Variable, entry: VariableStates): VariableStates {
  entry.variable = w
  states.byVariable.set(w, entry)
  return entry
}

/** Throws an Error unless what was saved has the type and the shape of what is wanted. */
function checkKind(name: string, saved: tf.Tensor, wanted: tf.Tensor): void {
  const kindOf = ({ dtype, shape }: tf.Tensor): string => `${dtype} [${shape.join(', ')}]`
  if (kindOf(saved) !== kindOf(wanted)) {
    throw new Error(`${name} was saved as ${kindOf(saved)}; wanted is ${kindOf(wanted)}`)
  }
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

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
type NamedTensor = { name: string; tensor: tf.Tensor }

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

/** Frees all states. What comes later starts anew. */
function disposeStates(states: States): void {
  disposeRun(states.saved)
  for (const entry of states.entries) freeStates(entry)
  states.entries = []
  states.byVariable.clear()
}

/** Frees the tensors. */
function disposeRun({ tensors }: SavedRun): void {
  for (const tensor of tensors.values()) tensor.dispose()
  tensors.clear()
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
