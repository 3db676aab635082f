import { createDependence } from '../ir/analysis/dependence.ts'
import {
  createPlacements,
  memoized,
  type ParameterPlacement,
  type States,
} from '../ir/analysis/placement.ts'
import type { Inputs } from '../ir/analysis/inputs.ts'
import { createValues, type Place, type Values } from '../ir/analysis/values.ts'
import { isMask, reachable } from '../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../ir/graph.ts'
import type { Interval } from '../operators/interval.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost, matrixAxes, type Extent, type Placement } from '../operators/type.ts'

/** What is known of a node wherever it stands. */
export interface Kind extends Placement {
  /** Whether it is a comparison, usable only as a condition. */
  readonly isMask: boolean
  /** Whether the placement rests on a parameter of a function, whose arguments may be known earlier. */
  readonly isGuessed: boolean
  /** Set where an error has been reported; nothing more is said about values that come of it. */
  readonly isUnknown: boolean
}

/** What is known of the numbers a node can have at one place. */
export interface Numbers extends Kind {
  readonly interval: Interval
  /** The whole interval that a hyperparameter declares; only for the hyperparameter itself. */
  readonly declared: Interval | undefined
  /** Whether ends were left out of the interval that a hyperparameter declares and the value rests on. */
  readonly interior: boolean
  /** Whether the interval rests on `t < T`, which is not so behind the end of the run. */
  readonly beforeEnd: boolean
  /** Whether the interval rests on a parameter about which nothing is declared. */
  readonly guessed: boolean
}

/** What is checked: the program of an optimizer, or a function by itself or called with something. */
export interface Subject {
  readonly values: Values
  readonly kindOf: (node: GraphNode) => Kind
  /** What there is one of the node for. */
  readonly extentOf: (node: GraphNode) => Extent
  /** The placement of a state by its index. */
  readonly stateOf: (index: number) => Placement
  readonly numbersOf: (node: GraphNode, place: Place) => Numbers
  /** Nodes that errors have been reported of. */
  readonly poisoned: ReadonlySet<GraphNode>
  readonly inputs: Inputs
  /** Whether the node is a matrix, whatever sides choices on the host take. */
  readonly isMatrix: (node: GraphNode) => boolean
  /** Whether it is a function by itself, of whose parameters nothing is known. */
  readonly isTemplate: boolean
}

/** What a subject is made of. */
export interface SubjectParts {
  readonly states: States
  readonly inputs: Inputs
  readonly placement: ParameterPlacement
  /** Whether arguments of any placement may stand for the parameters. */
  readonly isTemplate?: true
  /** Whether the parameters are hyperparameters, which declare what they may be. */
  readonly hasHyperparameters?: true
}

/** A subject of which the given nodes are known to be wrong. */
export function createSubject(
  { states, inputs, placement, isTemplate, hasHyperparameters }: SubjectParts,
  poisoned: ReadonlySet<GraphNode>,
): Subject {
  const values = createValues(states, inputs)
  const { placementOf, stateOf } = createPlacements(states, placement)
  const isUnknown = createDependence(states, (node) => poisoned.has(node) || isWrong(node))
  const isGuessed =
    isTemplate === true ? createDependence(states, ({ kind }) => kind === 'parameter') : () => false
  const kindOf = (node: GraphNode): Kind => {
    const { known, extent } = placementOf(node)
    return {
      known,
      extent,
      isMask: isMask(node),
      isGuessed: isGuessed(node),
      isUnknown: isUnknown(node),
    }
  }
  return {
    values,
    poisoned,
    inputs,
    kindOf,
    extentOf: (node) => placementOf(node).extent,
    stateOf,
    isMatrix: createMatrixTest(placementOf),
    isTemplate: isTemplate === true,
    numbersOf: (node, place) => {
      const { interval, interior, beforeEnd, guessed } = values.valueOf(node, place)
      const isDeclared =
        hasHyperparameters === true &&
        node.kind === 'parameter' &&
        interval === values.valueOf(node).interval &&
        !guessed
      const declared = isDeclared ? node.declared : undefined
      const { known, extent } = placementOf(node)
      // Field by field: it is asked for every operand of a program, and spreading takes many times as long.
      return {
        known,
        extent,
        isMask: isMask(node),
        isGuessed: isGuessed(node),
        isUnknown: isUnknown(node),
        interval,
        declared,
        interior,
        beforeEnd,
        guessed,
      }
    },
  }
}

/** Tells matrices from what only one side of a choice makes one. */
function createMatrixTest(
  placementOf: (node: GraphNode) => Placement,
): (node: GraphNode) => boolean {
  const areAxes = (node: GraphNode): boolean => matrixAxes(placementOf(node).extent) !== undefined
  return memoized((node, recurse) => {
    if (!areAxes(node)) return false
    if (node.kind !== 'apply' || node.operator.kind !== 'elementwise') return true
    const [condition, ...sides] = node.arguments
    if (node.operator === choiceOperator && isHost(placementOf(condition!)))
      return sides.every(recurse)
    // One number for each output and one for each input make a matrix together.
    const matrices = node.arguments.filter(areAxes)
    return matrices.length === 0 || matrices.some(recurse)
  })
}

const wrongFunctions = new WeakMap<ScheduleFunction, boolean>()

/** Whether the node stands for something wrong, or calls a function with something wrong in it. */
function isWrong(node: GraphNode): boolean {
  if (node.kind !== 'call') return node.kind === 'constant' && node.isHole === true
  let isWrongFunction = wrongFunctions.get(node.callee)
  if (isWrongFunction === undefined) {
    isWrongFunction = reachable([node.callee.body]).some(isWrong)
    wrongFunctions.set(node.callee, isWrongFunction)
  }
  return isWrongFunction
}
