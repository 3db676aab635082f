import * as tf from '@tensorflow/tfjs-core'

/** Eigenvalues from the largest down, and their eigenvectors one after the other, each of as many numbers. */
interface Eigenpairs {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** What an optimizer knows of the weights to evaluate with. */
interface Evaluation<Name extends string> {
  readonly optimizer: { readonly iterations: number }
  readonly steps: Steps<Name>
  /** What these weights are under the hyperparameters of a group, for a variable that has made a step. */
  readonly prepare: (
    group: Partial<Record<Name, Hyperparameter>>,
    place: number,
  ) => (w: tf.Variable) => tf.Tensor
  /** Whether a variable has states from its first step on. */
  readonly keepsStates: (w: tf.Variable) => boolean
  /** Whether they stand in the place of the weights. */
  isSwapped: boolean
}

/** A variable and its gradient, null where the loss does not depend on it. */
type Gradient = { w: tf.Variable; g: tf.Tensor | null }

/** Hyperparameters for the variables that `match`; the others are those of the optimizer. */
type Group<Name extends string> = { match: Match } & Partial<Record<Name, Hyperparameter>>

/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */
type Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]

/** The interval of each hyperparameter, with square brackets at ends that belong to it. */
type Limits = Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>

/**
 * Which variables a group has: those whose name fits the RegExp or is in the list, or for which the function is true. Lists
 * and RegExps also have names without the `_1` that layers put behind one there is already.
 */
type Match =
  RegExp | readonly string[] | ((name: string, shape: readonly (number | null)[]) => boolean)

/** What tells a group whether a variable is one of its own. */
type NamedShape = { name: string; shape: readonly (number | null)[] }

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
type NamedTensor = { name: string; tensor: tf.Tensor }

/** What a step does under the hyperparameters of a group, which has that place among them; 0 stands for the optimizer's own. */
type PrepareStep<Name extends string, Prepared> = (
  group: Partial<Record<Name, Hyperparameter>>,
  place: number,
) => Prepared

/** Numbers that are kept for the run, by name: of the host, or 32-bit ones in tensors. */
type RunNumbers = Readonly<Record<string, number | tf.Tensor>>

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

/** How long an axis of a parameter may be, and for the sake of what. */
type SideLimit = readonly [axis: 'inputs' | 'outputs', longest: number, reason: string]

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

/** A round of a step, which finds numbers over all variables and changes nothing. */
interface StepRound {
  /** What a variable adds to each of them. */
  add(variable: { w: tf.Variable; g: tf.Tensor; index: number }): tf.Tensor[]
  /** How what all add becomes one number. */
  totals: ((parts: tf.Tensor) => tf.Tensor)[]
  /** What the step does once they are known. */
  then(...totals: tf.Tensor[]): StepRound | StepRule
}

/** What one step does to a variable, which stands at `index` among the gradients. */
type StepRule = (variable: Gradient & { index: number }) => void

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

/** Puts the reflections of the reduction together: `a` becomes their product, `diagonal` the diagonal of what is reduced. */
function accumulateReflections(a: Float64Array, diagonal: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n
    a[i * n + n - 1] = a[i * n + i]!
    a[i * n + i] = 1
    const squares = diagonal[i + 1]!
    if (squares !== 0) {
      for (let k = 0; k <= i; k++) diagonal[k] = a[next + k]! / squares
      for (let j = 0; j <= i; j++) {
        const column = j * n
        let sum = 0
        for (let k = 0; k <= i; k++) sum += a[next + k]! * a[column + k]!
        for (let k = 0; k <= i; k++) a[column + k] = a[column + k]! - sum * diagonal[k]!
      }
    }
    a.fill(0, next, next + i + 1)
  }
  for (let j = 0; j < n; j++) {
    diagonal[j] = a[j * n + n - 1]!
    a[j * n + n - 1] = 0
  }
  a[n * n - 1] = 1
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

/** What there is one of for each element of `w`, as a matrix of inputs and outputs. */
function asMatrix(x: tf.Tensor, w: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [countInputs(w), countOutputs(w)])
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

/** Throws an Error, before anything is changed, where an axis of a variable is longer than the rule takes. */
function checkSides(
  owner: string,
  gradients: tf.NamedTensorMap | NamedTensor[],
  limitsOf: (w: tf.Variable) => readonly SideLimit[],
): void {
  for (const { w } of gradientPairs(gradients)) {
    for (const [axis, longest, reason] of limitsOf(w)) {
      const length = axis === 'inputs' ? countInputs(w) : countOutputs(w)
      if (length > longest) {
        throw new Error(
          `${w.name} has ${length} ${axis}, and ${owner} takes at most ${longest}, ${reason}`,
        )
      }
    }
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

/** Names of what is in no hidden layer. Throws a TypeError for what is neither RegExp, list of names nor function. */
function checkedNotHidden(given: unknown): Match | undefined {
  const match = restoredMatch(given)
  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''
  const isMatch =
    match instanceof RegExp ||
    typeof match === 'function' ||
    (Array.isArray(match) && match.length > 0 && match.every(isName))
  if (match === undefined || isMatch) return match as Match | undefined
  throw new TypeError('notHidden must be a RegExp, a list of names or a function')
}

/** How many inputs a parameter has: all its axes but the last, multiplied. */
function countInputs({ shape }: tf.Tensor): number {
  return shape.slice(0, -1).reduce((count, length) => count * length, 1)
}

/** How many outputs a parameter has: the length of its last axis. */
function countOutputs({ shape }: tf.Tensor): number {
  return shape.at(-1) ?? 1
}

/** The same for an optimizer that has not been evaluated. */
function createEvaluation<Name extends string>(
  optimizer: Evaluation<Name>['optimizer'],
  steps: Steps<Name>,
  prepare: Evaluation<Name>['prepare'],
  keepsStates: Evaluation<Name>['keepsStates'] = () => true,
): Evaluation<Name> {
  return { optimizer, steps, prepare, keepsStates, isSwapped: false }
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

/** The implicit QL method on a tridiagonal matrix. `diagonal` becomes eigenvalues, the columns of `vectors` turn with them. */
function diagonalize(
  vectors: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
): void {
  beside.copyWithin(0, 1)
  beside[n - 1] = 0
  let shift = 0
  let largest = 0
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(diagonal[l]!) + Math.abs(beside[l]!))
    const small = 2 ** -52 * largest
    let m = l
    while (m < n - 1 && Math.abs(beside[m]!) > small) m++
    // A handful of rounds is usual; more than 60 have never been seen.
    for (let round = 0; m > l && Math.abs(beside[l]!) > small && round < 60; round++)
      shift += sweep(vectors, diagonal, beside, l, m, n)
    diagonal[l] = diagonal[l]! + shift
    beside[l] = 0
  }
}

/** Frees the tensors among numbers of the run. */
function disposeNumbers(run: readonly RunNumbers[]): void {
  for (const numbers of run) {
    for (const x of Object.values(numbers)) if (typeof x !== 'number') x.dispose()
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

/** Frees all states and sums. What comes later starts anew. */
function disposeSteps<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.states)
  disposeStates(steps.sums)
  steps.pending = 0
  steps.skipped = 0
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

/**
 * The eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row, as the columns of such a matrix: that of the largest
 * eigenvalue first. All NaN where a number of the matrix is not finite.
 */
function eigenvectorMatrix(matrix: ArrayLike<number>, n: number): Float64Array {
  const pairs = symmetricEigen(matrix, n)
  const result = new Float64Array(n * n)
  if (pairs === undefined) return result.fill(NaN)
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++)
      result[row * n + column] = pairs.vectors[column * n + row]!
  return result
}

/** Forgets the gradients that an update was made of. */
function endStep<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.sums)
  steps.pending = 0
}

/** The error function, 2 / sqrt(pi) times the integral of exp(-u^2) from 0 to `x`; within 2 units in the last place. */
function erf(x: number): number {
  // erf(x) / x - 1 in powers of x^2, for |x| <= 0.75.
  const near = [
    -8.727804892971983e-10, 1.4147272175166887e-8, -1.6293444273884912e-7, 1.6457013907764837e-6,
    -1.4925411533551613e-5, 0.00012055325494924972, -0.0008548326868599297, 0.00522397762340871,
    -0.026866170644973524, 0.11283791670954493, -0.3761263890318374, 0.1283791670955126,
  ]
  if (Math.abs(x) <= 0.75) return x + x * polynomial(near, x * x)
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1
}

/** 1 - erf(x) without cancellation; within 2 units in the last place, also where the result is tiny. */
function erfc(x: number): number {
  if (x < 0.5) return x < -0.75 ? 2 - erfc(-x) : 1 - erf(x)
  if (x > 28) return 0
  // The square of `near` is exact, so exp(-x^2) loses nothing to the rounding of x^2.
  const near = Math.fround(x)
  const inSquare = Math.expm1((near - x) * (near + x))
  const inDivisor = (2 * (near - x)) / (1 + 2 * x)
  const correction = inSquare + inDivisor + inSquare * inDivisor
  // (1 + 2x) exp(x^2) erfc(x) - 1.25 in powers of (x - 3) / (x + 3), for 0.5 <= x <= 28 (after Shepherd and Laframboise, 1981).
  const scaled = [
    -4.325370719107278e-9, -1.0659628807393203e-8, 3.42329907978226e-8, 9.877438074940672e-8,
    -1.3432312409451292e-7, -6.146346341425417e-7, 3.52693258412998e-7, 3.471616676593574e-6,
    -7.300550882569987e-7, -2.0100376113106087e-5, 4.9491714476033325e-6, 0.00012509932758636072,
    -0.00010515976008945177, -0.0007798322714918795, 0.0018886903564002055, 0.002529391816335117,
    -0.02377051491853638, 0.06830802734394434, -0.11927366341531179, 0.12964515870276203,
    -0.0475622943534507, -0.1356211061245812, 0.003008058269729652,
  ]
  const rest = polynomial(scaled, (x - 3) / (x + 3))
  // (1.25 + rest) / divisor as head + tail, and the exponential as high + low: their larger parts have products without rounding.
  const divisor = 1 + 2 * near
  const head = Math.fround(1.25 / divisor)
  const tail = (1.25 - head * divisor + (rest + (1.25 + rest) * correction)) / divisor
  const exponential = Math.exp(-near * near)
  const shifted = exponential * (2 ** 27 + 1)
  const high = shifted - (shifted - exponential)
  return high * head + ((exponential - high) * head + exponential * tail)
}

/**
 * The weights to evaluate with, a new tensor for each variable: of the given ones, or of all that have been trained. A variable
 * without a step so far has its own value.
 */
function evaluationWeights<Name extends string>(
  evaluation: Evaluation<Name>,
  given?: readonly { name: string }[],
): NamedTensor[] {
  refuseSwapped(evaluation)
  const { optimizer, steps, prepare, keepsStates } = evaluation
  const { groups, seen, states } = steps
  const pairs = given === undefined ? trainedVariables(steps) : given.map(registeredVariable)
  bindStates(states, pairs)
  const own: Partial<Record<Name, Hyperparameter>> = {}
  const rules = optimizer.iterations > 0 ? [own, ...groups].map(prepare) : []
  const names = new Set([...seen.keys(), ...pairs.map(({ w }) => w.name)])
  // A variable without a gradient so far has no states.
  const isStepped = (w: tf.Variable): boolean =>
    !keepsStates(w) || states.byVariable.has(w) || states.order !== undefined
  return pairs.map(({ w }) => {
    const rule = rules[1 + groups.findIndex(({ match }) => fits(match, w, names))]
    const tensor = tf.tidy(() => tf.clone(rule !== undefined && isStepped(w) ? rule(w) : w))
    return { name: w.name, tensor }
  })
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
function givenSteps({ totalSteps }: { totalSteps?: number | null }): number {
  // JSON has null for the Infinity of a saved optimizer.
  const steps = totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }
  return steps
}

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

/** The polynomial with these coefficients, the highest power first. */
function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** The axes of the inputs of a parameter: all but the last. */
function inputAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: Math.max(0, rank - 1) }, (_, axis) => axis)
}

/**
 * A symmetric, positive semidefinite matrix to the power -1/p. An eigenvalue that may be 0, as it is above it by less than what is
 * known of it (n 2^-52 of the largest) or below it by no more than what rounding numbers to 32 bits makes of one (n 2^-23), counts
 * for nothing, as in a pseudoinverse; all numbers are NaN where one is further below, or where a number of the matrix is not finite.
 */
function inverseRootMatrix(matrix: ArrayLike<number>, n: number, p: number): Float64Array {
  const pairs = symmetricEigen(matrix, n)
  const result = new Float64Array(n * n)
  if (pairs === undefined) return result.fill(NaN)
  const { values, vectors } = pairs
  const size = n * (values[0] ?? 0)
  if (values.some((value) => value < -(2 ** -23) * size)) return result.fill(NaN)
  const factors = values.map((value) => (value > 2 ** -52 * size ? value ** (-1 / p) : 0))
  for (let k = 0; k < n; k++) {
    const vector = vectors.subarray(k * n, (k + 1) * n)
    if (factors[k] === 0) continue
    for (let row = 0; row < n; row++) {
      const scaled = factors[k]! * vector[row]!
      for (let column = row; column < n; column++) {
        const place = row * n + column
        result[place] = result[place]! + scaled * vector[column]!
      }
    }
  }
  for (let row = 0; row < n; row++)
    for (let column = 0; column < row; column++)
      result[row * n + column] = result[column * n + row]!
  return result
}

/** Whether the names are equal but for a number that layers put behind them. */
function isCopy(a: string, b: string): boolean {
  return plainName(a) === b || a === plainName(b) || plainName(a) === plainName(b)
}

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}

/** Whether a variable, beside others of the names in `present`, is the matrix of a hidden layer. */
function isHidden(
  w: tf.Variable,
  notHidden: Match | undefined,
  present: { has(name: string): boolean },
): boolean {
  return w.rank >= 2 && (notHidden === undefined || !fits(notHidden, w, present))
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

/** A copy of a number of the run that lasts beyond the step. */
function keptNumber(x: tf.Tensor): tf.Tensor {
  return tf.keep(tf.clone(x))
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
 * Makes column `k`, from its diagonal down, the unit vector of the reflection that leaves nothing below there, and reflects the
 * columns behind it. Gives the sign of what is left on the diagonal, 1 for nothing.
 */
function makeReflection(a: Float64Array, k: number, rows: number, width: number): number {
  const start = k * rows
  let largest = 0
  for (let row = k; row < rows; row++) largest = Math.max(largest, Math.abs(a[start + row]!))
  let squares = 0
  if (largest > 0)
    for (let row = k; row < rows; row++) {
      a[start + row] = a[start + row]! / largest
      squares += a[start + row]! * a[start + row]!
    }
  const first = a[start + k]!
  const isReduced = squares === first * first
  const sign = first > 0 && !isReduced ? -1 : first < 0 && isReduced ? -1 : 1
  if (isReduced) {
    a.fill(0, start + k, start + rows)
    return sign
  }
  a[start + k] = first - sign * Math.sqrt(squares)
  let rest = 0
  for (let row = k; row < rows; row++) rest += a[start + row]! * a[start + row]!
  const length = Math.sqrt(rest)
  for (let row = k; row < rows; row++) a[start + row] = a[start + row]! / length
  for (let column = k + 1; column < width; column++) reflect(a, column * rows, a, k, rows)
  return sign
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

/**
 * Q of the QR decomposition of a matrix, row after row, whose R has no negative number on its diagonal: orthonormal columns, the
 * first of which span what the first of the matrix span. Columns that depend on those before them give any that are orthonormal;
 * of a matrix with more columns than rows the columns beyond are 0. All NaN where a number is not finite. By Householder's
 * reflections: what is missing to orthonormality is below 4 n 2^-52.
 */
function orthonormalColumns(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns)
  const unit = unitOf(matrix)
  if (!Number.isFinite(unit)) return result.fill(NaN)
  const width = Math.min(rows, columns)
  const a = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column++)
      a[column * rows + row] = matrix[row * columns + column]! / unit
  const signs = new Float64Array(width)
  for (let k = 0; k < width; k++) signs[k] = makeReflection(a, k, rows, width)
  for (let column = 0; column < width; column++) {
    const q = new Float64Array(rows)
    q[column] = signs[column]!
    // Reflections that begin below its only number do nothing to it.
    for (let k = column; k >= 0; k--) reflect(q, 0, a, k, rows)
    for (let row = 0; row < rows; row++) result[row * columns + column] = q[row]!
  }
  return result
}

/** The axis of the outputs of a parameter, the last; a number has none. */
function outputAxes({ rank }: tf.Tensor): number[] {
  return rank === 0 ? [] : [rank - 1]
}

/** A name without the number that layers put behind one there is already. */
function plainName(name: string): string {
  // Names of layers' weights have slashes. Others that end in numbers are names of their own.
  return name.replace(/^(.*\/.*)_\d+$/, '$1')
}

/** The value at `x` of the polynomial with these coefficients, the highest power first (Horner). */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let index = 0; index < coefficients.length; index++) sum = sum * x + coefficients[index]!
  return sum
}

/** What `prepare` gives for the optimizer's hyperparameters, then for those of each group. */
function preparedFor<Name extends string, Prepared>(
  { groups }: Steps<Name>,
  prepare: PrepareStep<Name, Prepared>,
): Prepared[] {
  const own: Partial<Record<Name, Hyperparameter>> = {}
  return [own, ...groups].map(prepare)
}

/** The values of numbers of the run. */
function readNumbers(run: readonly RunNumbers[]): Promise<Record<string, number>[]> {
  const read = async (x: number | tf.Tensor): Promise<number> =>
    typeof x === 'number' ? x : (await x.data())[0]!
  return Promise.all(
    run.map(async (numbers) => {
      const entries = Object.entries(numbers)
      const values = await Promise.all(
        entries.map(async ([name, x]) => [name, await read(x)] as const),
      )
      return Object.fromEntries(values)
    }),
  )
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

/**
 * Householder's reduction, from the last row up. The lower triangle of `a` becomes reflections, `diagonal` their squared lengths,
 * `beside` the numbers beside the diagonal. Columns stand one after the other.
 */
function reduceToTridiagonal(
  a: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
): void {
  for (let j = 0; j < n; j++) diagonal[j] = a[j * n + n - 1]!
  for (let i = n - 1; i > 0; i--) {
    let size = 0
    for (let k = 0; k < i; k++) size += Math.abs(diagonal[k]!)
    let squares = 0
    if (size === 0) {
      beside[i] = diagonal[i - 1]!
      for (let j = 0; j < i; j++) {
        diagonal[j] = a[j * n + i - 1]!
        a[j * n + i] = 0
        a[i * n + j] = 0
      }
    } else {
      for (let k = 0; k < i; k++) {
        diagonal[k] = diagonal[k]! / size
        squares += diagonal[k]! * diagonal[k]!
      }
      const last = diagonal[i - 1]!
      const root = last > 0 ? -Math.sqrt(squares) : Math.sqrt(squares)
      beside[i] = size * root
      squares -= last * root
      diagonal[i - 1] = last - root
      reflectBothSides(a, diagonal, beside, i, squares, n)
    }
    diagonal[i] = squares
  }
}

/** Reflects the column that begins at `start` by the unit vector in column `k` of `a`. */
function reflect(
  column: Float64Array,
  start: number,
  a: Float64Array,
  k: number,
  rows: number,
): void {
  let product = 0
  for (let row = k; row < rows; row++) product += a[k * rows + row]! * column[start + row]!
  for (let row = k; row < rows; row++)
    column[start + row] = column[start + row]! - 2 * product * a[k * rows + row]!
}

/** Applies the reflection in `diagonal` to the first `i` rows and columns, from both sides. */
function reflectBothSides(
  a: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  i: number,
  squares: number,
  n: number,
): void {
  beside.fill(0, 0, i)
  for (let j = 0; j < i; j++) {
    const column = j * n
    const own = diagonal[j]!
    a[i * n + j] = own
    let sum = beside[j]! + a[column + j]! * own
    for (let k = j + 1; k < i; k++) {
      sum += a[column + k]! * diagonal[k]!
      beside[k] = beside[k]! + a[column + k]! * own
    }
    beside[j] = sum
  }
  let product = 0
  for (let j = 0; j < i; j++) {
    beside[j] = beside[j]! / squares
    product += beside[j]! * diagonal[j]!
  }
  const share = product / (2 * squares)
  for (let j = 0; j < i; j++) beside[j] = beside[j]! - share * diagonal[j]!
  for (let j = 0; j < i; j++) {
    const column = j * n
    const [own, other] = [diagonal[j]!, beside[j]!]
    for (let k = j; k < i; k++)
      a[column + k] = a[column + k]! - (own * beside[k]! + other * diagonal[k]!)
    diagonal[j] = a[column + i - 1]!
    a[column + i] = 0
  }
}

/** Throws an Error while the weights to evaluate with stand in the place of the weights. */
function refuseSwapped({ isSwapped }: Pick<Evaluation<string>, 'isSwapped'>): void {
  if (isSwapped) {
    throw new Error(
      'the weights to evaluate with are in place: take steps and ask for them outside of withEvaluationWeights',
    )
  }
}

/** The variable of this name. */
function registeredVariable({ name }: { name: string }): { w: tf.Variable } {
  const w = tf.engine().registeredVariables[name]
  if (w === undefined) {
    throw new Error(`there is no variable called ${name}: give the variables to evaluate with`)
  }
  return { w }
}

/** The option `totalSteps`. Throws a RangeError when it is missing or no whole number. */
function requiredSteps({ totalSteps }: { totalSteps: number }): number {
  if (totalSteps === undefined || !Number.isInteger(totalSteps) || totalSteps < 1) {
    throw new RangeError(
      `totalSteps is ${totalSteps}; the rule needs the number of steps of the whole run`,
    )
  }
  return totalSteps
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

/** What `savedMatch` made of a list or a RegExp as it was; anything else as it is. */
function restoredMatch(match: unknown): unknown {
  const nameIn = (x: unknown): unknown => (x instanceof Object && 'name' in x ? x.name : x)
  if (Array.isArray(match)) return match.map(nameIn)
  if (typeof match === 'function' || !(match instanceof Object && 'name' in match)) return match
  return new RegExp(String(match.name), (match as { flags?: string }).flags)
}

/** The 32-bit word with its bits moved up, those pushed out coming back below. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
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

/** A match as JSON can hold it. tfjs changes letters of texts that it saves, but for those called `name`. */
function savedMatch(match: Match, place: string): tf.serialization.ConfigDictValue {
  if (typeof match === 'function') {
    throw new Error(`${place}.match is a function, which cannot be saved: give a RegExp or names`)
  }
  return match instanceof RegExp
    ? { name: match.source, flags: match.flags }
    : match.map((name) => ({ name }))
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

/** The same names as JSON can hold them. Throws an Error for a function. */
function serializedNotHidden(notHidden: Match | undefined): tf.serialization.ConfigDict {
  if (notHidden === undefined) return {}
  if (typeof notHidden === 'function') {
    throw new Error('notHidden is a function, which cannot be saved: give a RegExp or names')
  }
  return { notHidden: savedMatch(notHidden, 'notHidden') }
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

/** The pairs from the largest eigenvalue down, of each vector the first of its largest numbers positive. */
function sortedPairs(
  values: Float64Array,
  vectors: Float64Array,
  unit: number,
  n: number,
): Eigenpairs {
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)
  const sorted = new Float64Array(n * n)
  for (const [place, from] of order.entries()) {
    const vector = vectors.subarray(from * n, (from + 1) * n)
    const largest = vector.reduce((size, number) => Math.max(size, Math.abs(number)), 0)
    // Numbers that differ by rounding count as equal, so that rounding decides no sign.
    const leading = vector.find((number) => Math.abs(number) >= 0.999 * largest) ?? 1
    const sign = leading < 0 ? -1 : 1
    for (let k = 0; k < n; k++) sorted[place * n + k] = sign * vector[k]!
  }
  return { values: Float64Array.from(order, (from) => unit * values[from]!), vectors: sorted }
}

/** One number for each output or input of `w`: its shape with length 1 along the axes of the others. */
function spreadAlong(w: tf.Tensor, axes: number[], x: tf.Tensor | number): tf.Tensor {
  const shape = w.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  return typeof x === 'number' ? tf.fill(shape, x) : tf.broadcastTo(x, shape)
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

/** The key of the stream of that name: two 32-bit words. */
function streamKey(
  name: string,
  seed: number,
  site: number,
  parameter: number,
): readonly [number, number] {
  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]
  for (const letter of name) key = threefry(key, letter.charCodeAt(0), 1)
  for (const number of [site, parameter]) key = threefry(key, number, 0)
  return key
}

/** A random 32-bit word for each element, from the stream of that name. */
function streamOf(
  name: string,
  [seed, site, parameter, step]: Stream,
): (element: number) => number {
  const key = streamKey(name, seed, site, parameter)
  return (element) => threefry(key, step, element)[0]
}

/** One round of the QL method between rows `l` and `m`; gives by how much eigenvalues were shifted. */
function sweep(
  vectors: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  l: number,
  m: number,
  n: number,
): number {
  const first = diagonal[l]!
  const ratio = (diagonal[l + 1]! - first) / (2 * beside[l]!)
  const root = ratio < 0 ? -Math.sqrt(ratio * ratio + 1) : Math.sqrt(ratio * ratio + 1)
  diagonal[l] = beside[l]! / (ratio + root)
  diagonal[l + 1] = beside[l]! * (ratio + root)
  const next = diagonal[l + 1]!
  const moved = first - diagonal[l]!
  for (let i = l + 2; i < n; i++) diagonal[i] = diagonal[i]! - moved
  let p = diagonal[m]!
  let [c, c2, c3] = [1, 1, 1]
  let [s, s2] = [0, 0]
  const second = beside[l + 1]!
  for (let i = m - 1; i >= l; i--) {
    c3 = c2
    c2 = c
    s2 = s
    const g = c * beside[i]!
    const h = c * p
    const r = Math.sqrt(p * p + beside[i]! * beside[i]!)
    beside[i + 1] = s * r
    s = beside[i]! / r
    c = p / r
    p = c * diagonal[i]! - s * g
    diagonal[i + 1] = h + s * (c * g + s * diagonal[i]!)
    turnColumns(vectors, i, c, s, n)
  }
  p = (-s * s2 * c3 * second * beside[l]!) / next
  beside[l] = s * p
  diagonal[l] = c * p
  return moved
}

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row: of the mean of it and
 * its transpose. The residual |A v - lambda v| and what is missing to orthonormality are below 4 n 2^-52 of the largest
 * eigenvalue, and of 1. Undefined where a number is not finite. EISPACK's tred2 and tql2: Bowdler, Martin, Reinsch and Wilkinson,
 * 1968, and Martin, Reinsch and Wilkinson, 1968, in the Handbook for Automatic Computation II.
 */
function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigenpairs | undefined {
  const unit = unitOf(matrix)
  if (!Number.isFinite(unit)) return undefined
  const vectors = new Float64Array(n * n)
  for (let column = 0; column < n; column++)
    for (let row = 0; row < n; row++) {
      const half = matrix[row * n + column]! / unit / 2
      vectors[column * n + row] = half + matrix[column * n + row]! / unit / 2
    }
  const values = new Float64Array(n)
  const beside = new Float64Array(n)
  if (n > 0) {
    reduceToTridiagonal(vectors, values, beside, n)
    accumulateReflections(vectors, values, n)
    diagonalize(vectors, values, beside, n)
  }
  return sortedPairs(values, vectors, unit, n)
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

/** The same as `takeStep` for a rule with numbers over all variables that have a gradient. */
function takeStepInRounds<Name extends string>(
  steps: Steps<Name>,
  gradients: tf.NamedTensorMap | NamedTensor[],
  prepare: PrepareStep<Name, StepRound | StepRule>,
): boolean {
  const pairs = gradientPairs(gradients)
  if (leavesOut(steps, pairs) || addsUp(steps, pairs)) return false
  tf.tidy(() => {
    let parts = preparedFor(steps, prepare)
    const variables = readyVariables(steps, pairs)
    const isRound = (part: StepRound | StepRule): part is StepRound => typeof part !== 'function'
    for (let rounds = parts.filter(isRound); rounds.length > 0; rounds = parts.filter(isRound)) {
      const added = variables.flatMap(({ w, index, place, mean }) =>
        tf.tidy(() => {
          const g = mean()
          // There is no largest of no elements.
          return g === null || g.size === 0 ? [] : [rounds[place]!.add({ w, g, index })]
        }),
      )
      const found = rounds[0]!.totals.map((total, index) =>
        total(tf.stack([tf.scalar(0), ...added.map((each) => each[index]!)])),
      )
      parts = rounds.map((round) => round.then(...found))
    }
    const rules = parts.filter((part): part is StepRule => !isRound(part))
    for (const { w, index, place, mean } of variables) {
      tf.tidy(() => rules[place]!({ w, g: mean(), index }))
    }
  })
  endStep(steps)
  return true
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
  const small = tf.mul(tf.mul(x, tensorPolynomial(tf.square(close), near)), tf.exp(tf.neg(close)))
  const distance = tf.maximum(size, 6)
  const scaled = tensorPolynomial(tf.reciprocal(distance), far)
  const large = tf.mul(tf.sign(x), tf.div(scaled, tf.sqrt(distance)))
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

/** The eigenvectors of a symmetric matrix as columns, that of the largest eigenvalue first, on the host in 64 bits. */
function tensorEigenvectors(x: tf.Tensor): tf.Tensor2D {
  const [rows = 0] = x.shape
  return tf.tensor2d(Float32Array.from(eigenvectorMatrix(x.dataSync(), rows)), [rows, rows])
}

/** A symmetric, positive semidefinite matrix to the power -1/p, on the host in 64 bits. */
function tensorInverseRoot(x: tf.Tensor, p: number): tf.Tensor2D {
  const [rows = 0] = x.shape
  return tf.tensor2d(Float32Array.from(inverseRootMatrix(x.dataSync(), rows, p)), [rows, rows])
}

/**
 * The larger of two: NaN if either is, and 0 rather than -0. Of two zeros tf.maximum takes the first on some backends and the
 * second on others, and on some it drops a second that is NaN.
 */
function tensorMaximum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const larger = tf.maximum(a, b)
  if (typeof b === 'number' && Math.abs(b) > 0) return larger
  if (Object.is(b, 0) || Number.isNaN(b)) return tf.add(larger, b)
  return tf.add(larger, zeroLike(tf.maximum(b, a)))
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
  // A smaller divisor would be taken for 0 where subnormal numbers are.
  const unit = tf.where(tf.isFinite(largest), tf.maximum(largest, 2 ** -126), 1)
  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)), axes, keepsAxes)))
}

/** Q of the QR decomposition of a matrix, on the host in 64 bits. */
function tensorOrthonormal(x: tf.Tensor): tf.Tensor2D {
  const [rows = 0, columns = 0] = x.shape
  const values = orthonormalColumns(x.dataSync(), rows, columns)
  return tf.tensor2d(Float32Array.from(values), [rows, columns])
}

/** The polynomial with these coefficients, lowest power first, by Horner's rule. */
function tensorPolynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))
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

/** The variables of all steps so far, and those that states were restored for. */
function trainedVariables<Name extends string>({
  seen,
  states,
}: Steps<Name>): { w: tf.Variable }[] {
  const { registeredVariables } = tf.engine()
  const known = [...seen.keys()].flatMap((name) => registeredVariables[name] ?? [])
  const waiting = states.entries.filter(({ variable }) => variable === undefined)
  // Once there was a step, what nothing has asked for belongs to variables that are no longer there.
  const restored = states.isRestored ? waiting.map(({ savedAs }) => ({ name: savedAs })) : []
  return [...known.map((w) => ({ w })), ...restored.map(registeredVariable)]
}

/** Turns the columns `i` and `i + 1` by the angle with that cosine and sine. */
function turnColumns(vectors: Float64Array, i: number, c: number, s: number, n: number): void {
  const [left, right] = [i * n, (i + 1) * n]
  for (let k = 0; k < n; k++) {
    const a = vectors[left + k]!
    const b = vectors[right + k]!
    vectors[right + k] = s * a + c * b
    vectors[left + k] = c * a - s * b
  }
}

/** The largest size of a number as a power of two, by which dividing loses nothing; 1 for zeros, NaN or infinite as they are. */
function unitOf(matrix: ArrayLike<number>): number {
  let largest = 0
  for (let index = 0; index < matrix.length; index++)
    largest = Math.max(largest, Math.abs(matrix[index]!))
  if (largest === 0 || !Number.isFinite(largest)) return largest === 0 ? 1 : largest
  return 2 ** Math.max(-1000, Math.floor(Math.log2(largest)))
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

/** Runs `f` with the weights to evaluate with in the place of the weights; these are put back whatever becomes of `f`. */
function withEvaluationWeights<Name extends string, Result>(
  evaluation: Evaluation<Name>,
  f: () => Result,
  given?: readonly { name: string }[],
): Result {
  const evaluated = evaluationWeights(evaluation, given)
  const kept = evaluated.map(({ name, tensor }) => {
    const { w } = registeredVariable({ name })
    return { w, tensor: tf.keep(tensor), own: tf.keep(tf.clone(w)) }
  })
  const restore = (): void => {
    for (const { w, tensor, own } of kept) {
      if (!isGone(w)) w.assign(own)
      tf.dispose([tensor, own])
    }
    evaluation.isSwapped = false
  }
  evaluation.isSwapped = true
  let isPending = false
  try {
    for (const { w, tensor } of kept) w.assign(tensor)
    const result = f()
    isPending = result instanceof Object && 'then' in result
    return isPending ? (Promise.resolve(result).finally(restore) as Result) : result
  } finally {
    if (!isPending) restore()
  }
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

class Optimizer extends tf.Optimizer {
  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeSteps(this.steps)
    this.iterations_ = 0
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
}
