import { expandDefinitions } from '../../ir/expand.ts'
import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import { functionLines } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'
import { printModule, type Prelude } from '../python/module.ts'
import { preludeSources as sharedSources } from '../python/prelude-sources.ts'
import { pascalCase } from '../names.ts'
import { beginModule, exportFunctions } from '../python/surroundings.ts'
import type { PrintOptions } from '../target.ts'
import { createTorchBuilder } from './builder.ts'
import { classLines, type ModuleSurroundings } from './class.ts'
import { preludeSources } from './prelude-sources.ts'
import { schedulerLines } from './scheduler.ts'
import { isSpelled } from './spellings.ts'

const prelude: Prelude = { ...sharedSources, ...preludeSources }

/** What modules import, and what methods name of their own. */
const TAKEN =
  'self group slot slots numbers added known own w g t T seed params torch math Tensor TypeVar Any Callable ClassVar Generic ' +
  'NamedTuple Optimizer optimizer total_steps last_epoch factor ParamsT LambdaLR Union annotations dataclass replace overload'

/**
 * One module that depends on PyTorch alone: a class per program, a function and a maker of a scheduler per schedule and decay,
 * those the programs call included. With the runtime to import the module that holds it follows.
 */
export async function printPyTorch(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  { name = programs[0]?.name ?? functions[0]?.name, runtime = 'paste' }: PrintOptions = {},
): Promise<readonly Artifact[]> {
  if (name === undefined || programs.length + functions.length === 0) return []
  const around: ModuleSurroundings = beginModule(TAKEN, prelude, createTorchBuilder)
  const { scope, needs } = around
  // What is exported has its names first.
  const classNames = programs.map((program) => scope.declare(pascalCase(program.name)))
  exportFunctions(around, functions, isSpelled)
  const classes = programs.map((program, index) =>
    classLines(expandDefinitions(program, isSpelled), classNames[index]!, around),
  )
  const entries = around.functions.entries()
  const exported = entries.filter((each) => each.exported)
  if (exported.length > 0) {
    needs.imports.add('from torch.optim.lr_scheduler import LambdaLR')
    needs.imports.add('from torch.optim.optimizer import Optimizer')
  }
  const makers = exported.map((each) => scope.declare(`${each.name}_scheduler`))
  const definitions: readonly Lines[] = [
    ...classes,
    ...entries.map((each) => functionLines(each.name, each.written)),
    ...exported.map((each, index) => schedulerLines(makers[index]!, each.name, each.written)),
  ]
  const names = [...classNames, ...exported.map((each) => each.name), ...makers]
  return printModule({ name, exports: names, definitions, needs }, prelude, runtime)
}
