import type { Source } from '../diagnostics/source.ts'
import type { Operator } from '../operators/operator.ts'
import type {
  Documentation,
  Expression,
  FunctionDeclaration,
  Let,
  OptimizerDeclaration,
  Parameter,
  State,
  Statement,
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

/** An optimizer of a module, written with `optimizer` or made of a file's statements (then with the parameter `lr`). */
export interface CheckedOptimizer {
  readonly name: string
  readonly documentation: Documentation
  readonly parameters: readonly Parameter[]
  readonly statements: readonly Statement[]
  /** Undefined when the optimizer is a file's statements. */
  readonly declaration: OptimizerDeclaration | undefined
}
