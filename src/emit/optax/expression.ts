import { isFromShape, reachable } from '../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { choiceOperator } from '../../operators/table.ts'
import { call, type Code } from '../code.ts'
import { applyCode, type ArrayWords } from '../python/arrays/expression.ts'
import { isTensor, isTruth } from '../tensors.ts'
import { chosen, spellingOf, type JaxBuilder } from './spellings.ts'

/** What the names in an expression of JAX are. */
export interface JaxWords extends ArrayWords {
  readonly build: JaxBuilder
  /** The type of the arrays. */
  type(): Code
  /** Whether hyperparameters are numbers that were kept, in arrays. */
  readonly keepsParameters: boolean
}

type Decided =
  'apply' | 'isPlain' | 'isNumber' | 'spell' | 'operand' | 'chosen' | 'kept' | 'outside'

/** Words for the values of a program; `others` says all but how operators are written. */
export function jaxWords(others: Omit<JaxWords, Decided>): JaxWords {
  const { build, types } = others
  // What rests on the step is an array.
  const isArray = (each: GraphNode): boolean => each.kind === 'input' && each.name === 't'
  const words: JaxWords = {
    ...others,
    isPlain: isOfShape,
    isNumber: (node) => !isTensor(types, node) && !reachable([node]).some(isArray),
    spell: (node, arguments_) => spellingOf(node.operator)(build.at(node.site), ...arguments_),
    operand: typedOperand(others),
    chosen: (...parts) => chosen(build, ...parts),
    kept: (_, code) => code,
    outside: () => undefined,
    apply: (node) => applyCode(node, words),
  }
  return words
}

/**
 * Operands in the type of the arrays that they meet. Numbers of Python, and what rests on the step, take on that of arrays by
 * themselves; numbers that were kept make arrays take on their 64 bits, and so do reductions of choices between numbers.
 */
function typedOperand({
  types,
  build,
  type,
  keepsParameters,
}: Pick<JaxWords, 'types' | 'build' | 'type' | 'keepsParameters'>): JaxWords['operand'] {
  const isKept = (node: GraphNode): boolean =>
    node.kind === 'state' || (keepsParameters && node.kind === 'parameter')
  const isWide = (node: GraphNode): boolean =>
    !isTensor(types, node) && !isTruth(node) && reachable([node]).some(isKept)
  return (node, argument, code) => {
    if (!isTensor(types, node)) return code
    const [, ...sides] = node.arguments
    const isChosen =
      node.operator === choiceOperator &&
      argument === sides[0] &&
      !sides.some((side) => isTensor(types, side))
    return isChosen || isWide(argument) ? call(build.array('asarray'), code, type()) : code
  }
}

/** Whether the operator works on facts of a shape, which are numbers of Python. */
export function isOfShape(node: ApplyNode): boolean {
  return node.operator.kind === 'elementwise' && isFromShape(node)
}
