import type { Types } from '../../ir/analysis/analyze.ts'
import type { ApplyNode, GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import { isHost } from '../../operators/type.ts'
import { call, name, type Code } from '../code.ts'
import { givenArguments, type Argument } from '../function-table.ts'
import type { Builder } from './builder.ts'
import { numberCode } from './numbers.ts'
import { scalarSpelling } from './spellings.ts'

/** What the names in an expression are, whatever framework it is for. */
export interface ScalarWords {
  readonly types: Types
  readonly build: Builder
  /** What holds the value; undefined where the expression is to be written out. */
  variable(node: GraphNode): Code | undefined
  parameter(name: string): Code
  state(index: number): Code
  /** The number over all parameters with that index. */
  total(index: number): Code
  /** The name of a function, which becomes part of the module. */
  functionName(callee: ScheduleFunction): string
  /** Whether the operator is worked out in Python's numbers. */
  isPlain(node: ApplyNode): boolean
  /** An operator that is not. */
  apply(node: ApplyNode): Code
}

/** The expression for a value. */
export function expressionOf(node: GraphNode, words: ScalarWords): Code {
  return words.variable(node) ?? writeOut(node, words)
}

/** The expression for the value itself, whatever may hold it. */
export function writeOut(node: GraphNode, words: ScalarWords): Code {
  switch (node.kind) {
    case 'total':
      return words.total(node.index)
    case 'constant':
      return numberCode(node.value, words.build)
    case 'input':
      return name(node.name)
    case 'parameter':
      return words.parameter(node.name)
    case 'state':
      return words.state(node.index)
    case 'call': {
      const arguments_ = node.arguments.map((argument): Argument<Code> => ({
        node: argument,
        text: expressionOf(argument, words),
      }))
      const [step, ...own] = givenArguments(node.callee, arguments_)
      return call(words.functionName(node.callee), step, name('T'), ...own)
    }
    case 'apply':
      return words.isPlain(node) ? scalarCode(node, words) : words.apply(node)
  }
}

/** Whether the operator is one on elements that is worked out in Python's numbers. */
export function isScalar(node: ApplyNode, { placementOf }: Types): boolean {
  return node.operator.kind === 'elementwise' && isHost(placementOf(node))
}

function scalarCode(node: ApplyNode, words: ScalarWords): Code {
  const { types, build } = words
  const arguments_ = node.arguments.map((argument) => ({
    code: expressionOf(argument, words),
    interval: types.intervalOf(argument),
  }))
  return scalarSpelling(node.operator)(build, arguments_, types.intervalOf(node))
}
