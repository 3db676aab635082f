import type {
  BuiltinName,
  CheckedOptimizer,
  ResolvedCall,
  Resolution,
} from '../resolve/resolution.ts'
import type { LoweredModule } from '../ir/lowering/lower.ts'
import type { Interval } from '../operators/interval.ts'
import type { Placement } from '../operators/type.ts'
import type {
  Call,
  Expression,
  FunctionDeclaration,
  Module,
  Name,
  Parameter,
  SpaceDeclaration,
  State,
  Statement,
} from '../syntax/ast.ts'

/** What is known of an expression before the program runs. `boolean`: a comparison, usable only as a condition. */
export interface Type extends Placement {
  readonly boolean: boolean
  readonly interval: Interval
}

/** A module whose names are resolved and whose types are known. The maps also cover every module it imports. */
export interface CheckedModule {
  readonly module: Module
  readonly optimizers: readonly CheckedOptimizer[]
  /** The functions, schedules and decays the module itself declares, in source order. */
  readonly functions: readonly FunctionDeclaration[]
  readonly spaces: readonly SpaceDeclaration[]
  readonly names: ReadonlyMap<Name, Resolution>
  readonly calls: ReadonlyMap<Call, ResolvedCall>
  /** The state an assignment changes; `update` assignments are not in it. */
  readonly assignments: ReadonlyMap<Statement, State>
  /**
   * The implicit default of a parameter without a written one: a parameter of a function called `t`, `T`, `g` or `w`
   * stands for the builtin of that name unless an argument is given.
   */
  readonly implicitDefaults: ReadonlyMap<Parameter, BuiltinName>
  /** The graphs of what it declares; with holes in them when it is not valid. */
  readonly lowered: LoweredModule
  /** The type of every expression of the module itself; inside a function, for parameters that can be anything allowed. */
  readonly types: ReadonlyMap<Expression, Type>
  /** False when an error was reported in the module or in one it imports: its graphs then have no meaning. */
  readonly valid: boolean
}
