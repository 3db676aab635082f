import * as tf from '@tensorflow/tfjs-core'
import { stateOf, type States } from './states.ts'

/** How many updates each variable has had, by the state that keeps it. */
export type Updates = WeakMap<tf.Variable, number>

/** The state that keeps how many updates `w` has had; all `taken` steps where that was not saved. */
export function updatesState(states: States, w: tf.Variable, taken: number): tf.Variable {
  const entry = states.byVariable.get(w)
  const isKnown = entry?.states.has('steps') === true || entry?.restored?.has('steps') === true
  if (entry?.restored !== undefined && !isKnown) {
    entry.restored.set('steps', tf.variable(tf.scalar(taken), false))
  }
  return stateOf(states, w, 'steps', () => tf.scalar(0))
}

/** How many updates `w` has had after `taken` steps. */
export function updatesOf(updates: Updates, states: States, w: tf.Variable, taken: number): number {
  const state = updatesState(states, w, taken)
  // Read once: a graphics card would have to be waited for.
  const known = updates.get(state) ?? state.dataSync()[0] ?? 0
  updates.set(state, known)
  return known
}

/** Counts an update of `w`. */
export function countUpdate(updates: Updates, states: States, w: tf.Variable, taken: number): void {
  const state = updatesState(states, w, taken)
  const count = updatesOf(updates, states, w, taken) + 1
  state.assign(tf.scalar(count))
  updates.set(state, count)
}
