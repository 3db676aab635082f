import { createDependence } from '../ir/analysis/dependence.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { EVALUATE } from '../resolve/builtins.ts'
import { changingStates, isLeaf, orderStatements, type Statement } from './order.ts'

/** What stands for a value in an expression; undefined when it is to be written out. */
export type Naming = (node: GraphNode) => string | undefined

/**
 * One line of a rule as equations. `state`: the new value of that state; `update`: what is subtracted from the parameter;
 * `evaluate`: the weights to evaluate with, from what there is after the step.
 */
export interface Equation<T> {
  readonly kind: 'definition' | 'state' | 'update' | 'evaluate'
  /** What is defined; `w` for the update, `evaluate` for the weights to evaluate with. */
  readonly name: string
  readonly value: T
}

/**
 * A program without conditions on shapes as equations in an order that computes it. As in the language, a state's name is
 * its old value up to the line that assigns it and its new value from there on. `show` writes a value with the names
 * there are at its line.
 */
export function equationsOf<T>(
  program: Program,
  show: (node: GraphNode, naming: Naming, kind: Equation<T>['kind']) => T,
): Equation<T>[] {
  const view = {
    states: changingStates(program),
    deservesLet: (node: GraphNode) => program.names.has(node),
    canStandFor: () => true,
    guardOf: () => undefined,
  }
  const taken = new Set(program.states.map((state) => state.name))
  const names = new Map<GraphNode, string>()
  const naming: Naming = (node) =>
    node.kind === 'state' ? program.states[node.index]?.name : names.get(node)
  const define = (node: GraphNode, wanted: string): Equation<T> => {
    const value = show(node, naming, 'definition')
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    names.set(node, name)
    return { kind: 'definition', name, value }
  }
  const write = (statement: Statement): Equation<T> => {
    const { node } = statement
    switch (statement.kind) {
      case 'let': {
        const { state } = statement
        return define(
          node,
          state === undefined ? program.names.get(node)! : `new_${program.states[state]!.name}`,
        )
      }
      case 'assign': {
        const { name } = program.states[statement.state]!
        const value = show(node, naming, 'state')
        if (!isLeaf(node) && !names.has(node)) names.set(node, name)
        return { kind: 'state', name, value }
      }
      case 'update':
        return { kind: 'update', name: 'w', value: show(node, naming, 'update') }
    }
  }
  const lines = orderStatements(program, view).map(write)
  const { evaluate } = program
  if (evaluate === undefined || isWeights(evaluate)) return lines
  // Other names stand for values of the step.
  const isOfStep = createDependence([], (node) => node.kind === 'state' || isInput(node))
  const afterStep: Naming = (node) =>
    node.kind === 'state' || !isOfStep(node) ? naming(node) : undefined
  return [
    ...lines,
    { kind: 'evaluate', name: EVALUATE, value: show(evaluate, afterStep, 'evaluate') },
  ]
}

const isInput = (node: GraphNode): boolean =>
  node.kind === 'input' && (node.name === 'g' || node.name === 'w')

const isWeights = (node: GraphNode): boolean => node.kind === 'input' && node.name === 'w'
