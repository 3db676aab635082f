import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import { expandDefinitions, expandFunction } from '../../ir/expand.ts'
import type { Runtime } from '../target.ts'
import { describeClass } from './class/class.ts'
import type { ModuleSurroundings } from './class/settings.ts'
import { isSpelled } from './spellings.ts'
import { createFunctions } from './function.ts'
import type { Encodings } from '../kernels/wasm/module.ts'
import { createKernelTable } from './kernels/table.ts'
import { createNamePool, LOCAL_NAMES, pascalCase } from './names.ts'
import type { PreludeName } from './prelude-sources.ts'
import { importShared, pasteShared, sharedNames } from './shared.ts'
import type { Description } from './text/description.ts'

/** What form a module has. */
export interface ModuleForm {
  /** `paste` when absent. */
  readonly runtime?: Runtime
  /** How the kernels are encoded by which its classes step where the backend in use runs them; none when absent. */
  readonly kernels?: Encodings | undefined
}

/**
 * The pieces of one module: classes first, then the schedules and decays, then what both of them call. Operators that
 * TypeScript does not spell are written by their definitions. The classes and the given functions are exported, the
 * functions that they call are not.
 */
export function describeModule(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  { runtime = 'paste', kernels }: ModuleForm = {},
): Description[] {
  const prelude = new Set<PreludeName>()
  const need = (name: PreludeName): PreludeName => {
    prelude.add(name)
    return name
  }
  const scope = createNamePool([...LOCAL_NAMES, ...sharedNames])
  const table = createFunctions(scope, need)
  const ofKernels = kernels && createKernelTable(scope, need, kernels)
  const around: ModuleSurroundings = { scope, functions: table, need, kernels: ofKernels }
  // What is exported has its names first.
  const classNames = programs.map(({ name }) => scope.declare(pascalCase(name)))
  table.addExports(functions.map((each) => expandFunction(each, isSpelled)))
  const classes = programs.flatMap((program, index) =>
    describeClass(expandDefinitions(program, isSpelled), classNames[index]!, around),
  )
  const surround = runtime === 'import' ? importShared : pasteShared
  const constants = ofKernels?.descriptions() ?? []
  return surround([...classes, ...constants, ...table.descriptions()], {
    prelude,
    hasClasses: programs.length > 0,
  })
}
