import type * as tf from '@tensorflow/tfjs-core'
import { checked, type Hyperparameter, type Limits } from './hyperparameters.ts'
import { isCopy, plainName } from './states.ts'

/** Hyperparameters for the variables that `match`; the others are those of the optimizer. */
export type Group<Name extends string> = { match: Match } & Partial<Record<Name, Hyperparameter>>

/**
 * Which variables a group has: those whose name fits the RegExp or is in the list, or for which the function is true. Lists
 * and RegExps also have names without the `_1` that layers put behind one there is already.
 */
export type Match =
  RegExp | readonly string[] | ((name: string, shape: readonly (number | null)[]) => boolean)

/** What tells a group whether a variable is one of its own. */
export type NamedShape = { name: string; shape: readonly (number | null)[] }

/** A copy of the group. Throws a TypeError for what is none, a RangeError for values outside their intervals. */
export function checkedGroup<Name extends string>(
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
export function restoredMatch(match: unknown): unknown {
  const nameIn = (x: unknown): unknown => (x instanceof Object && 'name' in x ? x.name : x)
  if (Array.isArray(match)) return match.map(nameIn)
  if (typeof match === 'function' || !(match instanceof Object && 'name' in match)) return match
  return new RegExp(String(match.name), (match as { flags?: string }).flags)
}

/** A match as JSON can hold it. tfjs changes letters of texts that it saves, but for those called `name`. */
export function savedMatch(match: Match, place: string): tf.serialization.ConfigDictValue {
  if (typeof match === 'function') {
    throw new Error(`${place}.match is a function, which cannot be saved: give a RegExp or names`)
  }
  return match instanceof RegExp
    ? { name: match.source, flags: match.flags }
    : match.map((name) => ({ name }))
}

/** Whether a group with this match has the variable, beside others of the names in `present`. */
export function fits(
  match: Match,
  { name, shape }: NamedShape,
  present: { has(name: string): boolean },
): boolean {
  if (typeof match === 'function') return match(name, shape)
  if (match instanceof RegExp) return name.search(match) >= 0 || plainName(name).search(match) >= 0
  return match.some((each) => each === name || (!present.has(each) && isCopy(each, name)))
}

/**
 * The names of variables that no group has, and what groups match that no variable has: names, RegExps, and the places of
 * functions.
 */
export function unmatchedBy<Name extends string>(
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
