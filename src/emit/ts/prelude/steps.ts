import * as tf from '@tensorflow/tfjs-core'
import { checkedGroup, fits, savedMatch, type Group, type NamedShape } from './groups.ts'
import { serialized, type Hyperparameter, type Limits } from './hyperparameters.ts'
import { readWeights, saveRun, type NamedTensor } from './saved-run.ts'
import {
  bindStates,
  createStates,
  disposeStates,
  groupStates,
  restoreStates,
  saveStates,
  stateOf,
  type States,
} from './states.ts'

/** What every optimizer can be told about its steps, beside the hyperparameters of its rule. */
export interface StepOptions<Name extends string> {
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

/** What an optimizer knows of its steps. */
export interface Steps<Name extends string> {
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

/** A variable and its gradient, null where the loss does not depend on it. */
export type Gradient = { w: tf.Variable; g: tf.Tensor | null }

/**
 * What an optimizer with these states and limits knows before its first step. Throws a TypeError or a RangeError for what an
 * option cannot be.
 */
export function createSteps<Name extends string>(
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

/** The step options that were given, as JSON can hold them. Throws an Error for a match that is a function. */
export function serializedSteps<Name extends string>(
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

/** The gradients of a call, each variable once. Throws an Error for a gradient that is not one of its variable. */
export function gradientPairs(gradients: tf.NamedTensorMap | NamedTensor[]): Gradient[] {
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

/** What one step does to a variable, which stands at `index` among the gradients. */
export type StepRule = (variable: Gradient & { index: number }) => void

/** What a step does under the hyperparameters of a group, which has that place among them; 0 stands for the optimizer's own. */
export type PrepareStep<Name extends string, Prepared> = (
  group: Partial<Record<Name, Hyperparameter>>,
  place: number,
) => Prepared

/**
 * Takes a step unless it is left out or gradients are still added up, and says whether it did. Nothing is changed before
 * `prepare` was called for the optimizer's hyperparameters and those of each group.
 */
export function takeStep<Name extends string>(
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

/** What `prepare` gives for the optimizer's hyperparameters, then for those of each group. */
export function preparedFor<Name extends string, Prepared>(
  { groups }: Steps<Name>,
  prepare: PrepareStep<Name, Prepared>,
): Prepared[] {
  const own: Partial<Record<Name, Hyperparameter>> = {}
  return [own, ...groups].map(prepare)
}

/** Whether the gradients of a call are only added to those before it. */
export function addsUp<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {
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

/**
 * The variables of an update with the places of their groups, once they have the states that were restored for them. `mean`
 * gives the mean gradient of all calls since the last update, null where there is none; the caller disposes of it.
 */
export function readyVariables<Name extends string>(
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

/** Forgets the gradients that an update was made of. */
export function endStep<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.sums)
  steps.pending = 0
}

/** Whether a call is left out, or an Error, since a gradient holds a number that is not finite. All are read at once. */
export function leavesOut<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {
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

/** The gradients, each with the sum of those before it; behind them the sums of variables that are not among these. */
export function withSums(
  sums: States,
  pairs: Gradient[],
): (Gradient & { sum: tf.Variable | null })[] {
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
 * The weights of the run, then all states and sums. `run` holds the numbers of the run, for the optimizer's hyperparameters
 * and for each group. The tensors stay the optimizer's: steps change them.
 */
export function saveSteps<Name extends string>(
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

/**
 * Takes copies of what `saveSteps` gave in the place of what there is; gives the steps and the numbers of the run, which are
 * called `names`. Throws an Error, and changes nothing, for weights of another class or shape.
 */
export async function restoreSteps<Name extends string, Key extends string = never>(
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

/** Frees all states and sums. What comes later starts anew. */
export function disposeSteps<Name extends string>(steps: Steps<Name>): void {
  disposeStates(steps.states)
  disposeStates(steps.sums)
  steps.pending = 0
  steps.skipped = 0
}
