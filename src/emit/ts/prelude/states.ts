import * as tf from '@tensorflow/tfjs-core'
import { createSavedRun, disposeRun, isGone, type NamedTensor, type SavedRun } from './saved-run.ts'

/**
 * The states that an optimizer keeps for each variable it trains. They belong to the variable, whatever its place among the
 * gradients, and go when it is disposed. They are saved as `VARIABLE/STATE`.
 */
export interface States {
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
export interface VariableStates {
  /** Undefined for restored states whose variable has not come yet. */
  variable: tf.Variable | undefined
  /** The name of the variable they were first kept for. */
  readonly savedAs: string
  readonly states: Map<string, tf.Variable>
  /** Restored states that were not asked for yet; undefined where nothing was restored. */
  readonly restored: Map<string, tf.Variable> | undefined
}

/** No states yet, for an optimizer of the class `owner`; each variable will have those of these names. */
export function createStates(owner: string, names: readonly string[]): States {
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
 * The gradients of a step, once their variables have the states that were restored for them: those saved under a variable's
 * name, or under one that differs only in the `_1` that layers put behind a name there is already. If no name is known in
 * the first step after states were restored, variables take them in the order they were saved in. Throws an Error where that
 * leaves states over, or where only some are known of the numbers that tfjs gives for names.
 */
export function bindStates<Pair extends { readonly w: tf.Variable }>(
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
 * The state `name` of `w`, which starts as `initial()`. Throws an Error when a restored one has another shape, or when it was
 * disposed from outside.
 */
export function stateOf(
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

/** All states. The tensors stay the optimizer's: steps change them. */
export function saveStates(states: States): NamedTensor[] {
  forgetDisposed(states)
  return states.entries.flatMap(({ variable, savedAs, ...entry }) =>
    [...entry.states, ...(entry.restored ?? [])].map(([name, tensor]) => ({
      name: `${variable?.name ?? savedAs}/${name}`,
      tensor,
    })),
  )
}

/** Takes copies of saved states, grouped by `groupStates`, in the place of what there is. */
export function restoreStates(
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

/** Frees all states. What comes later starts anew. */
export function disposeStates(states: States): void {
  disposeRun(states.saved)
  for (const entry of states.entries) freeStates(entry)
  states.entries = []
  states.byVariable.clear()
}

/** Saved states by their variable's name and their own. Throws an Error for those that the optimizer cannot take. */
export function groupStates(
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

/**
 * The restored states of each variable, undefined where there are none: those of its name, or the only ones of a name that
 * is equal but for a number behind it. No two variables get the same.
 */
export function matchNames(
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
export function isCopy(a: string, b: string): boolean {
  return plainName(a) === b || a === plainName(b) || plainName(a) === plainName(b)
}

/** A name without the number that layers put behind one there is already. */
export function plainName(name: string): string {
  // Names of layers' weights have slashes. Others that end in numbers are names of their own.
  return name.replace(/^(.*\/.*)_\d+$/, '$1')
}

/** The states for a variable without any: the next ones where they go by order, else new ones. */
export function nextStates(states: States, w: tf.Variable): VariableStates {
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
export function giveStates(states: States, w: tf.Variable, entry: VariableStates): VariableStates {
  entry.variable = w
  states.byVariable.set(w, entry)
  return entry
}

/** Frees the states of variables that are disposed. */
export function forgetDisposed(states: States): void {
  for (const [variable, entry] of states.byVariable) {
    if (!isGone(variable)) continue
    freeStates(entry)
    states.byVariable.delete(variable)
    states.entries = states.entries.filter((other) => other !== entry)
  }
}

/** Frees the states of one variable. */
export function freeStates({ states, restored }: VariableStates): void {
  for (const state of [...states.values(), ...(restored?.values() ?? [])]) state.dispose()
}

/** Throws an Error unless what was saved has the type and the shape of what is wanted. */
export function checkKind(name: string, saved: tf.Tensor, wanted: tf.Tensor): void {
  const kindOf = ({ dtype, shape }: tf.Tensor): string => `${dtype} [${shape.join(', ')}]`
  if (kindOf(saved) !== kindOf(wanted)) {
    throw new Error(`${name} was saved as ${kindOf(saved)}; wanted is ${kindOf(wanted)}`)
  }
}
