import type { Operator } from '../operators/operator.ts'
import { createGraph, reachable, type GraphBuilder } from './build.ts'
import type { GraphNode, Program, ScheduleFunction } from './graph.ts'
import { readPattern, type Pattern } from './pattern.ts'
import {
  rebuild,
  rewriteFunction,
  rewriteNodes,
  rewriteProgram,
  rootsOf,
  type Rewrite,
} from './rewrite.ts'

/** Whether a target writes the operator itself. Answers of one such function never change. */
export type IsSpelled = (operator: Operator) => boolean

/**
 * The program with the operators that are not spelled replaced by their definitions, in schedules and decays too. A program
 * without such operators is given back itself. Values that have a name keep it.
 */
export function expandDefinitions(program: Program, isSpelled: IsSpelled): Program {
  return isWritable(rootsOf(program), isSpelled)
    ? program
    : rewriteProgram(program, expansion(createGraph(), isSpelled))
}

/** What stands for each of some values, and for what they are made of, where every operator is spelled or primitive. */
export function expandValues(
  roots: readonly GraphNode[],
  isSpelled: IsSpelled,
): ReadonlyMap<GraphNode, GraphNode> {
  return rewriteNodes(roots, expansion(createGraph(), isSpelled))
}

const expandedFunctions = new WeakMap<IsSpelled, WeakMap<ScheduleFunction, ScheduleFunction>>()

/** The same for a schedule or decay; the same one for the same function. */
export function expandFunction(callee: ScheduleFunction, isSpelled: IsSpelled): ScheduleFunction {
  const functions = expandedFunctions.get(isSpelled) ?? new WeakMap()
  expandedFunctions.set(isSpelled, functions)
  const known = functions.get(callee)
  if (known !== undefined) return known
  const result = isWritable([callee.body], isSpelled)
    ? callee
    : rewriteFunction(callee, expansion(createGraph(), isSpelled))
  functions.set(callee, result)
  return result
}

function isWritable(roots: readonly GraphNode[], isSpelled: IsSpelled): boolean {
  return reachable(roots).every((node) =>
    node.kind === 'call'
      ? expandFunction(node.callee, isSpelled) === node.callee
      : node.kind !== 'apply' || isKept(node.operator, isSpelled),
  )
}

/** A primitive without a spelling stays: whoever writes it reports that. */
function isKept(operator: Operator, isSpelled: IsSpelled): boolean {
  return operator.definition === undefined || isSpelled(operator)
}

function expansion(graph: GraphBuilder, isSpelled: IsSpelled): Rewrite {
  const apply = (operator: Operator, arguments_: readonly GraphNode[], site: number): GraphNode => {
    if (isKept(operator, isSpelled)) return graph.apply(operator, arguments_, site)
    const variables = new Map(
      operator.parameters.map(({ name }, index) => [name, arguments_[index]!]),
    )
    return write(definitionOf(operator), variables)
  }
  const write = (pattern: Pattern, variables: ReadonlyMap<string, GraphNode>): GraphNode => {
    switch (pattern.kind) {
      case 'constant':
        return graph.constant(pattern.value)
      case 'variable':
        return variables.get(pattern.name)!
      case 'apply':
        return apply(
          pattern.operator,
          pattern.arguments.map((argument) => write(argument, variables)),
          0,
        )
    }
  }
  return (node, arguments_) => {
    if (node.kind === 'call') return graph.call(expandFunction(node.callee, isSpelled), arguments_)
    return node.kind === 'apply'
      ? apply(node.operator, arguments_, node.site)
      : rebuild(graph, node, arguments_)
  }
}

const definitions = new Map<Operator, Pattern>()

function definitionOf(operator: Operator): Pattern {
  const pattern = definitions.get(operator) ?? readPattern(operator.definition!)
  definitions.set(operator, pattern)
  return pattern
}
