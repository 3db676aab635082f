import { operatorCallNames, operators } from '../operators/table.ts'
import type { FunctionDeclaration, Item, Let, Parameter, State } from '../syntax/ast.ts'
import { builtins, constants, EVALUATE, isBuiltin, UPDATE } from './builtins.ts'
import type { Resolution } from './resolution.ts'

/** What can be called in a module, and where that is declared. */
export interface ModuleScope {
  readonly path: string
  readonly functions: ReadonlyMap<string, FunctionDeclaration>
  /** Names of imports that failed; calls of them are not reported again. */
  readonly unavailable: ReadonlySet<string>
  /** What the module holds, for messages. */
  readonly items: readonly Item[]
}

/** The names operators are called by; an infix or prefix operator has none. */
export const operatorNames: ReadonlySet<string> = new Set(operatorCallNames)

const factNames: ReadonlySet<string> = new Set(
  operators.flatMap(({ kind, callName, name }) => (kind === 'shape' ? [callName ?? name] : [])),
)

/** What `name` means everywhere, or undefined. */
export function alwaysThere(name: string): Resolution | undefined {
  if (isBuiltin(name)) return { kind: 'builtin', name }
  const value = constants.get(name)
  return value === undefined ? undefined : { kind: 'constant', name, value }
}

/** Why `name` may not be declared, as the end of a sentence, or undefined. */
export function reservedBecause(name: string, inFunction: boolean): string | undefined {
  if (name === UPDATE) return 'it says what one step subtracts'
  if (name === EVALUATE) return 'it says which weights to evaluate with'
  if (isBuiltin(name)) return inFunction ? undefined : `it is always ${builtins[name]}`
  if (constants.has(name)) return 'it is a constant'
  // Facts about a parameter are only ever called: `steps` may be a number beside `steps(w)`.
  return operatorNames.has(name) && !factNames.has(name) ? 'it is an operator' : undefined
}

/** Something a body declares. */
export type Local = Parameter | Let | State

/** The names of one body, innermost block last. */
export interface LocalScope {
  readonly blocks: Map<string, Local>[]
  /** Names that the body declares with `let` or `state` anywhere, for messages about use before declaration. */
  readonly eventually: ReadonlyMap<string, Let | State>
  /** How often the body assigns each name. */
  readonly assigned: ReadonlyMap<string, number>
}

/** What `name` is declared as in the body so far. */
export function findLocal(scope: LocalScope, name: string): Local | undefined {
  for (let index = scope.blocks.length - 1; index >= 0; index--) {
    const found = scope.blocks[index]!.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Every name a value can be used by at this place, the closest first. */
export function visibleNames(scope: LocalScope, withGradient: boolean): string[] {
  const local = scope.blocks.toReversed().flatMap((block) => [...block.keys()])
  const always = Object.keys(builtins).filter(
    (name) => withGradient || (name !== 'g' && name !== 'w'),
  )
  return [...local, ...always, ...constants.keys()]
}

/** How a call of `declaration` is written: `ema(x, beta)`. */
export function showSignature(name: string, parameters: readonly string[]): string {
  return `${name}(${parameters.join(', ')})`
}
