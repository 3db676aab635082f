import { expandDefinitions } from '../../ir/expand.ts'
import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import { pascalCase } from '../names.ts'
import { functionLines } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'
import { printModule, type Prelude } from '../python/module.ts'
import { preludeSources as sharedSources } from '../python/prelude-sources.ts'
import { beginModule, exportFunctions } from '../python/surroundings.ts'
import type { PrintOptions } from '../target.ts'
import { createKerasBuilder } from './builder.ts'
import { classLines, type ModuleSurroundings } from './class.ts'
import { kerasNumbers } from './expression.ts'
import { scheduleLines, scheduleName } from './schedule.ts'
import { isSpelled, ownPrelude } from './spellings.ts'

const prelude: Prelude = { ...sharedSources, ...ownPrelude }

/** What modules import, and what methods name of their own. */
const TAKEN =
  'keras ops np math functools Any Callable Iterator Sequence contextmanager annotations self variable'

/**
 * One module that depends on Keras alone, whatever its backend: a class per program, a function and a class of learning rates per
 * schedule and decay. With the runtime to import the module that holds it follows.
 */
export async function printKeras(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  { name = programs[0]?.name ?? functions[0]?.name, runtime = 'paste' }: PrintOptions = {},
): Promise<readonly Artifact[]> {
  if (name === undefined || programs.length + functions.length === 0) return []
  const around: ModuleSurroundings = beginModule(TAKEN, prelude, createKerasBuilder, kerasNumbers)
  const { scope, needs } = around
  // What is exported has its names first.
  const classNames = programs.map((program) => scope.declare(pascalCase(program.name)))
  exportFunctions(around, functions, isSpelled)
  const classes = programs.map((program, index) =>
    classLines(expandDefinitions(program, isSpelled), classNames[index]!, around),
  )
  const entries = around.functions.entries()
  const exported = entries.filter((each) => each.exported)
  if (entries.length > 0) around.need('Number')
  if (exported.length > 0)
    for (const each of ['import keras', 'from keras import ops', 'from typing import Any'])
      around.importing(each)
  const schedules = exported.map((each) => scope.declare(scheduleName(each.name)))
  const evaluates = programs.some(({ evaluate }) => evaluate !== undefined)
  if (evaluates) around.need('EvaluationWeights')
  const definitions: readonly Lines[] = [
    ...classes,
    ...entries.map((each) => functionLines(each.name, each.written, kerasNumbers(around.build))),
    ...exported.map((each, index) => scheduleLines(schedules[index]!, each.name, each.written)),
  ]
  const exports = [
    ...classNames,
    ...(evaluates ? ['EvaluationWeights'] : []),
    ...exported.map((each) => each.name),
    ...schedules,
  ]
  return printModule({ name, exports, definitions, needs }, prelude, runtime)
}
