import type * as tf from '@tensorflow/tfjs-core'
import { fits, restoredMatch, savedMatch, type Match } from './groups.ts'

/** Names of what is in no hidden layer. Throws a TypeError for what is neither RegExp, list of names nor function. */
export function checkedNotHidden(given: unknown): Match | undefined {
  const match = restoredMatch(given)
  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''
  const isMatch =
    match instanceof RegExp ||
    typeof match === 'function' ||
    (Array.isArray(match) && match.length > 0 && match.every(isName))
  if (match === undefined || isMatch) return match as Match | undefined
  throw new TypeError('notHidden must be a RegExp, a list of names or a function')
}

/** Whether a variable, beside others of the names in `present`, is the matrix of a hidden layer. */
export function isHidden(
  w: tf.Variable,
  notHidden: Match | undefined,
  present: { has(name: string): boolean },
): boolean {
  return w.rank >= 2 && (notHidden === undefined || !fits(notHidden, w, present))
}

/** The same names as JSON can hold them. Throws an Error for a function. */
export function serializedNotHidden(notHidden: Match | undefined): tf.serialization.ConfigDict {
  if (notHidden === undefined) return {}
  if (typeof notHidden === 'function') {
    throw new Error('notHidden is a function, which cannot be saved: give a RegExp or names')
  }
  return { notHidden: savedMatch(notHidden, 'notHidden') }
}
