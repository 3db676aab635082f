import type {
  BuiltinName,
  CheckedOptimizer,
  ResolvedCall,
  Resolution,
} from '../resolve/resolution.ts'
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
  /** Decays that are neither proved nor refuted to stay in [0, 1]: what is emitted limits them. */
  readonly unprovedDecays: ReadonlySet<FunctionDeclaration>
  /** The type of every expression of the module itself; inside a function, for parameters that can be anything allowed. */
  readonly types: ReadonlyMap<Expression, Type>
  /** False when an error was reported in the module or in one it imports; lowering then must not be asked for. */
  readonly valid: boolean
}
