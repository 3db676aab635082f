import type { Json } from '../state/json.ts'

/** What curves are drawn with. */
export interface CurvesState {
  readonly totalSteps: number
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export const MOST_STEPS = 10_000
const FIRST: CurvesState = { totalSteps: 200, values: {} }

/** What an address says of curves, which anybody may have written; what is wrong in it is left out. */
export function readCurvesState(given: Json | undefined): CurvesState {
  if (!isRecord(given)) return FIRST
  const { totalSteps, values } = given
  return {
    totalSteps: isSteps(totalSteps) ? totalSteps : FIRST.totalSteps,
    values: isRecord(values)
      ? Object.fromEntries(
          Object.entries(values).map(([name, each]) => [name, readNumbers(each)] as const),
        )
      : {},
  }
}

/** The same for an address; undefined where it is what there is without one. */
export function writeCurvesState({ totalSteps, values }: CurvesState): Json | undefined {
  const said = Object.entries(values).filter(([, each]) => Object.keys(each).length > 0)
  if (totalSteps === FIRST.totalSteps && said.length === 0) return undefined
  return { totalSteps, values: Object.fromEntries(said) }
}

/** A whole number of steps that curves can have. */
export const isSteps = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST_STEPS

export const isRecord = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The finite numbers of a record, by their names. */
export function readNumbers(given: Json | undefined): Readonly<Record<string, number>> {
  if (!isRecord(given)) return {}
  return Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, number] =>
        typeof entry[1] === 'number' && Number.isFinite(entry[1]),
    ),
  )
}

/** A record with a number under a name, or without one. */
export function withNumber(
  numbers: Readonly<Record<string, number>>,
  name: string,
  value: number | undefined,
): Readonly<Record<string, number>> {
  const { [name]: _, ...others } = numbers
  return value === undefined ? others : { ...others, [name]: value }
}
