import * as tf from '@tensorflow/tfjs-core'
import { isGone, SavedRun, type NamedTensor } from './saved-run.ts'

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

/**
 * The states that an optimizer of the class `owner` keeps for each variable it trains, under `names`. They belong to the
 * variable, whatever its place among the gradients, and go when it is disposed. They are saved as `VARIABLE/STATE`.
 */
export class States {
  private readonly owner: string
  private readonly names: readonly string[]
  private readonly head: SavedRun
  private entries: VariableStates[] = []
  private readonly byVariable = new Map<tf.Variable, VariableStates>()
  /** Restored states that are left in a step that takes them in their order. */
  private order: VariableStates[] | undefined
  /** Whether there was no step since states were restored. */
  private isRestored = false

  constructor(owner: string, names: readonly string[]) {
    this.owner = owner
    this.names = names
    this.head = new SavedRun(owner)
  }

  /**
   * The gradients of a step, once their variables have the states that were restored for them: those saved under a
   * variable's name, or under one that differs only in the `_1` that layers put behind a name there is already. If no name
   * is known in the first step after `restore`, variables take states in the order they were saved in. Throws an Error
   * where that leaves states over, or where only some are known of the numbers that tfjs gives for names.
   */
  bind<Pair extends { readonly w: tf.Variable }>(pairs: Pair[]): Pair[] {
    this.order = undefined
    this.forgetDisposed()
    const waiting = this.entries.filter(({ variable }) => variable === undefined)
    const fresh = pairs.map(({ w }) => w).filter((w) => !this.byVariable.has(w))
    if (waiting.length === 0 || fresh.length === 0) return pairs
    const matches = savedStates(fresh, waiting, new Set(pairs.map(({ w }) => w.name)))
    if (this.isRestored) {
      const left = waiting.filter((entry) => !matches.includes(entry))
      const unknown = fresh.filter((_, index) => matches[index] === undefined)
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
      if (isByOrder) this.order = left
      this.isRestored = false
    }
    fresh.forEach((w, index) => {
      const entry = matches[index]
      if (entry !== undefined) this.give(w, entry)
    })
    return pairs
  }

  /** The state `name` of `w`, which starts as `initial()`. Throws an Error when a restored one has another shape. */
  of(w: tf.Variable, name: string, initial: () => tf.Tensor): tf.Variable {
    const entry = this.byVariable.get(w) ?? this.add(w)
    let state = entry.states.get(name)
    if (state === undefined) {
      const start = initial()
      if (entry.restored === undefined) {
        state = tf.variable(start, false)
      } else {
        const place = `${entry.savedAs}/${name}`
        state = entry.restored.get(name)
        if (state === undefined) throw new Error(`${place} was not saved; ${this.owner} wants it`)
        checkKind(entry.savedAs === w.name ? place : `${place}, for ${w.name},`, state, start)
        entry.restored.delete(name)
      }
      entry.states.set(name, state)
    }
    return state
  }

  /** The weights of `SavedRun`, then all states. The tensors stay the optimizer's: steps change them. */
  save(iterations: number, run: readonly number[] = []): NamedTensor[] {
    this.forgetDisposed()
    const states = this.entries.flatMap(({ variable, savedAs, ...entry }) =>
      [...entry.states, ...(entry.restored ?? [])].map(([name, tensor]) => ({
        name: `${variable?.name ?? savedAs}/${name}`,
        tensor,
      })),
    )
    return [...this.head.save(iterations, run), ...states]
  }

  /**
   * Takes copies of what `save` gave in the place of what there is; gives the steps and the `length` numbers of the run.
   * Throws an Error, and changes nothing, for weights of another class or shape.
   */
  async restore(
    weights: readonly NamedTensor[],
    length = 0,
  ): Promise<{ iterations: number; run: number[] }> {
    const { iterations, run, others } = await this.head.restore(weights, length, true)
    this.forgetDisposed()
    const saved = this.byName(others)
    const entries = Array.from(saved, ([savedAs, tensors]): VariableStates => {
      const restored = Array.from(
        tensors,
        ([name, tensor]) => [name, tf.variable(tensor, false)] as const,
      )
      return { variable: undefined, savedAs, states: new Map(), restored: new Map(restored) }
    })
    this.dispose()
    this.entries = entries
    this.isRestored = true
    return { iterations, run }
  }

  /** Frees all states. What comes later starts anew. */
  dispose(): void {
    this.head.dispose()
    for (const entry of this.entries) disposeStates(entry)
    this.entries = []
    this.byVariable.clear()
  }

  /** The states of each variable by their names. */
  private byName(weights: readonly NamedTensor[]): Map<string, Map<string, tf.Tensor>> {
    const saved = new Map<string, Map<string, tf.Tensor>>()
    for (const { name, tensor } of weights) {
      const end = name.lastIndexOf('/')
      const variable = name.slice(0, Math.max(end, 0))
      const state = name.slice(end + 1)
      if (end < 0 || !this.names.includes(state)) {
        throw new Error(`${name} was saved; ${this.owner} keeps ${this.names.join(', ')}`)
      }
      if (tensor.isDisposed) throw new Error(`the tensor of ${name} is disposed`)
      const states = saved.get(variable) ?? new Map<string, tf.Tensor>()
      if (states.has(state)) throw new Error(`${name} was saved twice`)
      saved.set(variable, states.set(state, tensor))
    }
    for (const [variable, { states }] of this.byVariable) {
      for (const [state, present] of states) {
        const tensor = saved.get(variable.name)?.get(state)
        if (tensor !== undefined) checkKind(`${variable.name}/${state}`, tensor, present)
      }
    }
    return saved
  }

  private add(w: tf.Variable): VariableStates {
    const next = this.order?.shift()
    if (next !== undefined) return this.give(w, next)
    if (this.order !== undefined) {
      throw new Error(`no states were saved for a variable such as ${w.name}: give variables names`)
    }
    const entry = { variable: w, savedAs: w.name, states: new Map(), restored: undefined }
    this.entries.push(entry)
    return this.give(w, entry)
  }

  private give(w: tf.Variable, entry: VariableStates): VariableStates {
    entry.variable = w
    this.byVariable.set(w, entry)
    return entry
  }

  private forgetDisposed(): void {
    for (const [variable, entry] of this.byVariable) {
      if (!isGone(variable)) continue
      disposeStates(entry)
      this.byVariable.delete(variable)
      this.entries = this.entries.filter((other) => other !== entry)
    }
  }
}

/**
 * The restored states of each variable, undefined where there are none: those of its name, or the only ones of a name that
 * is equal but for a number behind it. No two variables get the same.
 */
export function savedStates(
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

/** Whether tfjs has named a variable by counting. */
export function isCounted(name: string): boolean {
  return /^\d+$/.test(name)
}

/** Throws an Error unless what was saved has the type and the shape of what is wanted. */
export function checkKind(name: string, saved: tf.Tensor, wanted: tf.Tensor): void {
  const kindOf = ({ dtype, shape }: tf.Tensor): string => `${dtype} [${shape.join(', ')}]`
  if (kindOf(saved) !== kindOf(wanted)) {
    throw new Error(`${name} was saved as ${kindOf(saved)}; wanted is ${kindOf(wanted)}`)
  }
}

/** Frees the states of one variable. */
export function disposeStates({ states, restored }: VariableStates): void {
  for (const state of [...states.values(), ...(restored?.values() ?? [])]) state.dispose()
}
