import type { Point } from '../../../draw/polyline.ts'
import { SURFACES } from '../../../language/plot/surfaces.ts'
import type { Json } from '../state/json.ts'
import { isRecord, readNumbers } from './curves-state.ts'

/** What a race is held with. */
export interface RaceState {
  readonly surface: string
  /** Where it starts; the surface's own start when absent. */
  readonly start?: Point
  readonly steps: number
  /** Hyperparameters of the rule. */
  readonly values: Readonly<Record<string, number>>
}

export const LEAST_STEPS = 10
export const MOST_STEPS = 1000
const FIRST: RaceState = { surface: 'rosenbrock', steps: 200, values: {} }

/** What an address says of a race, which anybody may have written; what is wrong in it is left out. */
export function readRaceState(given: Json | undefined): RaceState {
  if (!isRecord(given)) return FIRST
  const { surface, start, steps, values } = given
  return {
    surface: SURFACES.find(({ name }) => name === surface)?.name ?? FIRST.surface,
    ...(isPoint(start) && { start }),
    steps: isSteps(steps) ? steps : FIRST.steps,
    values: readNumbers(values),
  }
}

/** The same for an address; undefined where it is what there is without one. */
export function writeRaceState({ surface, start, steps, values }: RaceState): Json | undefined {
  const isFirst =
    surface === FIRST.surface && steps === FIRST.steps && Object.keys(values).length === 0
  if (isFirst && start === undefined) return undefined
  return { surface, steps, values, ...(start !== undefined && { start }) }
}

/** A number of steps that a race can have. */
export const isSteps = (value: Json | undefined): value is number =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= LEAST_STEPS &&
  value <= MOST_STEPS

const isPoint = (value: Json | undefined): value is Point =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((each) => typeof each === 'number' && Number.isFinite(each))
