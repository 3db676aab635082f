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

/** What people used to other libraries call the builtins. */
export const synonyms: ReadonlyMap<string, BuiltinName> = new Map([
  ['grad', 'g'],
  ['grads', 'g'],
  ['gradient', 'g'],
  ['weight', 'w'],
  ['weights', 'w'],
  ['param', 'w'],
  ['params', 'w'],
  ['parameter', 'w'],
  ['theta', 'w'],
  ['step', 't'],
  ['steps', 't'],
  ['iteration', 't'],
  ['total_steps', 'T'],
  ['totalSteps', 'T'],
  ['max_steps', 'T'],
])

/** Whether `name` is one of `g`, `w`, `t` and `T`. */
export function isBuiltin(name: string): name is BuiltinName {
  return Object.hasOwn(builtins, name)
}
