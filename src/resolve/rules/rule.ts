import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Module } from '../../syntax/ast.ts'
import type { Tables } from '../resolved-module.ts'
import type { ModuleScope } from '../scope.ts'

/** What a rule sees of the module it checks, its names resolved. */
export interface RuleContext {
  readonly path: string
  readonly module: Module
  readonly scope: ModuleScope
  readonly tables: Tables
  readonly report: (diagnostic: Diagnostic) => void
}
