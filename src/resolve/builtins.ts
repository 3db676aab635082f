import type { BuiltinName } from './resolution.ts'

/** What each builtin value is, for messages and the editor. */
export const builtins: Readonly<Record<BuiltinName, string>> = {
  g: 'the gradient',
  w: 'the parameter before the step',
  t: 'the number of steps already taken',
  T: 'the total number of steps',
}

/** The named constants of the language. */
export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
  ['inf', Infinity],
])

/** The name whose assignment gives the step. */
export const UPDATE = 'update'

/** The name whose assignment gives the weights to evaluate with. */
export const EVALUATE = 'evaluate'

/** Whether `name` is one of `g`, `w`, `t` and `T`. */
export function isBuiltin(name: string): name is BuiltinName {
  return Object.hasOwn(builtins, name)
}
