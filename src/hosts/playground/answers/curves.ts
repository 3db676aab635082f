import type { Program, ScheduleFunction } from '../../../ir/graph.ts'
import { curveOf, type Curve } from '../../../language/plot/curves.ts'
import { responsesOf, type Response } from '../../../language/plot/responses.ts'
import { schedulesInside } from '../../../plan/schedules-inside.ts'
import {
  graphsOf,
  shownParameters,
  valuesOf,
  type Nothing,
  type ShownParameter,
  type TextQuestion,
} from './program.ts'

export interface CurvesQuestion extends TextQuestion {
  readonly kind: 'curves'
  /** T: the steps of a run. */
  readonly totalSteps: number
  /** Values of parameters, by the names of what has them. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Everything of a text that is a curve, in its order. */
export interface Curves {
  readonly kind: 'curves'
  readonly functions: readonly DrawnFunction[]
  readonly optimizers: readonly DrawnOptimizer[]
}

/** A schedule or decay. */
export interface DrawnFunction {
  readonly name: string
  readonly role: ScheduleFunction['role']
  readonly parameters: readonly ShownParameter[]
  readonly curve: Curve
}

/** The numbers of a run that an optimizer works out once a step, and what it makes of gradients. */
export interface DrawnOptimizer {
  readonly name: string
  readonly curves: readonly Curve[]
  readonly responses: readonly Response[]
}

/** The steps that an optimizer's update is looked at after. */
const RESPONSE_STEPS = [1, 10, 100]

/** What there is to draw of a text. */
export function curvesOf({ totalSteps, values, ...question }: CurvesQuestion): Curves | Nothing {
  const graphs = graphsOf(question)
  if (graphs.kind === 'none') return graphs
  const { programs, functions } = graphs.compiled
  if (programs.length + functions.length === 0)
    return { kind: 'none', reason: 'The program declares no schedule, decay or optimizer.' }
  return {
    kind: 'curves',
    functions: functions.map((callee) => {
      const given = Object.hasOwn(values, callee.name) ? values[callee.name]! : {}
      const parameters = shownParameters(callee.parameters, given)
      return {
        ...{ name: callee.name, role: callee.role, parameters },
        curve: curveOf(callee, valuesOf(parameters), totalSteps),
      }
    }),
    optimizers: programs.map((program) => drawnOptimizer(program, totalSteps)),
  }
}

function drawnOptimizer(program: Program, totalSteps: number): DrawnOptimizer {
  return {
    name: program.name,
    curves: schedulesInside(program).map((callee) => curveOf(callee, {}, totalSteps)),
    responses: responsesOf(
      program,
      RESPONSE_STEPS.filter((steps) => steps <= totalSteps),
      totalSteps,
    ),
  }
}
