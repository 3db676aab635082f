import type { Figure, Series } from '../../draw/figure.ts'
import { evaluateFunction } from '../../plan/run/function.ts'
import { valueGiven } from '../../plan/run/runs.ts'
import type { ScheduleFunction } from '../../ir/graph.ts'

/** The values of a schedule at every step of a run. */
export interface Curve {
  readonly name: string
  readonly totalSteps: number
  readonly values: readonly number[]
}

/** The first parameter of `callee` that has neither an argument nor a default. */
export function missingArgument(
  { parameters }: ScheduleFunction,
  arguments_: Readonly<Record<string, number>>,
): string | undefined {
  return parameters.find(
    ({ name, default: initial }) => (valueGiven(arguments_, name) ?? initial) === undefined,
  )?.name
}

/** The values of `callee` for t = 0 ... totalSteps - 1. Throws a RangeError when an argument is missing. */
export function curveOf(
  callee: ScheduleFunction,
  arguments_: Readonly<Record<string, number>>,
  totalSteps: number,
): Curve {
  const given = callee.parameters.map(
    ({ name, default: initial }) => valueGiven(arguments_, name) ?? initial,
  )
  const missing = missingArgument(callee, arguments_)
  if (missing !== undefined) throw new RangeError(`${callee.name} needs a value for ${missing}`)
  const values = Array.from({ length: totalSteps }, (_, t) =>
    evaluateFunction(callee, given, t, totalSteps),
  )
  return { name: callee.name, totalSteps, values }
}

/** The curves in one panel. */
export function curvesFigure(curves: readonly Curve[]): Figure {
  const totalSteps = Math.max(...curves.map((curve) => curve.totalSteps))
  const series = curves.map(({ name, values }, color): Series => {
    return { name, color, points: values.map((value, t) => [t, value] as const) }
  })
  return {
    title: titleOf(curves.map(({ name }) => name)),
    subtitle: `T = ${totalSteps.toLocaleString('en-US')} steps`,
    panels: [{ x: { label: 'step t', low: 0, high: totalSteps }, y: { label: 'value' }, series }],
  }
}

/** More names than these make a legend, not a title. */
const MOST_NAMES = 5

function titleOf(names: readonly string[]): string {
  return names.length > MOST_NAMES ? `${names.length} schedules` : names.join(', ')
}
