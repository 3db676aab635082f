import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type {
  Call,
  Declaration,
  FunctionDeclaration,
  Module,
  Name,
  Parameter,
  SpaceDeclaration,
  State,
  Statement,
} from '../syntax/ast.ts'
import type { BuiltinName, CheckedOptimizer, ResolvedCall, Resolution } from './checked-module.ts'

/** What is known of a function and everything it calls. */
export interface Facts {
  /** How many expressions it holds with its calls put in place. */
  readonly size: number
  /** Whether it uses `g` or `w`. */
  readonly gradient: boolean
  readonly state: boolean
  /** Whether it uses `T`. */
  readonly totalSteps: boolean
}

/** What the names of one or several modules stand for. */
export interface Tables {
  readonly names: Map<Name, Resolution>
  readonly calls: Map<Call, ResolvedCall>
  readonly assignments: Map<Statement, State>
  readonly implicitDefaults: Map<Parameter, BuiltinName>
  /** The path of the module each function is declared in. */
  readonly homes: Map<FunctionDeclaration, string>
  readonly facts: Map<FunctionDeclaration, Facts>
  /** Functions that call themselves, directly or through others; calls of them have no value. */
  readonly recursive: Set<FunctionDeclaration>
  /** Decays of which it was found that they can neither be proved nor refuted. */
  readonly unproved: Set<FunctionDeclaration>
}

/** A module with its names resolved. */
export interface ResolvedModule {
  readonly module: Module
  readonly optimizers: readonly CheckedOptimizer[]
  readonly functions: readonly FunctionDeclaration[]
  readonly spaces: readonly SpaceDeclaration[]
  /** What other modules can import from it, and what they cannot but might try to. */
  readonly declarations: ReadonlyMap<string, Declaration>
  readonly tables: Tables
  readonly diagnostics: readonly Diagnostic[]
}

/** Tables of nothing. */
export function createTables(): Tables {
  return {
    names: new Map(),
    calls: new Map(),
    assignments: new Map(),
    implicitDefaults: new Map(),
    homes: new Map(),
    facts: new Map(),
    recursive: new Set(),
    unproved: new Set(),
  }
}

/** Adds everything in `from` to `to`. */
export function addTables(to: Tables, from: Tables): void {
  for (const [key, value] of from.names) to.names.set(key, value)
  for (const [key, value] of from.calls) to.calls.set(key, value)
  for (const [key, value] of from.assignments) to.assignments.set(key, value)
  for (const [key, value] of from.implicitDefaults) to.implicitDefaults.set(key, value)
  for (const [key, value] of from.homes) to.homes.set(key, value)
  for (const [key, value] of from.facts) to.facts.set(key, value)
  for (const declaration of from.recursive) to.recursive.add(declaration)
  for (const declaration of from.unproved) to.unproved.add(declaration)
}
