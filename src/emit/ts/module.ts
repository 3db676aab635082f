import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import { expandDefinitions, expandFunction } from '../../ir/expand.ts'
import { describeClass } from './class/class.ts'
import type { Description } from './text/description.ts'
import { isSpelled } from './spellings.ts'
import { createFunctionTable } from './function.ts'
import { createNamePool } from './names.ts'
import type { PreludeName } from './prelude-sources.ts'
import { preludeNames, preludePieces } from './prelude-text.ts'
import type { ModuleSurroundings } from './class/settings.ts'
import {
  hyperparameterType,
  limitsType,
  supportFunctions,
  supportNames,
  type SupportName,
} from './class/support.ts'

/**
 * The pieces of one module: classes first, then the schedules and decays, then what both of them call. Operators that
 * TypeScript does not spell are written by their definitions.
 */
export function describeModule(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
): Description[] {
  const preludeNeeds = new Set<PreludeName>()
  const supportNeeds = new Set<SupportName>()
  const need = (name: PreludeName): void => void preludeNeeds.add(name)
  const scope = createNamePool([
    'tf',
    hyperparameterType.name,
    limitsType.name,
    ...supportNames,
    ...preludeNames,
  ])
  const table = createFunctionTable(scope, need)
  const around: ModuleSurroundings = {
    scope,
    functions: table,
    need,
    support: (name) => {
      supportNeeds.add(name)
      return name
    },
  }
  for (const each of functions) table.add(expandFunction(each, isSpelled))
  const classes = programs.flatMap((program) =>
    describeClass(expandDefinitions(program, isSpelled), around),
  )
  const prelude = [...preludePieces(preludeNeeds)]
  const takesHyperparameters = programs.some((program) => program.hyperparameters.length > 0)
  const usesTensors = programs.length > 0 || prelude.some(([, { usesTensors }]) => usesTensors)
  return [
    ...(usesTensors
      ? [{ kind: 'import', namespace: 'tf', from: '@tensorflow/tfjs-core' } as const]
      : []),
    ...(takesHyperparameters ? [hyperparameterType] : []),
    ...classes,
    ...table.descriptions(),
    ...(takesHyperparameters ? [limitsType] : []),
    ...supportFunctions(supportNeeds),
    ...prelude.map(
      ([name, { text, isType = false }]) => ({ kind: 'prelude', name, text, isType }) as const,
    ),
  ]
}
