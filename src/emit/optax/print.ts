import { expandDefinitions, expandFunction } from '../../ir/expand.ts'
import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import { capitalize, pascalCase } from '../names.ts'
import type { Needs } from '../python/builder.ts'
import { createFunctions, functionLines } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'
import { printModule, type Prelude } from '../python/module.ts'
import { createPythonNames, snakeCase } from '../python/names.ts'
import { preludeSources as sharedSources } from '../python/prelude-sources.ts'
import type { PrintOptions } from '../target.ts'
import { createJaxBuilder } from './builder.ts'
import { jaxNumbers } from './numbers.ts'
import { preludeSources } from './prelude-sources.ts'
import { scheduleLines } from './schedule.ts'
import { isSpelled } from './spellings.ts'
import {
  transformationLines,
  type ExportedNames,
  type ModuleSurroundings,
} from './transformation.ts'

const prelude: Prelude = { ...sharedSources, ...preludeSources }

/** What modules import, and what functions name of their own. */
const TAKEN =
  'jax jnp np optax math Any Callable NamedTuple Sequence annotations schedule init_value'

/**
 * One module that depends on JAX and optax alone: a function per program that makes a gradient transformation, its state, a
 * function and a maker of a schedule per schedule and decay. With the runtime to import the module that holds it follows.
 */
export async function printOptax(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  { name = programs[0]?.name ?? functions[0]?.name, runtime = 'paste' }: PrintOptions = {},
): Promise<readonly Artifact[]> {
  if (name === undefined || programs.length + functions.length === 0) return []
  const needs: Needs = { prelude: new Set(), imports: new Set() }
  const scope = createPythonNames([...TAKEN.split(' '), ...Object.keys(prelude)])
  const build = createJaxBuilder(needs)
  const numbers = jaxNumbers({ build })
  const table = createFunctions(scope, build, numbers)
  const around: ModuleSurroundings = {
    scope,
    functions: table,
    build,
    need: (called) => {
      needs.prelude.add(called)
      return called
    },
    importing: (statement) => void needs.imports.add(statement),
  }
  // What is exported has its names first.
  const names = programs.map((program): ExportedNames => {
    const transformation = scope.declare(functionName(program.name))
    return {
      transformation,
      state: scope.declare(`${capitalize(pascalCase(program.name))}State`),
      evaluation:
        program.evaluate === undefined ? undefined : scope.declare(`${transformation}_eval_params`),
    }
  })
  table.addExports(functions.map((each) => expandFunction(each, isSpelled)))
  const transformations = programs.flatMap((program, index) =>
    transformationLines(expandDefinitions(program, isSpelled), names[index]!, around),
  )
  const entries = table.entries()
  const exported = entries.filter((each) => each.exported)
  if (entries.length > 0) around.need('Number')
  if (exported.length > 0) needs.imports.add('import optax')
  const makers = exported.map((each) => scope.declare(`${each.name}_schedule`))
  const definitions: readonly Lines[] = [
    ...transformations,
    ...entries.map((each) => functionLines(each.name, each.written, numbers)),
    ...exported.map((each, index) => scheduleLines(makers[index]!, each.name, each.written)),
  ]
  const exports = [
    ...names.flatMap(({ transformation, state, evaluation }) => [
      transformation,
      state,
      ...(evaluation === undefined ? [] : [evaluation]),
    ]),
    ...exported.map((each) => each.name),
    ...makers,
  ]
  return printModule({ name, exports, definitions, needs }, prelude, runtime)
}

/** `ScheduleFreeAdamW` as `schedule_free_adamw`: a capital at the end belongs to the word before it. */
function functionName(program: string): string {
  return snakeCase(program.replace(/(?<=[a-z\d])(?=[A-Z][a-z]|[A-Z]{2})/g, '_')).toLowerCase()
}
