import type { GraphNode, Program } from '../../src/ir/graph.ts'
import type { Matrix, MatrixArguments, Operator } from '../../src/operators/operator.ts'
import { choiceOperator } from '../../src/operators/table.ts'
import { flushed } from '../operators/backend-bounds.ts'
import { hostNodes } from './blur.ts'

/**
 * `program` as a backend computes it that flushes: operations on tensors read and write subnormal numbers as zeros. What the host works
 * out stays as it is.
 */
export function withFlushes(program: Program): Program {
  const isHost = hostNodes(program)
  const made = new Map<GraphNode, GraphNode>()
  const clone = (node: GraphNode): GraphNode => {
    const known = made.get(node)
    if (known !== undefined) return known
    let cloned = node
    if (node.kind === 'call')
      cloned = { ...node, arguments: node.arguments.map((argument) => clone(argument)) }
    if (node.kind === 'apply')
      cloned = {
        ...node,
        operator: isHost(node) ? node.operator : flushing(node.operator),
        arguments: node.arguments.map((argument) => clone(argument)),
      }
    made.set(node, cloned)
    return cloned
  }
  return {
    ...program,
    update: clone(program.update),
    states: program.states.map((state) => ({
      ...state,
      initial: clone(state.initial),
      next: clone(state.next),
    })),
  }
}

/** The operator as it is where what it reads and writes is flushed. */
function flushing(operator: Operator): Operator {
  const read = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, flushed)
  switch (operator.kind) {
    case 'elementwise':
      // It only moves numbers, and is known as the row that it is.
      if (operator === choiceOperator) return operator
      return {
        ...operator,
        meaning: (...inputs: readonly number[]) =>
          flushed(operator.meaning(...inputs.map(flushed))),
        scale: (...inputs: readonly number[]) => operator.scale?.(...inputs.map(flushed)) ?? 0,
      }
    case 'reduction':
      return {
        ...operator,
        meaning: (...inputs: readonly ArrayLike<number>[]) =>
          flushed(operator.meaning(...inputs.map(read))),
        scale: (...inputs: readonly ArrayLike<number>[]) =>
          operator.scale?.(...inputs.map(read)) ?? 0,
      }
    case 'random':
      return {
        ...operator,
        meaning: (drawn: number, ...inputs: readonly number[]) =>
          flushed(operator.meaning(drawn, ...inputs.map(flushed))),
      }
    case 'matrix': {
      const readAll = (given: MatrixArguments): MatrixArguments => ({
        ...given,
        matrices: given.matrices.map((matrix) => ({ ...matrix, values: read(matrix.values) })),
      })
      return {
        ...operator,
        meaning: (given: MatrixArguments): Matrix => {
          const result = operator.meaning(readAll(given))
          return { ...result, values: read(result.values) }
        },
        scale: (given: MatrixArguments) =>
          operator.scale?.(readAll(given)) ??
          new Float64Array(operator.meaning(readAll(given)).values.length),
      }
    }
    case 'global':
    case 'shape':
      return operator
  }
}
