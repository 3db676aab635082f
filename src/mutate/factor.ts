import type { Space } from './space/space.ts'
import { productOperator } from '../operators/table.ts'
import type { Call, Expression, FunctionDeclaration, Item, Module, Node } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { transform, visit } from '../syntax/traverse.ts'
import { viewCurve } from './curve.ts'
import type { Graph } from './graph.ts'
import { readScope } from './scope.ts'
import { fill } from './template.ts'
import { readUpdates } from './update.ts'

/** The schedule that multiplies a rule's learning rate: `schedule factor(t) = curve`, called by the optimizer. */
export interface Factor {
  readonly declaration: FunctionDeclaration
  readonly curve: Graph<Expression>
}

const NAME = 'factor'

/** The first schedule of a module that is a point of the space's slot and that the first optimizer multiplies by. */
export function findFactor(space: Space, module: Module): Factor | undefined {
  const group = space.schedule?.factor
  const optimizer = module.items.find((item) => item.kind === 'optimizer')
  if (group === undefined || optimizer === undefined) return undefined
  const multiplied = new Set<string>()
  visit(optimizer, {
    enter: (node) => {
      if (node.kind !== 'binary' || node.operator !== productOperator.name) return
      for (const side of [node.left, node.right])
        if (side.kind === 'call') multiplied.add(side.callee.name)
    },
  })
  for (const item of module.items) {
    if (item.kind !== 'function' || item.role !== 'schedule' || item.body.kind === 'block') continue
    const isOfStep = item.parameters.every(({ name }) => name.name === 't')
    if (!isOfStep || !multiplied.has(item.name.name)) continue
    const curve = viewCurve(group, item.body)
    if (curve !== undefined) return { declaration: item, curve }
  }
  return undefined
}

/** The module with a schedule of its own, which every update of its optimizer is multiplied by. */
export function addFactor(space: Space, module: Module, curve: Expression): Module {
  const scope = readScope(module)
  if (scope === undefined) return module
  const named = unusedName(module)
  const call = (): Call => build.call(named, build.name('t'))
  const declaration = build.functionDeclaration('schedule', named, [build.parameter('t')], curve)
  const steps = new Map<Node, Expression>(
    readUpdates(space, scope).map(({ statement, form, step, core, rate }) => {
      const scaled =
        rate === undefined
          ? build.binary(productOperator.name, call(), step)
          : build.binary(
              productOperator.name,
              build.binary(productOperator.name, rate, call()),
              core,
            )
      return [statement, form === undefined ? scaled : fill(space.forms[form]!, [scaled])]
    }),
  )
  const optimizer = transform(scope.optimizer, (node) => {
    const value = steps.get(node)
    return value !== undefined && node.kind === 'assign' ? { ...node, value } : node
  })
  const items = module.items.flatMap((item): Item[] =>
    item === scope.optimizer ? [declaration, optimizer] : [item],
  )
  return { ...module, items }
}

/** The module with another curve in the place of its factor. */
export function replaceFactor(module: Module, factor: Factor, curve: Expression): Module {
  const changed = { ...factor.declaration, body: curve }
  return {
    ...module,
    items: module.items.map((item) => (item === factor.declaration ? changed : item)),
  }
}

/** The module without its factor. */
export function removeFactor(module: Module, { declaration }: Factor): Module {
  const isFactor = (node: Expression): boolean =>
    node.kind === 'call' && node.callee.name === declaration.name.name
  const items = module.items.filter((item) => item !== declaration)
  return transform({ ...module, items }, (node) => {
    if (node.kind !== 'binary' || node.operator !== productOperator.name) return node
    if (isFactor(node.left)) return node.right
    return isFactor(node.right) ? node.left : node
  })
}

function unusedName(module: Module): string {
  const taken = new Set<string>()
  visit(module, {
    enter: (node) => {
      if (node.kind === 'identifier' || node.kind === 'name') taken.add(node.name)
    },
  })
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME}${number}`
    if (!taken.has(name)) return name
  }
}
