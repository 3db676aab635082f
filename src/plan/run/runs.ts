import type { ScheduleValue } from '../../ir/schedule.ts'
import type { Layout } from '../../operators/layout.ts'

/** What a record holds under a name that a program chose: never what every object inherits, such as `constructor`. */
export function valueGiven<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** Runs of one program side by side, which differ in hyperparameters alone. */
export interface Runs {
  /** Shape of the parameter. */
  readonly shape: readonly number[]
  /** Which of its axes the outputs are on; the last when not given. */
  readonly layout?: Layout
  /** Whether the parameter is that of a hidden layer as far as it is no vector; true when not given. */
  readonly isHidden?: boolean
  /** Values by name for each run; those not given have their defaults. */
  readonly hyperparameters: readonly Readonly<Record<string, number | ScheduleValue>>[]
  /** Total steps of the runs; needed where the program uses `T`. */
  readonly totalSteps?: number
  /** Seed of the random streams; 0 when not given. */
  readonly seed?: number
  /** Which parameter of the model this is, which tells random streams apart; 0 when not given. */
  readonly parameterIndex?: number
  /** 32: every tensor operation is rounded to 32-bit floats, as on the targets. 64: none is. 32 when not given. */
  readonly precision?: 32 | 64
  /** How many steps are taken, one after the other from 0 on: numbers of the host are then worked out once for all. */
  readonly steps?: number
}
