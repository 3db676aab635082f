import { interval, type Interval } from '../../operators/interval.ts'
import type { Placement } from '../../operators/type.ts'
import type { GraphNode, ParameterNode, Program, ScheduleFunction } from '../graph.ts'
import { holds } from '../schedule.ts'
import { createPlacements, type States } from './placement.ts'
import { formOf } from './relation.ts'
import { createValue, type Value } from './value.ts'
import { STEP } from './inputs.ts'
import { createValues, type Values } from './values.ts'

/**
 * What is known of the values of a program's nodes before it runs. It answers for the nodes of every graph whose states
 * are numbered alike, so that a program can be rewritten by it.
 */
export interface Types {
  /** When the value is known, and one for what. */
  readonly placementOf: (node: GraphNode) => Placement
  /**
   * An interval that holds the value on every step: for every gradient and weight, and hyperparameters in their declared
   * intervals and at finite ends of them, which emitted code enforces at every step. Nothing rests on the promises of decays;
   * on `t < T` only what stands in a decay that holds its value from step `T` on.
   */
  readonly intervalOf: (node: GraphNode) => Interval
  /** The placement of a state by its index: late where its numbers live in tensors. */
  readonly stateOf: (index: number) => Placement
}

const analyzed = new WeakMap<Program | ScheduleFunction, Types>()

/** The types of a program, or of the body of a schedule or decay. */
export function analyze(subject: Program | ScheduleFunction): Types {
  let types = analyzed.get(subject)
  if (types === undefined) {
    types = 'body' in subject ? createTypes([], holds(subject)) : createTypes(subject.states, false)
    analyzed.set(subject, types)
  }
  return types
}

function createTypes(states: States, isHeld: boolean): Types {
  let values: Values | undefined
  return {
    ...createPlacements(states),
    intervalOf: (node) => {
      values ??= createValues(states, {
        assumesEnd: false,
        isHeld,
        step: STEP,
        parameter: enforced,
      })
      return values.valueOf(node).interval
    },
  }
}

const known = new WeakMap<ParameterNode, Value>()

/** The value of a parameter as emitted code holds it: finite ends may be reached by what changes from step to step. */
function enforced(node: ParameterNode): Value {
  let value = known.get(node)
  if (value === undefined) {
    const { low, high, lowOpen, highOpen, nan } = node.declared
    const range = interval(low, high, {
      lowOpen: lowOpen && low === -Infinity,
      highOpen: highOpen && high === Infinity,
      nan,
    })
    known.set(node, (value = createValue(range, { relation: formOf(node) })))
  }
  return value
}
