import { choiceOperator } from '../../operators/table.ts'
import { EVALUATE, UPDATE } from '../../resolve/builtins.ts'
import type { Block, If, State, Statement } from '../../syntax/ast.ts'
import { isMask } from '../build.ts'
import type { GraphNode } from '../graph.ts'
import { lowerExpression } from './expressions.ts'
import {
  under,
  type Frame,
  type LoweredNames,
  type Lowering,
  type StateInstance,
} from './lowering.ts'

/** Lowers statements in their order; what they define is added to `environment`. */
export function lowerStatements(
  lowering: Lowering,
  frame: Frame,
  statements: readonly Statement[],
  environment: LoweredNames,
): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let': {
        const value = lowerExpression(lowering, frame, statement.value, environment)
        environment.set(statement, value)
        nameNode(lowering, frame, value, statement.name.name)
        break
      }
      case 'state': {
        const initial = lowerExpression(lowering, frame, statement.value, environment)
        environment.set(
          statement,
          openState(lowering, frame, statement, numberOf(lowering, initial)),
        )
        break
      }
      case 'assign': {
        if (statement.target.name === EVALUATE && frame.owner === undefined) {
          lowering.evaluations.push({ statement, frame, environment })
          break
        }
        const value = numberOf(
          lowering,
          lowerExpression(lowering, frame, statement.value, environment),
        )
        const state = lowering.resolved.tables.assignments.get(statement)
        if (state === undefined) {
          if (statement.target.name === UPDATE) environment.set('update', value)
        } else {
          nameNode(lowering, frame, value, statement.target.name)
          setState(frame, state, value, environment)
        }
        break
      }
      case 'return':
        environment.set('return', lowerExpression(lowering, frame, statement.value, environment))
        break
      case 'if':
        lowerIf(lowering, frame, statement, environment)
    }
  }
}

/** The node, or a hole where it is a comparison, which is no number. */
export function numberOf({ graph }: Lowering, node: GraphNode): GraphNode {
  return isMask(node) ? graph.hole() : node
}

function openState(
  lowering: Lowering,
  frame: Frame,
  declaration: State,
  initial: GraphNode,
): GraphNode {
  if (lowering.isStateless) return lowering.graph.hole()
  const index = lowering.instances.length
  const node = lowering.graph.state(index)
  const instance = { declaration, index, initial, owner: frame.owner, next: node }
  lowering.instances.push(instance)
  frame.instances.set(declaration, instance)
  return node
}

function setState(frame: Frame, state: State, value: GraphNode, environment: LoweredNames): void {
  environment.set(state, value)
  const instance = frame.instances.get(state)
  if (instance !== undefined) instance.next = value
}

/** Both sides are lowered; what they assign differently becomes a `where` on the condition. */
function lowerIf(lowering: Lowering, frame: Frame, statement: If, environment: LoweredNames): void {
  const condition = lowerExpression(lowering, frame, statement.condition, environment)
  const before = new Map([...frame.instances].map(([state, instance]) => [state, instance.next]))
  const lowerSide = (side: Block | If | undefined, truth: boolean): LoweredNames => {
    for (const [state, instance] of frame.instances)
      instance.next = before.get(state) ?? instance.next
    const inner: LoweredNames = new Map(environment)
    const inside = under(frame, condition, truth)
    if (side?.kind === 'block') lowerStatements(lowering, inside, side.statements, inner)
    else if (side?.kind === 'if') lowerIf(lowering, inside, side, inner)
    return inner
  }
  const nextAfter = (): Map<StateInstance, GraphNode> =>
    new Map([...frame.instances.values()].map((instance) => [instance, instance.next]))

  const thenSide = lowerSide(statement.then, true)
  const thenNext = nextAfter()
  const otherwiseSide = lowerSide(statement.otherwise, false)
  const otherwiseNext = nextAfter()

  for (const instance of frame.instances.values()) {
    const own = lowering.graph.state(instance.index)
    const unchanged = before.get(instance.declaration) ?? own
    instance.next = choose(
      lowering,
      condition,
      thenNext.get(instance) ?? unchanged,
      otherwiseNext.get(instance) ?? unchanged,
    )
  }
  for (const key of new Set([...thenSide.keys(), ...otherwiseSide.keys()])) {
    const a = thenSide.get(key) ?? otherwiseSide.get(key)!
    const b = otherwiseSide.get(key) ?? a
    if (key === 'update' || key === 'return' || environment.has(key))
      environment.set(key, choose(lowering, condition, a, b))
  }
}

/** One of two values by a condition. */
export function choose(
  lowering: Lowering,
  condition: GraphNode,
  a: GraphNode,
  b: GraphNode,
): GraphNode {
  return a === b ? a : lowering.graph.apply(choiceOperator, [condition, a, b])
}

/** Names in the optimizer itself win over names inside the functions it calls; plain inputs and numbers keep their own. */
function nameNode(lowering: Lowering, frame: Frame, node: GraphNode, name: string): void {
  if (node.kind !== 'apply' && node.kind !== 'call') return
  if (frame.owner === undefined || !lowering.names.has(node)) lowering.names.set(node, name)
}
