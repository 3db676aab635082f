import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Hyperparameter, ScheduleFunction } from '../../ir/graph.ts'
import { evaluateFunction } from '../../ir/schedule.ts'
import { contains } from '../../operators/interval.ts'
import type { Expression } from '../../syntax/ast.ts'

/** Lengths of the runs that are tried, and how many of them long the run is followed for. */
const TOTALS = [24, 200]
const FOLLOWED = 3
/** How many steps behind the end are tried beside the first and the last. */
const STEPS_BEHIND = 30
const MOST_COMBINATIONS = 8
const ROUNDING = 1e-9

/**
 * That a schedule which uses `T` has values behind the end of the run that it has nowhere in the run, in runs of every
 * length that is tried. What a further step of its last change gives counts as inside: a line may reach its end on step `T`.
 */
export function checkPastEnd(
  schedule: ScheduleFunction,
  result: Expression,
  path: string,
): Diagnostic | undefined {
  if (schedule.role !== 'schedule' || !schedule.usesTotalSteps) return undefined
  for (const arguments_ of combinationsOf(schedule)) {
    const departures = TOTALS.map((T) => departureOf(schedule, arguments_, T))
    const [first] = departures
    if (first === undefined || departures.some((departure) => departure === undefined)) continue
    const { t, T, number, low, high } = first
    const { name } = schedule
    return diagnose('schedule-past-end', {
      path,
      span: result.span,
      message: `behind the end of the run \`${name}\` leaves what it was in it: it is ${show(number)} at step t = ${t} of T = ${T}, and within [${show(low)}, ${show(high)}] before`,
      label: 'goes on behind the end',
      help: 'let it end where the run does, for instance with `min(t, T - 1)` for `t`; a `decay` holds its last value by itself',
    })
  }
  return undefined
}

/** A step behind the end of a run on which a schedule leaves the interval of its values in the run. */
interface Departure {
  readonly t: number
  readonly T: number
  readonly number: number
  readonly low: number
  readonly high: number
}

function departureOf(
  schedule: ScheduleFunction,
  arguments_: readonly (number | undefined)[],
  T: number,
): Departure | undefined {
  const at = (t: number): number => evaluateFunction(schedule, arguments_, t, T)
  const inside = Array.from({ length: T }, (_, t) => at(t))
  if (!inside.every(Number.isFinite)) return undefined
  const low = Math.min(...inside)
  const high = Math.max(...inside)
  const change = Math.abs(inside[T - 1]! - inside[T - 2]!)
  const allowed = change + ROUNDING * Math.max(Math.abs(low), Math.abs(high))
  for (const t of stepsBehind(T)) {
    const number = at(t)
    if (!(number >= low - allowed && number <= high + allowed)) return { t, T, number, low, high }
  }
  return undefined
}

function stepsBehind(T: number): readonly number[] {
  const length = (FOLLOWED - 1) * T
  const between = Array.from({ length: STEPS_BEHIND }, (_, index) =>
    Math.floor((index * length) / STEPS_BEHIND),
  )
  return [...new Set([...between, 1, length])].map((step) => T + step).sort((a, b) => a - b)
}

/** Arguments to try, the step left out: defaults, and numbers near the low end of a range where there is none. */
function combinationsOf({
  parameters,
}: ScheduleFunction): readonly (readonly (number | undefined)[])[] {
  return parameters.reduce<(number | undefined)[][]>(
    (combinations, parameter) =>
      combinations
        .flatMap((start) => samplesOf(parameter).map((sample) => [...start, sample]))
        .slice(0, MOST_COMBINATIONS),
    [[]],
  )
}

function samplesOf({ interval, default: byDefault }: Hyperparameter): readonly number[] {
  if (byDefault !== undefined) return [byDefault]
  const { low, high } = interval
  if (low === -Infinity && high === Infinity) return [1]
  const width = Number.isFinite(high - low) ? high - low : 1
  const points = [0.5, 1, 0].map((part) =>
    Number.isFinite(low) ? low + part * width : Math.min(high, 0) - part * width,
  )
  return points.filter((point) => contains(interval, point))
}

function show(number: number): string {
  return String(Number(number.toPrecision(6)))
}
