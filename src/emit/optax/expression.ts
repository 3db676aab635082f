import { isFromShape, reachable } from '../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { applyCode, type ArrayWords } from '../python/arrays/expression.ts'
import { isTensor } from '../tensors.ts'
import { chosen, spellingOf, type JaxBuilder } from './spellings.ts'

/** What the names in an expression of JAX are. */
export interface JaxWords extends ArrayWords {
  readonly build: JaxBuilder
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
    operand: (_node, _argument, code) => code,
    chosen: (...parts) => chosen(build, ...parts),
    kept: (_, code) => code,
    outside: () => undefined,
    apply: (node) => applyCode(node, words),
  }
  return words
}

/** Whether the operator works on facts of a shape, which are numbers of Python. */
export function isOfShape(node: ApplyNode): boolean {
  return node.operator.kind === 'elementwise' && isFromShape(node)
}
