import type { Types } from '../../ir/analysis/analyze.ts'
import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { axisOf, choiceOperator } from '../../operators/table.ts'
import { isHost } from '../../operators/type.ts'
import { call, name, printCode, type Code } from '../code.ts'
import { applyCode, type ArrayWords } from '../python/arrays/expression.ts'
import type { FunctionNumbers } from '../python/function.ts'
import { python } from '../python/notation.ts'
import { isTensor, isTruth } from '../tensors.ts'
import { spellingOf, type KerasBuilder } from './spellings.ts'

/** What the names in an expression of Keras are. */
export interface KerasWords extends ArrayWords {
  readonly build: KerasBuilder
  /** Whether the value is worked out in Python's numbers, before any step. */
  isPython(node: GraphNode): boolean
}

type Decided = 'apply' | 'isPlain' | 'isNumber' | 'spell' | 'chosen' | 'kept'

/** Words for the values of a program; `others` says all but how operators are written. */
export function kerasWords(others: Omit<KerasWords, Decided>): KerasWords {
  const { build, isPython } = others
  const words: KerasWords = {
    ...others,
    isPlain: isScalarOf(isPython),
    isNumber: isPython,
    spell: (node, arguments_) => {
      const own = build.at(node.site)
      const isWide = !isTensor(others.types, node)
      const used = isWide ? { ...own, array: own.wideArray } : own
      return spellingOf(node.operator)(used, ...arguments_)
    },
    chosen: (...parts) => call(build.array('where'), ...parts),
    // A tensor may be another name of what changes before it is put where it belongs.
    kept: (node, code) => (isView(node) ? call(build.array('copy'), code) : code),
    apply: (node) => applyCode(node, words),
  }
  return words
}

/** Whether an operator is worked out in Python's numbers. */
const isScalarOf =
  (isPython: (node: GraphNode) => boolean) =>
  (node: ApplyNode): boolean =>
    node.operator.kind === 'elementwise' && isPython(node)

const isView = (node: GraphNode): boolean =>
  node.kind === 'state' ||
  node.kind === 'input' ||
  (node.kind === 'apply' &&
    // Of no axes a sum is what is added.
    (node.operator.kind === 'matrix' || axisOf(node.operator) !== undefined))

/** Whether a value rests on nothing but shapes and numbers of Python: `isPythonName` says which names stand for some. */
export function restsOn(isPythonName: (node: GraphNode) => boolean): (node: GraphNode) => boolean {
  const known = new WeakMap<GraphNode, boolean>()
  const find = (node: GraphNode): boolean => {
    if (node.kind === 'constant') return true
    if (node.kind !== 'apply') return isPythonName(node)
    const { operator } = node
    // Facts of a shape are asked of `w`, which is no number.
    if (operator.kind === 'shape') return operator.restsOn !== 'updates'
    return operator.kind === 'elementwise' && node.arguments.every(isPython)
  }
  const isPython = (node: GraphNode): boolean => {
    let found = known.get(node)
    if (found === undefined) known.set(node, (found = find(node)))
    return found
  }
  return isPython
}

/**
 * The sides of a choice: of two numbers of Python backends would make tensors of whatever bits. Numbers of the host have all, others
 * those of `type`.
 */
export function typedSides(
  types: Types,
  isPython: (node: GraphNode) => boolean,
  build: KerasBuilder,
  type: Code,
): KerasWords['operand'] {
  return (node, argument, code) => {
    const [condition, ...sides] = node.arguments
    const isSide = node.operator === choiceOperator && argument !== condition
    if (!isSide || !isPython(argument)) return code
    if (isHost(types.placementOf(node))) return build.prelude('wide', code)
    return argument === sides[0] && sides.every(isPython)
      ? call(build.array('cast'), code, type)
      : code
  }
}

/** The type of a parameter, and of what there is one of for the whole run. */
export const OF_PARAMETER = name('w', 'dtype')
export const OF_RUN = name('"float32"')

/** Numbers of the host in 32 bits, where they meet those that rest on gradients. */
export function shortOperands(
  types: Types,
  isPython: (node: GraphNode) => boolean,
  build: KerasBuilder,
): KerasWords['operand'] {
  const typed = typedSides(types, isPython, build, OF_RUN)
  return (node, argument, code) =>
    isTensor(types, node) && isWide(types, isPython, argument)
      ? call(build.array('cast'), code, OF_RUN)
      : typed(node, argument, code)
}

/** Whether a number of the host is a tensor, and no truth. */
export function isWide(
  types: Types,
  isPython: (node: GraphNode) => boolean,
  node: GraphNode,
): boolean {
  return !isTensor(types, node) && !isPython(node) && !isTruth(node)
}

/** The type of what may be a number or a tensor of one. */
export const kerasNumberType = 'Number'

/** Numbers of functions are tensors in all the bits there are, but for the number of steps. */
export const kerasNumbers = (build: KerasBuilder): FunctionNumbers => ({
  type: kerasNumberType,
  least: (a, b) => call(build.wideArray('minimum'), a, b),
  begin: (names) =>
    names.map((each) => `${each} = ${printCode(build.prelude('wide', name(each)), python)}`),
  operators: (types, words) => {
    const isPython = restsOn((node) => node.kind === 'input' && node.name === 'T')
    const operand = typedSides(types, isPython, build, OF_RUN)
    return {
      isPlain: isScalarOf(isPython),
      apply: (node) =>
        kerasWords({ ...words(), build, isPython, operand, outside: () => undefined }).apply(node),
    }
  },
})

/** A cast to the type of the parameter. */
export const castTo = (build: KerasBuilder, code: Code): Code =>
  call(build.array('cast'), code, OF_PARAMETER)
