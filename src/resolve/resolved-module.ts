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
import type { BuiltinName, CheckedOptimizer, ResolvedCall, Resolution } from './resolution.ts'
import { layeredMap } from './layered-map.ts'
import type { ModuleScope } from './scope.ts'

/** What is known of a function and everything it calls. */
export interface Facts {
  /** How many expressions it holds with its calls put in place. */
  readonly size: number
  /** Whether it uses `g` or `w`. */
  readonly gradient: boolean
  readonly state: boolean
  /** Whether it draws random numbers that no argument tells apart: then no two calls of it are one. */
  readonly draws: boolean
  /** Whether it uses `T`. */
  readonly totalSteps: boolean
}

/** A map that can be added to. */
export interface Table<K, V> extends ReadonlyMap<K, V> {
  set(key: K, value: V): void
}

/** What the names of a module and of everything it imports stand for. */
export interface Tables {
  readonly names: Table<Name, Resolution>
  readonly calls: Table<Call, ResolvedCall>
  readonly assignments: Table<Statement, State>
  readonly implicitDefaults: Table<Parameter, BuiltinName>
  /** The path of the module each function is declared in. */
  readonly homes: Table<FunctionDeclaration, string>
  readonly facts: Table<FunctionDeclaration, Facts>
  /** Functions that call themselves, directly or through others; calls of them have no value. */
  readonly recursive: Set<FunctionDeclaration>
}

/** A module with its names resolved. */
export interface ResolvedModule {
  readonly module: Module
  readonly optimizers: readonly CheckedOptimizer[]
  readonly functions: readonly FunctionDeclaration[]
  readonly spaces: readonly SpaceDeclaration[]
  /** What other modules can import from it, and what they cannot but might try to. */
  readonly declarations: ReadonlyMap<string, Declaration>
  /** What can be called in it. */
  readonly scope: ModuleScope
  /** Its own and those of everything it imports. */
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
  }
}

/** Tables of a module that add nothing to itself yet, over those of what it imports, which stay as they are. */
function createTablesOver(below: Tables): Tables {
  return {
    names: layeredMap(below.names),
    calls: layeredMap(below.calls),
    assignments: layeredMap(below.assignments),
    implicitDefaults: layeredMap(below.implicitDefaults),
    homes: layeredMap(below.homes),
    facts: layeredMap(below.facts),
    recursive: new Set(below.recursive),
  }
}

/** The tables of some modules together, and of one more beside them for each that may follow. */
interface Joined {
  readonly tables: Tables
  readonly next: WeakMap<Tables, Joined>
}

const nothing: Joined = { tables: createTables(), next: new WeakMap() }

/** Tables to add a module's names to, whose imports have the given ones. */
export function tablesOver(imported: readonly Tables[]): Tables {
  let joined = nothing
  for (const tables of imported) {
    let next = joined.next.get(tables)
    if (next === undefined) {
      next = { tables: join(joined.tables, tables), next: new WeakMap() }
      joined.next.set(tables, next)
    }
    joined = next
  }
  return createTablesOver(joined.tables)
}

function join(a: Tables, b: Tables): Tables {
  return {
    names: new Map([...a.names, ...b.names]),
    calls: new Map([...a.calls, ...b.calls]),
    assignments: new Map([...a.assignments, ...b.assignments]),
    implicitDefaults: new Map([...a.implicitDefaults, ...b.implicitDefaults]),
    homes: new Map([...a.homes, ...b.homes]),
    facts: new Map([...a.facts, ...b.facts]),
    recursive: new Set([...a.recursive, ...b.recursive]),
  }
}
