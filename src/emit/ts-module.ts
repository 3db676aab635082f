import type { Program, ScheduleFunction } from '../ir/graph.ts'
import { describeClass } from './ts-class.ts'
import type { Description } from './ts-description.ts'
import { createFunctionTable } from './ts-function.ts'
import { createScope } from './ts-names.ts'
import type { PreludeName } from './ts-prelude-sources.ts'
import { preludeFunctions, preludeNames } from './ts-prelude-text.ts'
import type { ModuleSurroundings } from './ts-settings.ts'
import {
  hyperparameterType,
  namedTensorType,
  supportFunctions,
  supportNames,
  type SupportName,
} from './ts-support.ts'

/** The pieces of one module: classes first, then the schedules and decays, then what both of them call. */
export function describeModule(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
): Description[] {
  const preludeNeeds = new Set<PreludeName>()
  const supportNeeds = new Set<SupportName>()
  const need = (name: PreludeName): void => void preludeNeeds.add(name)
  const scope = createScope([
    'tf',
    hyperparameterType.name,
    namedTensorType.name,
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
  functions.forEach(table.add)
  const classes = programs.flatMap((program) => describeClass(program, around))
  const prelude = [...preludeFunctions(preludeNeeds)]
  const takesHyperparameters = programs.some((program) => program.hyperparameters.length > 0)
  const usesTensors = programs.length > 0 || prelude.some(([, { usesTensors }]) => usesTensors)
  return [
    ...(usesTensors
      ? [{ kind: 'import', namespace: 'tf', from: '@tensorflow/tfjs-core' } as const]
      : []),
    ...(takesHyperparameters ? [hyperparameterType] : []),
    ...classes,
    ...table.descriptions(),
    ...(programs.length > 0 ? [namedTensorType] : []),
    ...supportFunctions(supportNeeds),
    ...prelude.map(([name, { text }]) => ({ kind: 'prelude', name, text }) as const),
  ]
}
