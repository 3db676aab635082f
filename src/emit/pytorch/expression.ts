import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import {
  differenceOperator,
  productOperator,
  quotientOperator,
  sumOperator,
} from '../../operators/table.ts'
import { isOwnMatrix, matrixAxes, type Axis, type Extent } from '../../operators/type.ts'
import { call, conditional, list, member, name, unary, type Code } from '../code.ts'
import { roundedForTensor } from '../number-form.ts'
import { expressionOf, isScalar, type ScalarWords } from '../python/expression.ts'
import { floatCode, numberCode } from '../python/numbers.ts'
import { elementsWanted, isFull, isMatrixOfElements, isTensor, picksOnHost } from '../tensors.ts'
import { spellingOf, type TensorArgument, type TorchBuilder } from './spellings.ts'

/** What the names in an expression of PyTorch are. */
export interface TorchWords extends ScalarWords {
  readonly build: TorchBuilder
  /** Whether nothing else reads the tensor under the name that holds the value: its numbers may be overwritten. */
  isSpent(node: GraphNode): boolean
}

/** Words for the tensors of a program; `others` says all but how operators are written. */
export function torchWords(others: Omit<TorchWords, 'apply' | 'isPlain'>): TorchWords {
  const words: TorchWords = {
    ...others,
    isPlain: (node) => isScalar(node, others.types),
    apply: (node) => applyCode(node, words),
  }
  return words
}

/**
 * The tensor, among those with names, whose numbers the written value takes the place of; undefined where it has a place of its
 * own, or is no tensor of that size.
 */
export function placeOf(node: GraphNode, words: TorchWords): GraphNode | undefined {
  if (words.variable(node) !== undefined || node.kind === 'state')
    return words.isSpent(node) ? node : undefined
  if (node.kind !== 'apply' || !ownsResult(node, words)) return undefined
  const argument = reused(node, words)
  return argument === undefined ? undefined : placeOf(argument, words)
}

/** The argument that an operator's result takes the place of. */
function reused(node: ApplyNode, words: TorchWords): GraphNode | undefined {
  const combination = combinationOf(node, words)
  if (combination !== undefined) return combination.kept.tensor
  const sum = sumOf(node, words)
  if (sum !== undefined) return isMade(sum.base, words) ? sum.base : undefined
  const arguments_ = node.arguments.map((argument) => argumentOf(node, argument, words, name('x')))
  const place = name('x')
  const named = arguments_.map((each): TensorArgument =>
    each.isSpent ? { ...each, code: place } : { ...each, code: name('y') },
  )
  const first = named.findIndex(({ isSpent }) => isSpent)
  if (first < 0) return undefined
  return inPlaceOn(spellingOf(node.operator).form(words.build, ...named))
    ? node.arguments[first]
    : undefined
}

/** Whether a call ends in a method that works in the place of the name `x`. */
function inPlaceOn(code: Code): boolean {
  if (code.kind !== 'call' || code.callee.kind !== 'member') return false
  const { object, name: called } = code.callee
  const isOnName = object.kind === 'name' && object.name === 'x'
  return called.endsWith('_') && (isOnName || inPlaceOn(object))
}

/** Whether the value is a tensor that was made for it alone. */
export function isMade(node: GraphNode, words: TorchWords): boolean {
  if (words.variable(node) !== undefined || node.kind === 'state') return words.isSpent(node)
  return node.kind === 'apply' && ownsResult(node, words)
}

function ownsResult(node: ApplyNode, { types }: TorchWords): boolean {
  if (!isTensor(types, node) || isScalar(node, types) || picksOnHost(node, types)) return false
  const { operator } = node
  if (operator.kind === 'elementwise' && operator.boolean === true) return false
  return spellingOf(operator).isView !== true && !isMatrixOfElements(node, types)
}

function argumentOf(
  node: ApplyNode,
  argument: GraphNode,
  words: TorchWords,
  code: Code,
): TensorArgument {
  const { types } = words
  const { extent } = types.placementOf(node)
  const isAsLarge = types.placementOf(argument).extent === extent && isFull(argument, types, extent)
  return {
    code,
    isTensor: isTensor(types, argument),
    isSpent:
      node.operator.kind === 'elementwise' &&
      isAsLarge &&
      isTensor(types, argument) &&
      isMade(argument, words),
    constant: argument.kind === 'constant' ? roundedForTensor(argument.value) : undefined,
  }
}

/** A number times a tensor, over another where there is one: what PyTorch adds to a tensor in one pass. */
interface Term {
  readonly factor: GraphNode
  readonly tensor: GraphNode
  readonly divisor: GraphNode | undefined
}

/** Whether the value is a tensor with a number for each element. */
function isElements(node: GraphNode, { types }: TorchWords): boolean {
  return (
    isTensor(types, node) && types.placementOf(node).extent === 'element' && isFull(node, types)
  )
}

/** What a value without a name is as such a term; undefined where it is none. */
function termOf(node: GraphNode, words: TorchWords): Term | undefined {
  const { types } = words
  if (node.kind !== 'apply' || words.variable(node) !== undefined || !isElements(node, words))
    return undefined
  const [first, second] = node.arguments
  if (node.operator === quotientOperator) {
    const above = termOf(first!, words)
    return above === undefined || above.divisor !== undefined || !isElements(second!, words)
      ? undefined
      : { ...above, divisor: second }
  }
  if (node.operator !== productOperator) return undefined
  if (!isTensor(types, first!) && isElements(second!, words))
    return { factor: first!, tensor: second!, divisor: undefined }
  if (!isTensor(types, second!) && isElements(first!, words))
    return { factor: second!, tensor: first!, divisor: undefined }
  return undefined
}

/** A sum or difference of a tensor and such a term. */
interface Sum {
  readonly base: GraphNode
  readonly term: Term
  readonly isNegative: boolean
}

function sumOf(node: ApplyNode, words: TorchWords): Sum | undefined {
  const { types } = words
  const isNegative = node.operator === differenceOperator
  if (!isNegative && node.operator !== sumOperator) return undefined
  if (!isTensor(types, node)) return undefined
  const [left, right] = node.arguments as readonly [GraphNode, GraphNode]
  const behind = termOf(right, words)
  if (behind !== undefined && isElements(left, words))
    return { base: left, term: behind, isNegative }
  const before = isNegative ? undefined : termOf(left, words)
  return before !== undefined && isElements(right, words)
    ? { base: right, term: before, isNegative }
    : undefined
}

/** A sum of two tensors, each times a number, that takes the place of one of them. */
interface Combination {
  readonly kept: Term
  readonly isKeptNegative: boolean
  /** Without a factor where the tensor is added as it is. */
  readonly added: Pick<Term, 'tensor'> & Partial<Term>
  readonly isAddedNegative: boolean
}

/** What is computed in the place of a tensor; a state that is assigned comes before others. */
function combinationOf(node: ApplyNode, words: TorchWords): Combination | undefined {
  const isNegative = node.operator === differenceOperator
  if ((!isNegative && node.operator !== sumOperator) || !isElements(node, words)) return undefined
  const [left, right] = node.arguments as readonly [GraphNode, GraphNode]
  const sides = [
    { kept: left, isKeptNegative: false, added: right, isAddedNegative: isNegative },
    { kept: right, isKeptNegative: isNegative, added: left, isAddedNegative: false },
  ]
  const found = sides.flatMap(({ kept: side, added: other, ...signs }): Combination[] => {
    const kept = productOf(side, words)
    if (kept === undefined || !isMade(kept.tensor, words) || !isElements(other, words)) return []
    const added = productOf(other, words) ?? { tensor: other }
    return [{ kept, added, ...signs }]
  })
  const isState = ({ kept }: Combination): boolean => kept.tensor.kind === 'state'
  return (
    found.find(isState) ??
    found.find(({ added }) => added.factor !== undefined && !isMade(added.tensor, words)) ??
    found.find(({ added }) => added.factor !== undefined)
  )
}

/** A number times a tensor; undefined where the value is none. */
function productOf(node: GraphNode, words: TorchWords): Term | undefined {
  const term = termOf(node, words)
  return term?.divisor === undefined ? term : undefined
}

function combinedCode(
  { kept, isKeptNegative, added, isAddedNegative }: Combination,
  words: TorchWords,
): Code {
  const factor = factorCode(kept.factor, isKeptNegative, words)
  const scaled = call(member(expressionOf(kept.tensor, words), 'mul_'), factor)
  const { tensor, factor: ofAdded } = added
  if (ofAdded === undefined)
    return call(member(scaled, isAddedNegative ? 'sub_' : 'add_'), expressionOf(tensor, words))
  const term = { tensor, factor: ofAdded, divisor: undefined }
  return addedCode(scaled, term, isAddedNegative, true, words)
}

/** What adds a term to a tensor: in its place where it is `spent`. */
function addedCode(
  base: Code,
  term: Term,
  isNegative: boolean,
  isSpent: boolean,
  words: TorchWords,
): Code {
  const operands = [term.tensor, ...(term.divisor === undefined ? [] : [term.divisor])]
  const called = `${term.divisor === undefined ? 'add_scaled' : 'add_ratio'}${isSpent ? '_' : ''}`
  return words.build.prelude(
    called,
    base,
    ...operands.map((each) => expressionOf(each, words)),
    factorCode(term.factor, isNegative, words),
  )
}

function factorCode(factor: GraphNode, isNegative: boolean, words: TorchWords): Code {
  if (factor.kind === 'constant') {
    const value = roundedForTensor(factor.value)
    return numberCode(isNegative ? -value : value, words.build)
  }
  const code = expressionOf(factor, words)
  return isNegative ? unary('-', code) : code
}

/** The statement that subtracts a value from the parameter. */
export function updateCode(node: GraphNode, words: TorchWords): Code {
  const term = termOf(node, words)
  return term === undefined
    ? call(name('w', 'sub_'), expressionOf(node, words))
    : addedCode(name('w'), term, true, true, words)
}

function applyCode(node: ApplyNode, words: TorchWords, staysMatrix = false): Code {
  const { types, build } = words
  if (picksOnHost(node, types)) return pickCode(node, words)
  const combination = combinationOf(node, words)
  if (combination !== undefined) return combinedCode(combination, words)
  const sum = sumOf(node, words)
  if (sum !== undefined) {
    const { base, term, isNegative } = sum
    return addedCode(expressionOf(base, words), term, isNegative, isMade(base, words), words)
  }
  const spelling = spellingOf(node.operator)
  const arguments_ = node.arguments.map((argument, index) =>
    argumentOf(node, argument, words, operandCode(node, argument, index, words)),
  )
  const result = spelling.form(build.at(node.site), ...arguments_)
  return isMatrixOfElements(node, types) && !staysMatrix
    ? build.prelude('as_parameter', result, name('w'))
    : result
}

/** A choice by a condition of the host: what is chosen is a tensor whatever the sides are. */
function pickCode(node: ApplyNode, words: TorchWords): Code {
  const [condition, then, otherwise] = node.arguments
  const side = (operand: GraphNode): Code =>
    isTensor(words.types, operand)
      ? expressionOf(operand, words)
      : call(name('w', 'new_tensor'), operandFloat(operand, words))
  return conditional(expressionOf(condition!, words), side(then!), side(otherwise!))
}

function operandFloat(operand: GraphNode, words: TorchWords): Code {
  return operand.kind === 'constant'
    ? floatCode(roundedForTensor(operand.value), words.build)
    : expressionOf(operand, words)
}

function operandCode(node: ApplyNode, argument: GraphNode, index: number, words: TorchWords): Code {
  const { types, build } = words
  if (node.operator.parameters[index]?.matrix === true) return matrixCode(argument, words)
  const wanted = index === 0 ? elementsWanted(node, types) : undefined
  if (wanted !== undefined) return elementsOf(argument, words, wanted)
  if (argument.kind !== 'constant' || !isTensor(types, node)) return expressionOf(argument, words)
  // Two whole numbers would make a tensor of whole numbers.
  const isChoice = node.arguments.length > 2
  const value = roundedForTensor(argument.value)
  return isChoice ? floatCode(value, build) : numberCode(value, build)
}

/** A matrix as a tensor of two dimensions, where what there is one of for each element has those of the parameter. */
function matrixCode(node: GraphNode, words: TorchWords): Code {
  const { types, build, variable } = words
  if (isMatrixOfElements(node, types) && variable(node) === undefined)
    return applyCode(node, words, true)
  const { extent } = types.placementOf(node)
  const full = isFull(node, types, extent)
    ? expressionOf(node, words)
    : elementsOf(node, words, extent)
  return extent === 'element' ? build.prelude('as_matrix', full, name('w')) : full
}

/** One number, or what stands for many, as a tensor with all numbers of an extent, by default one for each element. */
export function elementsOf(node: GraphNode, words: TorchWords, extent: Extent = 'element'): Code {
  const { types, build } = words
  const axes = extent === 'element' ? undefined : matrixAxes(extent)
  const lengthOf = (axis: Axis): Code =>
    build.prelude(axis === 'inputs' ? 'count_inputs' : 'count_outputs', name('w'))
  const shape = axes === undefined ? name('w', 'shape') : list(...axes.map(lengthOf))
  if (isTensor(types, node)) return call(member(expressionOf(node, words), 'expand'), shape)
  const value = operandFloat(node, words)
  return axes === undefined
    ? call(build.torch('full_like'), name('w'), value)
    : call(name('w', 'new_full'), shape, value)
}

/** A value as a tensor with all numbers of an extent. */
export function fullCode(node: GraphNode, words: TorchWords, extent: Extent = 'element'): Code {
  return isFull(node, words.types, extent)
    ? expressionOf(node, words)
    : elementsOf(node, words, extent)
}

/** The start of a state, a new tensor. */
export function initialCode(node: GraphNode, extent: Extent, words: TorchWords): Code {
  const { types, build } = words
  if (node.kind === 'input') return call(member(expressionOf(node, words), 'clone'))
  if (isOwnMatrix(extent) || isTensor(types, node)) {
    const full = fullCode(node, words, extent)
    return isFull(node, types, extent) && isMade(node, words) ? full : call(member(full, 'clone'))
  }
  if (extent === 'per output' || extent === 'per input') return spreadCode(node, extent, words)
  const value = operandFloat(node, words)
  if (extent !== 'element') return call(name('w', 'new_tensor'), value)
  if (node.kind === 'constant' && Object.is(node.value, 0))
    return call(build.torch('zeros_like'), name('w'))
  if (node.kind === 'constant' && node.value === 1) return call(build.torch('ones_like'), name('w'))
  return call(build.torch('full_like'), name('w'), value)
}

/** One number as a tensor with one for each output or input. */
export function spreadCode(
  node: GraphNode,
  extent: 'per output' | 'per input',
  words: TorchWords,
): Code {
  const { types, build } = words
  const axes = build.prelude(extent === 'per output' ? 'input_axes' : 'output_axes', name('w'))
  const value = isTensor(types, node) ? expressionOf(node, words) : operandFloat(node, words)
  return build.prelude('spread', name('w'), axes, value)
}
