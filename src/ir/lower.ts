import type { CheckedModule } from '../check/checked-module.ts'
import type { CheckedOptimizer } from '../resolve/resolution.ts'
import { createGraph, reachable } from './build.ts'
import type { Program, ProgramState, ScheduleFunction } from './graph.ts'
import {
  createLowering,
  dependsOnTotalSteps,
  lowerParameter,
  lowerSchedule,
  lowerStatements,
  type LoweredNames,
  type Lowering,
  type Schedules,
} from './lower-body.ts'

/** The graphs of everything a module declares. */
export interface Lowered {
  readonly programs: readonly Program[]
  /** The schedules and decays the module itself declares. */
  readonly functions: readonly ScheduleFunction[]
}

/** The graphs of a module's optimizers, schedules and decays. Total for every checked module that is valid. */
export function lower(checked: CheckedModule): Lowered {
  const schedules: Schedules = new Map()
  return {
    programs: checked.optimizers.map((optimizer) => lowerOptimizer(checked, schedules, optimizer)),
    functions: checked.functions.flatMap((declaration) =>
      declaration.role === 'fn' ? [] : [lowerSchedule(checked, schedules, declaration)],
    ),
  }
}

function lowerOptimizer(
  checked: CheckedModule,
  schedules: Schedules,
  optimizer: CheckedOptimizer,
): Program {
  const lowering = createLowering(checked, createGraph(), schedules)
  const hyperparameters = optimizer.parameters.map((parameter) =>
    lowerParameter(lowering, parameter),
  )
  const environment: LoweredNames = new Map()
  optimizer.parameters.forEach((parameter, index) => {
    const { name, interval: range } = hyperparameters[index]!
    environment.set(parameter, lowering.graph.parameter(undefined, name, range))
  })
  lowerStatements(
    lowering,
    { owner: undefined, instances: new Map() },
    optimizer.statements,
    environment,
  )
  const update = environment.get('update') ?? lowering.graph.constant(0)
  const states = nameStates(lowering)
  const nodes = reachable([update, ...states.flatMap((state) => [state.initial, state.next])])
  return {
    name: optimizer.name,
    documentation: optimizer.documentation,
    hyperparameters,
    states,
    update,
    names: lowering.names,
    usesTotalSteps: nodes.some(dependsOnTotalSteps),
  }
}

/** States of library functions are called what the program calls the value they end up with, else after the function. */
function nameStates(lowering: Lowering): ProgramState[] {
  const taken = new Set<string>()
  const unique = (wanted: string): string => {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    return name
  }
  for (const instance of lowering.instances)
    if (instance.owner === undefined) taken.add(instance.declaration.name.name)
  return lowering.instances.map((instance) => {
    const own = instance.declaration.name.name
    const name =
      instance.owner === undefined
        ? own
        : unique(lowering.names.get(instance.next) ?? `${instance.owner.name.name}_${own}`)
    return {
      name,
      documentation: instance.declaration.documentation,
      initial: instance.initial,
      next: instance.next,
    }
  })
}
