import { isFromShape, reachable } from '../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { isOwnMatrix, matrixAxes, type Axis, type Extent } from '../../operators/type.ts'
import { call, list, name, type Code } from '../code.ts'
import { roundedForTensor } from '../number-form.ts'
import { expressionOf, type ScalarWords } from '../python/expression.ts'
import { floatCode, numberCode } from '../python/numbers.ts'
import { elementsWanted, isFull, isMatrixOfElements, isTensor } from '../tensors.ts'
import { spellingOf, type JaxArgument, type JaxBuilder } from './spellings.ts'

/** What the names in an expression of JAX are. */
export interface JaxWords extends ScalarWords {
  readonly build: JaxBuilder
}

/** Words for the values of a program; `others` says all but how operators are written. */
export function jaxWords(others: Omit<JaxWords, 'apply' | 'isPlain'>): JaxWords {
  const words: JaxWords = {
    ...others,
    isPlain: isOfShape,
    apply: (node) => applyCode(node, words),
  }
  return words
}

/** Whether the operator works on facts of a shape, which are numbers of Python. */
export function isOfShape(node: ApplyNode): boolean {
  return node.operator.kind === 'elementwise' && isFromShape(node)
}

function applyCode(node: ApplyNode, words: JaxWords, staysMatrix = false): Code {
  const { types, build } = words
  const arguments_ = node.arguments.map((argument, index): JaxArgument => ({
    code: operandCode(node, argument, index, words),
    isNumber: mayBeNumber(argument, words),
    constant: argument.kind === 'constant' ? argument.value : undefined,
  }))
  const result = spellingOf(node.operator)(build.at(node.site), ...arguments_)
  return isMatrixOfElements(node, types) && !staysMatrix
    ? build.prelude('as_array', result, name('w'))
    : result
}

/** Whether the value may be a number of Python: what rests on the step is an array. */
function mayBeNumber(node: GraphNode, { types }: JaxWords): boolean {
  const isArray = (each: GraphNode): boolean => each.kind === 'input' && each.name === 't'
  return !isTensor(types, node) && !reachable([node]).some(isArray)
}

function operandCode(node: ApplyNode, argument: GraphNode, index: number, words: JaxWords): Code {
  const { types, build } = words
  if (node.operator.parameters[index]?.matrix === true) return matrixCode(argument, words)
  const wanted = index === 0 ? elementsWanted(node, types) : undefined
  if (wanted !== undefined) return elementsOf(argument, words, wanted)
  if (argument.kind !== 'constant' || !isTensor(types, node)) return expressionOf(argument, words)
  // Two whole numbers would make an array of whole numbers.
  const isChoice = node.arguments.length > 2
  const value = roundedForTensor(argument.value)
  return isChoice ? floatCode(value, build) : numberCode(value, build)
}

/** A matrix as an array of two dimensions, where what there is one of for each element has those of the parameter. */
function matrixCode(node: GraphNode, words: JaxWords): Code {
  const { types, build, variable } = words
  if (isMatrixOfElements(node, types) && variable(node) === undefined)
    return applyCode(node, words, true)
  const { extent } = types.placementOf(node)
  if (extent === 'element') return build.prelude('as_matrix', valueCode(node, words), name('w'))
  return isFull(node, types, extent) ? expressionOf(node, words) : elementsOf(node, words, extent)
}

/** The value, which is no whole number where it is a number. */
function valueCode(node: GraphNode, words: JaxWords): Code {
  return node.kind === 'constant'
    ? floatCode(roundedForTensor(node.value), words.build)
    : expressionOf(node, words)
}

/** What stands for many as an array with all numbers of an extent, by default one for each element. */
export function elementsOf(node: GraphNode, words: JaxWords, extent: Extent = 'element'): Code {
  const { build } = words
  const axes = extent === 'element' ? undefined : matrixAxes(extent)
  const lengthOf = (axis: Axis): Code =>
    build.prelude(axis === 'inputs' ? 'count_inputs' : 'count_outputs', name('w'))
  const shape = axes === undefined ? name('w', 'shape') : list(...axes.map(lengthOf))
  return build.prelude('filled', valueCode(node, words), shape, name('w'))
}

/** The start of a state. */
export function initialCode(node: GraphNode, extent: Extent, words: JaxWords): Code {
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
    return call(build.jnp('zeros_like'), name('w'))
  if (node.kind === 'constant' && node.value === 1) return call(build.jnp('ones_like'), name('w'))
  return isTensor(types, node) && isFull(node, types)
    ? expressionOf(node, words)
    : call(build.jnp('full_like'), name('w'), valueCode(node, words))
}
