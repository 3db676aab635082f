import { expandDefinitions } from '../../ir/expand.ts'
import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import { capitalize, pascalCase } from '../names.ts'
import { functionLines } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'
import { printModule, type Prelude } from '../python/module.ts'
import { snakeCase } from '../python/names.ts'
import { preludeSources as sharedSources } from '../python/prelude-sources.ts'
import { beginModule, exportFunctions } from '../python/surroundings.ts'
import type { PrintOptions } from '../target.ts'
import { createJaxBuilder } from './builder.ts'
import { jaxNumbers } from './numbers.ts'
import { scheduleLines } from './schedule.ts'
import { isSpelled, ownPrelude } from './spellings.ts'
import {
  transformationLines,
  type ExportedNames,
  type ModuleSurroundings,
} from './transformation.ts'

const prelude: Prelude = { ...sharedSources, ...ownPrelude }

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
  const around: ModuleSurroundings = beginModule(TAKEN, prelude, createJaxBuilder, (build) =>
    jaxNumbers({ build }),
  )
  const { scope, needs } = around
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
  exportFunctions(around, functions, isSpelled)
  const transformations = programs.flatMap((program, index) =>
    transformationLines(expandDefinitions(program, isSpelled), names[index]!, around),
  )
  const entries = around.functions.entries()
  const exported = entries.filter((each) => each.exported)
  if (entries.length > 0) around.need('Number')
  if (exported.length > 0) needs.imports.add('import optax')
  const makers = exported.map((each) => scope.declare(`${each.name}_schedule`))
  const definitions: readonly Lines[] = [
    ...transformations,
    ...entries.map((each) => functionLines(each.name, each.written, jaxNumbers(around))),
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
