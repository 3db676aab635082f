import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import { expandDefinitions, expandFunction } from '../../ir/expand.ts'
import type { Runtime } from '../target.ts'
import { describeClass } from './class/class.ts'
import type { ModuleSurroundings } from './class/settings.ts'
import { isSpelled } from './spellings.ts'
import { createFunctionTable } from './function.ts'
import { createNamePool, LOCAL_NAMES, pascalCase } from './names.ts'
import type { PreludeName } from './prelude-sources.ts'
import { importShared, pasteShared, sharedNames } from './shared.ts'
import type { Description } from './text/description.ts'

/**
 * The pieces of one module: classes first, then the schedules and decays, then what both of them call. Operators that
 * TypeScript does not spell are written by their definitions. The classes and the given functions are exported, the
 * functions that they call are not.
 */
export function describeModule(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  runtime: Runtime = 'paste',
): Description[] {
  const prelude = new Set<PreludeName>()
  const need = (name: PreludeName): PreludeName => {
    prelude.add(name)
    return name
  }
  const scope = createNamePool([...LOCAL_NAMES, ...sharedNames])
  const table = createFunctionTable(scope, need)
  const around: ModuleSurroundings = {
    scope,
    functions: table,
    need,
  }
  // What is exported has its names first.
  const classNames = programs.map(({ name }) => scope.declare(pascalCase(name)))
  table.addExports(functions.map((each) => expandFunction(each, isSpelled)))
  const classes = programs.flatMap((program, index) =>
    describeClass(expandDefinitions(program, isSpelled), classNames[index]!, around),
  )
  const surround = runtime === 'import' ? importShared : pasteShared
  return surround([...classes, ...table.descriptions()], {
    prelude,
    hasClasses: programs.length > 0,
  })
}
