import type { Operator } from '../../operators/operator.ts'
import { choiceOperator, isFreshDraw } from '../../operators/table.ts'
import { MAXIMUM_SIZE } from '../../resolve/program-size.ts'
import type { ResolvedCall } from '../../resolve/resolution.ts'
import type { Call, Expression } from '../../syntax/ast.ts'
import { operatorOf } from '../../syntax/operator-of.ts'
import { isFromShape } from '../build.ts'
import type { Condition } from '../condition.ts'
import type { GraphNode } from '../graph.ts'
import { callFunction } from './calls.ts'
import { under, type Frame, type LoweredNames, type Lowering } from './lowering.ts'
import type { Occurrence, Operand } from './occurrence.ts'
import { defaultValue } from './parameters.ts'

export function lowerExpression(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  environment: LoweredNames,
): GraphNode {
  if (expression.kind === 'call') {
    const resolved = lowering.resolved.tables.calls.get(expression)
    if (resolved?.kind === 'function')
      return lowerCall(lowering, frame, expression, resolved, environment)
  }
  const applied = appliedBy(lowering, expression)
  if (applied !== undefined) return lowerOperator(lowering, frame, expression, applied, environment)
  const node = lowerLeaf(lowering, frame, expression, environment)
  note(frame, { expression, node, condition: frame.condition, operands: NONE })
  return node
}

const NONE: readonly Operand[] = []

function note(frame: Frame, occurrence: Occurrence): void {
  frame.occurrences.set(occurrence.expression, occurrence)
}

interface Applied {
  readonly operator: Operator
  readonly arguments: readonly Expression[]
}

/** What an expression applies; undefined where it applies nothing, or not as many arguments as the operator has. */
function appliedBy({ resolved }: Lowering, expression: Expression): Applied | undefined {
  let applied: { operator: Operator | undefined; arguments: readonly Expression[] } | undefined
  if (expression.kind === 'unary')
    applied = { operator: operatorOf(expression), arguments: [expression.operand] }
  else if (expression.kind === 'binary')
    applied = { operator: operatorOf(expression), arguments: [expression.left, expression.right] }
  else if (expression.kind === 'call') {
    const call = resolved.tables.calls.get(expression)
    if (call?.kind === 'operator') applied = call
  }
  if (applied?.operator === undefined) return undefined
  const { operator, arguments: arguments_ } = applied
  return operator.parameters.length === arguments_.length
    ? { operator, arguments: arguments_ }
    : undefined
}

/** An expression that applies nothing, or that cannot be applied: then what is in it is lowered all the same. */
function lowerLeaf(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  environment: LoweredNames,
): GraphNode {
  const { graph, resolved } = lowering
  switch (expression.kind) {
    case 'number':
      return graph.constant(expression.value)
    case 'name': {
      const resolution = resolved.tables.names.get(expression)
      if (resolution?.kind === 'builtin')
        return (
          (resolution.name === 'w' ? environment.get('w') : undefined) ??
          graph.input(resolution.name)
        )
      if (resolution?.kind === 'constant') return graph.constant(resolution.value)
      return (resolution && environment.get(resolution.declaration)) ?? graph.hole()
    }
    case 'call':
      for (const { value } of expression.arguments)
        lowerExpression(lowering, frame, value, environment)
      return graph.hole()
    case 'unary':
    case 'binary':
    case 'missing':
      return graph.hole()
  }
}

function lowerOperator(
  lowering: Lowering,
  frame: Frame,
  expression: Expression,
  { operator, arguments: arguments_ }: Applied,
  environment: LoweredNames,
): GraphNode {
  const { graph } = lowering
  const operands: Operand[] = []
  for (let index = 0; index < arguments_.length; index++) {
    const inner =
      operator === choiceOperator && index > 0
        ? under(frame, operands[0]!.node, index === 1)
        : frame
    const written = arguments_[index]!
    const node = lowerExpression(lowering, inner, written, environment)
    operands.push({ expression: written, node, condition: inner.condition })
  }
  const nodes = operands.map((operand) => operand.node)
  const node =
    operator.kind === 'random'
      ? graph.apply(operator, nodes, siteOf(lowering, operator, nodes))
      : operator.kind === 'shape' && !isWeights(lowering, arguments_[0])
        ? graph.hole()
        : graph.apply(operator, operator.kind === 'shape' ? [graph.input('w')] : nodes)
  note(frame, { expression, node, condition: frame.condition, operator, operands })
  return node
}

/** Whether the expression is the name `w`, about which alone there are facts. */
function isWeights({ resolved }: Lowering, expression: Expression | undefined): boolean {
  const resolution = expression?.kind === 'name' ? resolved.tables.names.get(expression) : undefined
  return resolution?.kind === 'builtin' && resolution.name === 'w'
}

function lowerCall(
  lowering: Lowering,
  frame: Frame,
  expression: Call,
  { declaration, arguments: arguments_ }: Extract<ResolvedCall, { kind: 'function' }>,
  environment: LoweredNames,
): GraphNode {
  const { facts, recursive } = lowering.resolved.tables
  const known = facts.get(declaration)
  const inner =
    known?.state === true ? { ...frame, condition: onEveryStep(frame.condition) } : frame
  const operands = declaration.parameters.map((parameter, index): Operand => {
    const written = arguments_[index]
    const node =
      written === undefined
        ? defaultValue(lowering, parameter)
        : lowerExpression(lowering, inner, written, environment)
    return { expression: written, node, condition: inner.condition }
  })
  const hasValue = !recursive.has(declaration) && (known?.size ?? 0) <= MAXIMUM_SIZE
  const called = hasValue
    ? callFunction(
        lowering,
        declaration,
        operands.map(({ node }) => node),
        environment.get('w'),
      )
    : { node: lowering.graph.hole(), callee: undefined }
  note(frame, {
    expression,
    node: called.node,
    condition: frame.condition,
    operands,
    call: { expression, declaration, callee: called.callee, condition: inner.condition },
  })
  return called.node
}

/** Those of the conditions that hold on every step or on none, as they are about shapes. */
function onEveryStep(condition: Condition | undefined): Condition | undefined {
  if (condition === undefined) return undefined
  const above = onEveryStep(condition.above)
  if (!isFromShape(condition.node)) return above
  return above === condition.above ? condition : { ...condition, above }
}

/**
 * Equal draws of one program share a stream, but for those that only their place tells apart; different ones are numbered in
 * the order of the source.
 */
function siteOf({ sites }: Lowering, operator: Operator, arguments_: readonly GraphNode[]): number {
  const next = sites.size + 1
  const own = isFreshDraw(operator) ? [`place ${next}`] : arguments_.map(({ id }) => id)
  const key = `${operator.name} ${own.join(' ')}`
  const site = sites.get(key) ?? next
  sites.set(key, site)
  return site
}
