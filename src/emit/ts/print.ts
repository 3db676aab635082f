import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import { loadCompiler } from './text/compiler.ts'
import { formatTypeScript } from './text/format.ts'
import { describeModule } from './module.ts'
import { kebabCase } from './names.ts'

/**
 * One TypeScript module that depends on tfjs-core alone: a class per program, a function per schedule and decay, those
 * the programs call included. `name` is that of the module, without an ending; the first optimizer's or function's when
 * absent.
 */
export async function printTypeScript(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  options: { readonly name?: string } = {},
): Promise<readonly Artifact[]> {
  const name = options.name ?? programs[0]?.name ?? functions[0]?.name
  if (name === undefined) return []
  const compiler = await loadCompiler()
  return formatTypeScript([
    { path: `${kebabCase(name)}.ts`, text: compiler.print(describeModule(programs, functions)) },
  ])
}
