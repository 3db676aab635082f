import type { Space } from './space/space.ts'
import type { Node, OptimizerDeclaration, Parameter } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { transform, visit } from '../syntax/traverse.ts'
import { statementsWithin } from './scope.ts'
import { copy } from './template.ts'

/** The hyperparameters, in steps, that the learning rate and the momentum of a space's rules follow. */
export function scheduleParameters(): readonly Parameter[] {
  const steps = build.range(build.number(0), build.name('inf'), { highOpen: true })
  return ['warmup', 'hold'].map((name) =>
    build.parameter(name, { range: steps, default: build.number(0) }),
  )
}

/**
 * The optimizer with `warmup` and `hold`, which outer forms need. One without `warmup` gets its schedule through `lr`: it
 * reads the space's learning rate instead, so that it still follows the same schedule. What a state is before the first
 * step cannot follow a schedule and stays as it is.
 */
export function withSchedule(space: Space, optimizer: OptimizerDeclaration): OptimizerDeclaration {
  const names = new Set(optimizer.parameters.map(({ name }) => name.name))
  const missing = scheduleParameters().filter(({ name }) => !names.has(name.name))
  const initial = new Set<Node>()
  for (const { statement } of statementsWithin([optimizer.body]))
    if (statement.kind === 'state') visit(statement, { enter: (node) => void initial.add(node) })
  const body = names.has('warmup')
    ? optimizer.body
    : transform(optimizer.body, (node) =>
        node.kind === 'name' && node.name === 'lr' && !initial.has(node) ? copy(space.rate) : node,
      )
  return { ...optimizer, parameters: [...optimizer.parameters, ...missing], body }
}
