import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import { isOwnMatrix, matrixAxes, type Axis, type Extent } from '../../../operators/type.ts'
import { call, list, name, type Code } from '../../code.ts'
import { roundedForTensor } from '../../number-form.ts'
import { elementsWanted, isFull, isMatrixOfElements, isTensor } from '../../tensors.ts'
import { expressionOf, type ScalarWords } from '../expression.ts'
import { floatCode, numberCode } from '../numbers.ts'
import type { ArrayBuilder } from './builder.ts'
import type { ArrayArgument } from './spellings.ts'

/** What the names in an expression of arrays are, where every operation makes a new array. */
export interface ArrayWords extends ScalarWords {
  readonly build: ArrayBuilder
  /** Whether the value may be a number of Python. */
  isNumber(node: GraphNode): boolean
  /** The operator of a node, applied. */
  spell(node: ApplyNode, arguments_: readonly ArrayArgument[]): Code
  /** What is handed to an operator for a value whose expression is known. */
  operand(node: ApplyNode, argument: GraphNode, code: Code): Code
  /** What there is where a condition holds, else something else. */
  chosen(condition: Code, then: Code, otherwise: Code): Code
  /** The expression for a value that a state keeps from now on. */
  kept(node: GraphNode, code: Code): Code
  /**
   * The name of a value that is worked out in front of the statements of a parameter, if it is one of those: `wanted` where it has
   * none yet. Undefined for others.
   */
  outside(node: GraphNode, wanted?: string): Code | undefined
}

/** The expression of an operator on arrays, or numbers that may be arrays. */
export function applyCode(node: ApplyNode, words: ArrayWords, staysMatrix = false): Code {
  const { types, build } = words
  const arguments_ = node.arguments.map((argument, index): ArrayArgument => ({
    code: words.operand(node, argument, operandCode(node, argument, index, words)),
    isNumber: words.isNumber(argument),
    isTensor: isTensor(types, argument),
    constant: argument.kind === 'constant' ? argument.value : undefined,
  }))
  const result = words.spell(node, arguments_)
  return isMatrixOfElements(node, types) && !staysMatrix
    ? build.prelude('as_array', result, name('w'))
    : result
}

function operandCode(node: ApplyNode, argument: GraphNode, index: number, words: ArrayWords): Code {
  const { types, build } = words
  if (node.operator.parameters[index]?.matrix === true) return matrixCode(argument, words)
  const wanted = index === 0 ? elementsWanted(node, types) : undefined
  if (wanted !== undefined) return elementsOf(argument, words, wanted)
  if (argument.kind !== 'constant' || !isTensor(types, node)) return expressionOf(argument, words)
  // Two whole numbers would make an array of whole numbers.
  return constantCode(argument.value, build, node.arguments.length > 2 ? floatCode : numberCode)
}

/** A number that meets tensors. */
function constantCode(
  value: number,
  build: ArrayBuilder,
  write: (value: number, build: ArrayBuilder) => Code,
): Code {
  const rounded = roundedForTensor(value)
  return Object.is(rounded, -0) && build.minusZero !== undefined
    ? build.minusZero
    : write(rounded, build)
}

/** A matrix as an array of two dimensions, where what there is one of for each element has those of the parameter. */
function matrixCode(node: GraphNode, words: ArrayWords): Code {
  const { types, build, variable } = words
  if (isMatrixOfElements(node, types) && variable(node) === undefined)
    return applyCode(node, words, true)
  const { extent } = types.placementOf(node)
  if (extent === 'element') return build.prelude('as_matrix', valueCode(node, words), name('w'))
  return isFull(node, types, extent) ? expressionOf(node, words) : elementsOf(node, words, extent)
}

/** The value, which is no whole number where it is a number. */
function valueCode(node: GraphNode, words: ArrayWords): Code {
  return node.kind === 'constant'
    ? constantCode(node.value, words.build, floatCode)
    : expressionOf(node, words)
}

/** What stands for many as an array with all numbers of an extent, by default one for each element. */
export function elementsOf(node: GraphNode, words: ArrayWords, extent: Extent = 'element'): Code {
  const { build } = words
  return build.prelude('filled', valueCode(node, words), shapeCode(extent, words), name('w'))
}

/** The shape of what there is one of for each place of a matrix. */
export function shapeCode(extent: Extent, { build }: ArrayWords): Code {
  const axes = extent === 'element' ? undefined : matrixAxes(extent)
  const lengthOf = (axis: Axis): Code =>
    build.prelude(axis === 'inputs' ? 'count_inputs' : 'count_outputs', name('w'))
  return axes === undefined ? name('w', 'shape') : list(...axes.map(lengthOf))
}

/** The start of a state. */
export function initialCode(node: GraphNode, extent: Extent, words: ArrayWords): Code {
  const { types, build } = words
  if (node.kind === 'input') return expressionOf(node, words)
  if (isOwnMatrix(extent))
    return isFull(node, types, extent) ? expressionOf(node, words) : elementsOf(node, words, extent)
  if (extent === 'per output' || extent === 'per input') {
    const axes = build.prelude(extent === 'per output' ? 'input_axes' : 'output_axes', name('w'))
    return build.prelude('spread', name('w'), axes, valueCode(node, words))
  }
  if (extent !== 'element')
    return build.prelude('filled', valueCode(node, words), list(), name('w'))
  if (node.kind === 'constant' && Object.is(node.value, 0))
    return call(build.array('zeros_like'), name('w'))
  if (node.kind === 'constant' && node.value === 1) return call(build.array('ones_like'), name('w'))
  return isTensor(types, node) && isFull(node, types)
    ? expressionOf(node, words)
    : call(build.array('full_like'), name('w'), valueCode(node, words))
}
