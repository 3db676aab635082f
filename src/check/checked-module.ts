import type { Source } from '../diagnostics/source.ts'
import type { Interval } from '../operators/interval.ts'
import type { Operator } from '../operators/operator.ts'
import type { Placement } from '../operators/type.ts'
import type {
  Call,
  Expression,
  FunctionDeclaration,
  Let,
  Module,
  Name,
  OptimizerDeclaration,
  Parameter,
  SpaceDeclaration,
  State,
  Statement,
  Documentation,
} from '../syntax/ast.ts'

/**
 * Finds the text of an import: `specifier` as written (`std/momentum`, `./file.opt`), `from` the path of the importing
 * file. The path of the answer identifies the module: equal paths are the same module. Undefined when there is no such file.
 */
export type ModuleLoader = (specifier: string, from: string) => Source | undefined

/** Names that are always there and are not operators. */
export type BuiltinName = 'g' | 'w' | 't' | 'T'

/** What a written name stands for. */
export type Resolution =
  | { readonly kind: 'builtin'; readonly name: BuiltinName }
  | { readonly kind: 'constant'; readonly name: string; readonly value: number }
  | { readonly kind: 'parameter'; readonly declaration: Parameter }
  | { readonly kind: 'let'; readonly declaration: Let }
  | { readonly kind: 'state'; readonly declaration: State }

/** What a call calls, with one entry per parameter: the argument's expression, or undefined where the default holds. */
export type ResolvedCall =
  | {
      readonly kind: 'operator'
      readonly operator: Operator
      readonly arguments: readonly Expression[]
    }
  | {
      readonly kind: 'function'
      readonly declaration: FunctionDeclaration
      readonly arguments: readonly (Expression | undefined)[]
    }

/** What is known of an expression before the program runs. `boolean`: a comparison, usable only as a condition. */
export interface Type extends Placement {
  readonly boolean: boolean
  readonly interval: Interval
}

/** An optimizer of a module, written with `optimizer` or made of a file's statements (then with the parameter `lr`). */
export interface CheckedOptimizer {
  readonly name: string
  readonly documentation: Documentation
  readonly parameters: readonly Parameter[]
  readonly statements: readonly Statement[]
  /** Undefined when the optimizer is a file's statements. */
  readonly declaration: OptimizerDeclaration | undefined
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
