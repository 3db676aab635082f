// Compiled by optc from ../cautious-adam.opt
import * as tf from '@tensorflow/tfjs-core'

/** Options of {@link CautiousAdam}. */
export interface CautiousAdamOptions extends StepOptions<'lr' | 'beta1' | 'beta2' | 'epsilon'> {
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
  readonly steps: Steps<'lr' | 'beta1' | 'beta2' | 'epsilon'>

  private readonly states = createStates('CautiousAdam', ['average', 'average_2', 'share'])

  constructor(options: CautiousAdamOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'beta1', 'beta2', 'epsilon', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 0.001, CautiousAdam.limits)
    this.beta1 = checked('beta1', given.beta1 ?? 0.9, CautiousAdam.limits)
    this.beta2 = checked('beta2', given.beta2 ?? 0.999, CautiousAdam.limits)
    this.epsilon = checked('epsilon', given.epsilon ?? 1e-8, CautiousAdam.limits)
    this.steps = createSteps(this.states, given, CautiousAdam.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const isTaken = takeStep(this.steps, gradients, (group) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, CautiousAdam.limits)
      const beta1 = valueAt('beta1', group.beta1 ?? this.beta1, t, T, CautiousAdam.limits)
      const beta2 = valueAt('beta2', group.beta2 ?? this.beta2, t, T, CautiousAdam.limits)
      const epsilon = valueAt('epsilon', group.epsilon ?? this.epsilon, t, T, CautiousAdam.limits)
      const beta1Correction = 1 - beta1 ** (t + 1)
      const beta2Correction = 1 - beta2 ** (t + 1)

      return ({ w, g }) => {
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
      }
    })
    if (isTaken) this.incrementIterations()
  }

  /** The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    return saveSteps(this.steps, this.iterations)
  }

  /**
   * Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for
   * weights of another class.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { iterations } = await restoreSteps(this.steps, weights)
    this.iterations_ = iterations
  }

  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeSteps(this.steps)
    this.iterations_ = 0
  }

  /**
   * The names of variables that no group has, and what groups match that no variable has: names, RegExps, and the places
   * of functions. Of the variables of all steps so far when none are given.
   */
  unmatched(variables: readonly NamedShape[] = [...this.steps.seen.values()]): {
    variables: string[]
    matches: string[]
  } {
    return unmatchedBy(this.steps.groups, variables)
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, CautiousAdam.limits),
      beta1: serialized('beta1', this.beta1, this.totalSteps, CautiousAdam.limits),
      beta2: serialized('beta2', this.beta2, this.totalSteps, CautiousAdam.limits),
      epsilon: serialized('epsilon', this.epsilon, this.totalSteps, CautiousAdam.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, CautiousAdam.limits),
    }
  }
}

tf.serialization.registerClass(CautiousAdam)

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** What every optimizer can be told about its steps, beside the hyperparameters of its rule. */
interface StepOptions<Name extends string> {
  /** Variables with hyperparameters of their own; the first group that matches a variable has it. */
  groups?: readonly Group<Name>[]
  /**
   * What to do when a gradient holds NaN or an infinite number: `keep` it, which is the default, `skip` the step and count
   * it, or `throw` an Error. The last two read all gradients before anything is changed.
   */
  onNonFinite?: 'keep' | 'skip' | 'throw'
  /** The number of calls whose mean gradient makes one update, 1 when not given; `totalSteps` counts updates. */
  accumulate?: number
}

/** Hyperparameters for the variables that `match`; the others are those of the optimizer. */
type Group<Name extends string> = { match: Match } & Partial<Record<Name, Hyperparameter>>

/**
 * Which variables a group has: those whose name fits the RegExp or is in the list, or for which the function is true. Lists
 * and RegExps also have names without the `_1` that layers put behind one there is already.
 */
type Match =
  RegExp | readonly string[] | ((name: string, shape: readonly (number | null)[]) => boolean)

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

/** What an optimizer knows of its steps. */
interface Steps<Name extends string> {
  readonly states: States
  readonly groups: readonly Group<Name>[]
  readonly onNonFinite: 'keep' | 'skip' | 'throw'
  readonly accumulate: number
  /** The sums of the gradients since the last update, and of how many calls they are. */
  readonly sums: States
  pending: number
  /** The calls that were left out for a gradient that was not finite. */
  skipped: number
  /** The variables of all updates so far, by their names. */
  readonly seen: Map<string, NamedShape>
}

/** What tells a group whether a variable is one of its own. */
type NamedShape = { name: string; shape: readonly (number | null)[] }

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

/**
 * The weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken; `OWNER/run`, the numbers
 * it keeps for the whole run, as the bits of 64-bit numbers, which also tells whose weights these are; and `OWNER/calls`, what
 * it has counted of calls, unless that is nothing.
 */
interface SavedRun {
  readonly owner: string
  /** Their tensors, once they were saved. */
  readonly tensors: Map<string, tf.Variable>
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
 * The options of a class; a number is the learning rate, as in tf.train. Throws a TypeError for what is neither, and for an
 * option that is neither one of its `own` nor of all classes; a RangeError for a seed that is no whole number.
 */
function optionsOf<Options extends object>(
  options: Options | number,
  own: readonly string[],
): Options {
  const names = [...own, 'groups', 'onNonFinite', 'accumulate']
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

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
function givenSteps({ totalSteps }: { totalSteps?: number | null }): number {
  // JSON has null for the Infinity of a saved optimizer.
  const steps = totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }
  return steps
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
 * What an optimizer with these states and limits knows before its first step. Throws a TypeError or a RangeError for what an
 * option cannot be.
 */
function createSteps<Name extends string>(
  states: States,
  { groups = [], onNonFinite = 'keep', accumulate = 1 }: StepOptions<Name>,
  limits: Limits,
): Steps<Name> {
  if (!Array.isArray(groups)) throw new TypeError('groups must be a list')
  if (!['keep', 'skip', 'throw'].includes(onNonFinite)) {
    throw new TypeError(`onNonFinite is ${String(onNonFinite)}; it must be keep, skip or throw`)
  }
  if (!Number.isSafeInteger(accumulate) || accumulate < 1) {
    throw new RangeError(`accumulate is ${String(accumulate)}; it must be a positive whole number`)
  }
  return {
    states,
    groups: groups.map((group, index) => checkedGroup<Name>(group, `groups[${index}]`, limits)),
    onNonFinite,
    accumulate,
    // No state of a rule can be called g.
    sums: createStates(states.saved.owner, ['g']),
    pending: 0,
    skipped: 0,
    seen: new Map(),
  }
}

/** A copy of the group. Throws a TypeError for what is none, a RangeError for values outside their intervals. */
function checkedGroup<Name extends string>(
  group: unknown,
  place: string,
  limits: Limits,
): Group<Name> {
  const { match: given, ...own } = (group ?? {}) as { match?: unknown }
  const match = restoredMatch(given)
  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''
  const isList = Array.isArray(match) && match.length > 0 && match.every(isName)
  if (typeof match !== 'function' && !(match instanceof RegExp) && !isList) {
    throw new TypeError(`${place}.match must be a RegExp, a list of names or a function`)
  }
  const names = Object.keys(limits)
  for (const [name, value] of Object.entries<Hyperparameter | undefined>(own)) {
    if (!names.includes(name)) {
      throw new TypeError(`${place} has no ${name}; there are match, ${names.join(', ')}`)
    }
    if (value !== undefined) checked(name, value, limits)
  }
  return { ...own, match } as Group<Name>
}

/** What `savedMatch` made of a list or a RegExp as it was; anything else as it is. */
function restoredMatch(match: unknown): unknown {
  const nameIn = (x: unknown): unknown => (x instanceof Object && 'name' in x ? x.name : x)
  if (Array.isArray(match)) return match.map(nameIn)
  if (typeof match === 'function' || !(match instanceof Object && 'name' in match)) return match
  return new RegExp(String(match.name), (match as { flags?: string }).flags)
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
 * Takes a step unless it is left out or gradients are still added up, and says whether it did. Nothing is changed before
 * `prepare` was called for the optimizer's hyperparameters and those of each group.
 */
function takeStep<Name extends string>(
  steps: Steps<Name>,
  gradients: tf.NamedTensorMap | NamedTensor[],
  prepare: PrepareStep<Name, StepRule>,
): boolean {
  const pairs = gradientPairs(gradients)
  if (leavesOut(steps, pairs) || addsUp(steps, pairs)) return false
  const rules = preparedFor(steps, prepare)
  for (const { w, index, place, mean } of readyVariables(steps, pairs)) {
    tf.tidy(() => rules[place]!({ w, g: mean(), index }))
  }
  endStep(steps)
  return true
}

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/** The gradients of a call, each variable once. Throws an Error for a gradient that is not one of its variable. */
function gradientPairs(gradients: tf.NamedTensorMap | NamedTensor[]): Gradient[] {
  const named = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))
  // A layer that stands twice in a model has its variables twice, each time with the whole gradient.
  const byName = new Map(named.map(({ name, tensor }) => [name, tensor]))
  const twice = named.find(({ name, tensor }) => byName.get(name) !== tensor)
  if (twice !== undefined) throw new Error(`${twice.name} has two gradients`)
  return Array.from(byName, ([name, tensor]) => {
    const w = tf.engine().registeredVariables[name]
    if (w === undefined) throw new Error(`there is no variable called ${name}`)
    const g = tensor ?? null
    // As a matrix a gradient of another shape would be taken for one of this shape.
    if (g !== null && !tf.util.arraysEqual(g.shape, w.shape)) {
      throw new Error(`the gradient of ${name} has the shape [${g.shape}], ${name} [${w.shape}]`)
    }
    return { w, g }
  })
}

/** A variable and its gradient, null where the loss does not depend on it. */
type Gradient = { w: tf.Variable; g: tf.Tensor | null }

/** What one step does to a variable, which stands at `index` among the gradients. */
type StepRule = (variable: Gradient & { index: number }) => void

/** What a step does under the hyperparameters of a group, which has that place among them; 0 stands for the optimizer's own. */
type PrepareStep<Name extends string, Prepared> = (
  group: Partial<Record<Name, Hyperparameter>>,
  place: number,
) => Prepared

/** What `prepare` gives for the optimizer's hyperparameters, then for those of each group. */
function preparedFor<Name extends string, Prepared>(
  { groups }: Steps<Name>,
  prepare: PrepareStep<Name, Prepared>,
): Prepared[] {
  const own: Partial<Record<Name, Hyperparameter>> = {}
  return [own, ...groups].map(prepare)
}

/** Whether the gradients of a call are only added to those before it. */
function addsUp<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {
  const { sums, accumulate } = steps
  if (steps.pending + 1 >= accumulate) return false
  for (const { w, g, sum } of withSums(sums, pairs)) {
    if (g === null) continue
    // A new sum starts as the gradient.
    if (sum === null) stateOf(sums, w, 'g', () => g)
    else tf.tidy(() => sum.assign(tf.add(sum, g)))
  }
  steps.pending++
  return true
}

/** The gradients, each with the sum of those before it; behind them the sums of variables that are not among these. */
function withSums(sums: States, pairs: Gradient[]): (Gradient & { sum: tf.Variable | null })[] {
  bindStates(sums, pairs)
  if (sums.order !== undefined) {
    const saved = sums.order.map(({ savedAs }) => savedAs).join(', ')
    throw new Error(
      `gradients were added up for ${saved}, which are not there: give variables names`,
    )
  }
  const others = new Set(sums.byVariable.keys())
  for (const { w } of pairs) others.delete(w)
  return [...pairs, ...Array.from(others, (w) => ({ w, g: null }))].map(({ w, g }) => {
    const isNew = !sums.byVariable.has(w)
    return { w, g, sum: isNew ? null : tf.tidy(() => stateOf(sums, w, 'g', () => tf.zerosLike(w))) }
  })
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
  const found = variables.map(({ name }) => {
    const own = waiting.find(({ savedAs }) => savedAs === name)
    if (own !== undefined) return own
    const like = waiting.filter(({ savedAs }) => !present.has(savedAs) && isCopy(savedAs, name))
    return like.length === 1 ? like[0] : undefined
  })
  return found.map((entry) => (found.filter((e) => e === entry).length === 1 ? entry : undefined))
}

/** Whether the names are equal but for a number that layers put behind them. */
function isCopy(a: string, b: string): boolean {
  return plainName(a) === b || a === plainName(b) || plainName(a) === plainName(b)
}

/** A name without the number that layers put behind one there is already. */
function plainName(name: string): string {
  // Names of layers' weights have slashes. Others that end in numbers are names of their own.
  return name.replace(/^(.*\/.*)_\d+$/, '$1')
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

/**
 * The variables of an update with the places of their groups, once they have the states that were restored for them. `mean`
 * gives the mean gradient of all calls since the last update, null where there is none; the caller disposes of it.
 */
function readyVariables<Name extends string>(
  { groups, sums, seen, states, pending }: Steps<Name>,
  pairs: Gradient[],
): { w: tf.Variable; index: number; place: number; mean: () => tf.Tensor | null }[] {
  const all = withSums(sums, pairs)
  for (const { w } of all) seen.set(w.name, { name: w.name, shape: w.shape })
  const ready = all.map(({ w, g, sum }, index) => ({
    w,
    index,
    place: 1 + groups.findIndex(({ match }) => fits(match, w, seen)),
    mean: () => {
      const total = sum === null ? g : g === null ? sum : tf.add(sum, g)
      return total === null || pending === 0 ? total : tf.div(total, pending + 1)
    },
  }))
  return bindStates(states, ready)
}

/** Whether a group with this match has the variable, beside others of the names in `present`. */
function fits(
  match: Match,
  { name, shape }: NamedShape,
  present: { has(name: string): boolean },
): boolean {
  if (typeof match === 'function') return match(name, shape)
  if (match instanceof RegExp) return name.search(match) >= 0 || plainName(name).search(match) >= 0
  return match.some((each) => each === name || (!present.has(each) && isCopy(each, name)))
}

/** Forgets the gradients that an update was made of. */
function endStep<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.sums)
  steps.pending = 0
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

/** Whether a call is left out, or an Error, since a gradient holds a number that is not finite. All are read at once. */
function leavesOut<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {
  // Backends do not agree about no elements, which are all finite.
  const given = pairs.filter(({ g }) => g !== null && g.size > 0)
  if (steps.onNonFinite === 'keep' || given.length === 0) return false
  const finite = given.map(({ g }) => tf.tidy(() => tf.all(tf.isFinite(g!))))
  const areFinite = tf.tidy(() => tf.stack(finite).dataSync())
  tf.dispose(finite)
  const wrong = given.filter((_, index) => !areFinite[index]).map(({ w }) => w.name)
  if (wrong.length === 0) return false
  if (steps.onNonFinite === 'throw') {
    throw new Error(`the gradient of ${wrong.join(', ')} holds NaN or an infinite number`)
  }
  steps.skipped++
  return true
}

/**
 * The weights of the run, then all states and sums. `run` holds the numbers of the run, for the optimizer's hyperparameters
 * and for each group. The tensors stay the optimizer's: steps change them.
 */
function saveSteps<Name extends string>(
  { states, sums, pending, skipped }: Steps<Name>,
  iterations: number,
  run: readonly Readonly<Record<string, number>>[] = [],
): NamedTensor[] {
  const numbers = run.flatMap((each) => Object.values(each))
  return [
    ...saveRun(states.saved, iterations, numbers, [pending, skipped]),
    ...saveStates(states),
    ...saveStates(sums),
  ]
}

/** These weights. The tensors stay the optimizer's: the next call changes them, `disposeRun` frees them. */
function saveRun(
  { owner, tensors }: SavedRun,
  iterations: number,
  numbers: readonly number[],
  calls: readonly number[],
): NamedTensor[] {
  const keep = (name: string, values: ArrayLike<number>, shape?: number[]): NamedTensor => {
    const value = tf.tensor(Int32Array.from(values), shape, 'int32')
    let tensor = tensors.get(name)
    if (tensor !== undefined && !isGone(tensor) && tensor.size === value.size) tensor.assign(value)
    else {
      // There are no numbers of the run before its first step.
      tensor?.dispose()
      tensor = tf.variable(value, false)
    }
    tensors.set(name, tensor)
    return { name, tensor }
  }
  return tf.tidy(() => [
    keep('iter', [iterations], []),
    keep(`${owner}/run`, new Int32Array(new Float64Array(numbers).buffer)),
    ...(calls.some((count) => count > 0) ? [keep(`${owner}/calls`, calls)] : []),
  ])
}

/** All states. The tensors stay the optimizer's: steps change them. */
function saveStates(states: States): NamedTensor[] {
  forgetDisposed(states)
  return states.entries.flatMap(({ variable, savedAs, ...entry }) =>
    [...entry.states, ...(entry.restored ?? [])].map(([name, tensor]) => ({
      name: `${variable?.name ?? savedAs}/${name}`,
      tensor,
    })),
  )
}

/**
 * Takes copies of what `saveSteps` gave in the place of what there is; gives the steps and the numbers of the run, which are
 * called `names`. Throws an Error, and changes nothing, for weights of another class or shape.
 */
async function restoreSteps<Name extends string, Key extends string = never>(
  steps: Steps<Name>,
  weights: readonly NamedTensor[],
  names: readonly Key[] = [],
): Promise<{ iterations: number; run: Record<Key, number>[] }> {
  const { states, sums, groups } = steps
  const { owner } = states.saved
  const { iterations, numbers, calls, named } = await readWeights(owner, weights)
  const wanted = names.length * (1 + groups.length)
  // Before the first step there are none. Saved without groups, each group goes on from the same.
  const [count, isBegun] = [numbers.length, iterations > 0]
  if (count !== wanted && count !== names.length && (count > 0 || isBegun)) {
    throw new Error(`${count} numbers of the run were saved; ${owner} keeps ${wanted}`)
  }
  const isSum = ({ name }: NamedTensor): boolean => name.endsWith('/g')
  const ofStates = groupStates(
    states,
    named.filter((each) => !isSum(each)),
  )
  const ofSums = groupStates(sums, named.filter(isSum))
  restoreStates(states, ofStates)
  restoreStates(sums, ofSums)
  steps.pending = calls[0] ?? 0
  steps.skipped = calls[1] ?? 0
  const places = isBegun && count > 0 ? 1 + groups.length : 0
  const run = Array.from({ length: places }, (_, place) => {
    const start = (place * names.length) % count
    const entries = names.map((name, index) => [name, numbers[start + index]] as const)
    return Object.fromEntries(entries) as Record<Key, number>
  })
  return { iterations, run }
}

/**
 * What the weights of an optimizer of the class `owner` hold: the steps, the numbers of the run, the counts of calls, and all
 * that stands behind; 0 steps and nothing else in none. Throws an Error for those of another class.
 */
async function readWeights(
  owner: string,
  weights: readonly NamedTensor[],
): Promise<{ iterations: number; numbers: number[]; calls: number[]; named: NamedTensor[] }> {
  const [iter, ...others] = weights
  if (iter === undefined) return { iterations: 0, numbers: [], calls: [], named: [] }
  if (iter.name !== 'iter' || iter.tensor.size !== 1) {
    throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)
  }
  // Classes without numbers of the run used to save no second weight. States are never integers.
  const take = (end: string): tf.Tensor | undefined => {
    const [first] = others
    if (first?.tensor.dtype !== 'int32' || !first.name.endsWith(end)) return undefined
    const saver = first.name.slice(0, -end.length)
    if (saver !== owner) {
      throw new Error(`these weights were saved by ${saver}; ${owner} cannot take them`)
    }
    return others.shift()!.tensor
  }
  const [run, counts] = [take('/run'), take('/calls')]
  const [iterations = NaN] = await iter.tensor.data()
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new RangeError(`iter is ${iterations}; it must be a number of steps`)
  }
  const bits = (await run?.data())?.slice().buffer ?? new ArrayBuffer(0)
  return {
    iterations,
    numbers: [...new Float64Array(bits)],
    calls: [...((await counts?.data()) ?? [])],
    named: others,
  }
}

/** Takes copies of saved states, grouped by `groupStates`, in the place of what there is. */
function restoreStates(
  states: States,
  saved: ReadonlyMap<string, ReadonlyMap<string, tf.Tensor>>,
): void {
  const entries = Array.from(saved, ([savedAs, tensors]): VariableStates => {
    const copies = Array.from(tensors, ([name, x]) => [name, tf.variable(x, false)] as const)
    return { variable: undefined, savedAs, states: new Map(), restored: new Map(copies) }
  })
  disposeStates(states)
  states.entries = entries
  states.isRestored = true
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
      const kept = states.names.join(', ') || 'no states of variables'
      throw new Error(`${name} was saved; ${states.saved.owner} keeps ${kept}`)
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

/** Frees all states and sums. What comes later starts anew. */
function disposeSteps<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.states)
  disposeStates(steps.sums)
  steps.pending = 0
  steps.skipped = 0
}

/**
 * The names of variables that no group has, and what groups match that no variable has: names, RegExps, and the places of
 * functions.
 */
function unmatchedBy<Name extends string>(
  groups: readonly Group<Name>[],
  variables: readonly NamedShape[],
): { variables: string[]; matches: string[] } {
  const present = new Set(variables.map(({ name }) => name))
  const isUsed = (match: Match): boolean => variables.some((w) => fits(match, w, present))
  return {
    variables: variables
      .filter((w) => !groups.some(({ match }) => fits(match, w, present)))
      .map(({ name }) => name),
    matches: groups.flatMap(({ match }, index) => {
      if (Array.isArray(match)) return match.filter((name: string) => !isUsed([name]))
      if (isUsed(match)) return []
      return [typeof match === 'function' ? `groups[${index}]` : String(match)]
    }),
  }
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
  // What is set between steps may be at an end, which the constructor takes in a list alone.
  const x = within(name, value, limits, true)
  const limit = limits[name]
  return limit === undefined || isWithin(x, limit, false) ? x : [x]
}

/** The step options that were given, as JSON can hold them. Throws an Error for a match that is a function. */
function serializedSteps<Name extends string>(
  { groups, onNonFinite, accumulate }: Steps<Name>,
  T: number,
  limits: Limits,
): tf.serialization.ConfigDict {
  const saved = groups.map(({ match, ...own }, index) => {
    const given = Object.entries<Hyperparameter | undefined>(own)
    const values = given.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, serialized(name, value, T, limits)] as const],
    )
    return { match: savedMatch(match, `groups[${index}]`), ...Object.fromEntries(values) }
  })
  return {
    ...(saved.length > 0 && { groups: saved }),
    ...(onNonFinite !== 'keep' && { onNonFinite }),
    ...(accumulate > 1 && { accumulate }),
  }
}

/** A match as JSON can hold it. tfjs changes letters of texts that it saves, but for those called `name`. */
function savedMatch(match: Match, place: string): tf.serialization.ConfigDictValue {
  if (typeof match === 'function') {
    throw new Error(`${place}.match is a function, which cannot be saved: give a RegExp or names`)
  }
  return match instanceof RegExp
    ? { name: match.source, flags: match.flags }
    : match.map((name) => ({ name }))
}
