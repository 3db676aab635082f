import type { GraphNode, Program } from '../../src/ir/graph.ts'
import type { Matrix, MatrixArguments, Operator } from '../../src/operators/operator.ts'
import { choiceOperator } from '../../src/operators/table.ts'
import {
  EITHER_ZERO,
  flushed,
  isFlushedInside,
  isLostOnTensorflow,
  LEAST_NORMAL,
  MOST_FLUSHED,
  tensorflowTolerance,
} from '../operators/tensorflow-bounds.ts'
import { hostNodes, type MayLose } from './blur.ts'

/** The size whose units in the last place are as large as `loss`. */
const sizeOfUnits = (loss: number): number => loss * 2 ** 23

/**
 * `program` as TensorFlow computes it: operations on tensors read and write subnormal numbers as zeros, and may miss by what is known of
 * them. What the host works out stays as it is.
 */
export function onTensorflow(program: Program): Program {
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

/** The operator with what is known of it on TensorFlow. */
function flushing(operator: Operator): Operator {
  const read = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, flushed)
  switch (operator.kind) {
    case 'elementwise': {
      // It only moves numbers, and is known as the row that it is.
      if (operator === choiceOperator) return operator
      const tolerance = tensorflowTolerance(operator)
      const scaleBy = isFlushedInside(operator) ? sizeOfUnits(MOST_FLUSHED) : 0
      const loses: MayLose = { isLost: (...inputs) => isLostOnTensorflow(operator, inputs) }
      return {
        ...operator,
        ...loses,
        // A tolerance, however small, lets a result be a zero of the other sign.
        tolerance: EITHER_ZERO.has(operator.name)
          ? Math.max(tolerance, Number.MIN_VALUE)
          : tolerance,
        meaning: (...inputs: readonly number[]) =>
          flushed(operator.meaning(...inputs.map(flushed))),
        scale: (...inputs: readonly number[]) =>
          Math.max(scaleBy, operator.scale?.(...inputs.map(flushed)) ?? 0),
      }
    }
    case 'reduction':
      return {
        ...operator,
        meaning: (...inputs: readonly ArrayLike<number>[]) =>
          flushed(operator.meaning(...inputs.map(read))),
        scale: (...inputs: readonly ArrayLike<number>[]) =>
          Math.max(sizeOfUnits(LEAST_NORMAL), operator.scale?.(...inputs.map(read)) ?? 0),
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
        scale: (given: MatrixArguments) => {
          const known = operator.scale?.(readAll(given))
          const { values } = operator.meaning(readAll(given))
          return Array.from(values, (_, place) =>
            Math.max(sizeOfUnits(LEAST_NORMAL), known?.[place] ?? 0),
          )
        },
      }
    }
    case 'global':
    case 'shape':
      return operator
  }
}
