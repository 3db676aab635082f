import { expandFunction } from '../../ir/expand.ts'
import type { ScheduleFunction } from '../../ir/graph.ts'
import type { Operator } from '../../operators/operator.ts'
import type { FunctionTable } from '../function-table.ts'
import type { NamePool } from '../names.ts'
import type { Builder, Needs } from './builder.ts'
import {
  createFunctions,
  plainNumbers,
  type FunctionNumbers,
  type WrittenFunction,
} from './function.ts'
import type { Prelude } from './module.ts'
import { createPythonNames } from './names.ts'

/** What the module around a definition provides. */
export interface ModuleSurroundings<Build extends Builder, Name extends string> {
  /** The names of the module. */
  readonly scope: NamePool
  readonly functions: FunctionTable<WrittenFunction>
  readonly build: Build
  readonly needs: Needs
  /** Notes that a piece of the prelude is used, and gives its name. */
  need(name: Name): string
  /** Notes that a statement imports what is used. */
  importing(statement: string): void
}

/** A module that is begun: `taken` are the names it cannot give. */
export function beginModule<Build extends Builder, Name extends string>(
  taken: string,
  prelude: Prelude,
  createBuild: (needs: Needs) => Build,
  numbersOf: (build: Build) => FunctionNumbers = () => plainNumbers,
): ModuleSurroundings<Build, Name> {
  const needs: Needs = { prelude: new Set(), imports: new Set() }
  const scope = createPythonNames([...taken.split(' '), ...Object.keys(prelude)])
  const build = createBuild(needs)
  return {
    scope,
    functions: createFunctions(scope, build, numbersOf(build)),
    build,
    needs,
    need: (called) => {
      needs.prelude.add(called)
      return called
    },
    importing: (statement) => void needs.imports.add(statement),
  }
}

/** Takes functions that users import into a module. */
export function exportFunctions(
  { functions: table }: Pick<ModuleSurroundings<Builder, string>, 'functions'>,
  functions: readonly ScheduleFunction[],
  isSpelled: (operator: Operator) => boolean,
): void {
  table.addExports(functions.map((each) => expandFunction(each, isSpelled)))
}
