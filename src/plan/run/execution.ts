import type { ReductionOperator } from '../../operators/operator.ts'
import type { Numbers } from './lanes.ts'
import type { StateAccess } from './states.ts'

/** A program on the elements of all runs. */
export interface Execution extends StateAccess {
  /** States as before the first step from these weights, one per element of the parameter. */
  readonly begin: (start: ArrayLike<number>) => void
  /**
   * What step `t` subtracts from `weights`, one number per lane; overwritten by the next step. Only the lanes of the runs from
   * `firstRun` to before `endRun` are read and written.
   */
  readonly step: (
    gradient: ArrayLike<number>,
    weights: ArrayLike<number>,
    t: number,
    firstRun: number,
    endRun: number,
  ) => Numbers
  /** The same for the only run of one parameter of several, whose totals come from outside. */
  readonly stepInRounds: (
    gradient: ArrayLike<number>,
    weights: ArrayLike<number>,
    t: number,
  ) => StepInRounds
}

/** A step that stops after each round: it gives what the parameter adds to the totals of the round, and is given those. */
export type StepInRounds = Generator<readonly number[], Numbers, readonly number[]>

/** A total as it is put together: from what each parameter adds, in lanes, to the value that is read, in lanes. */
export interface ExecutedTotal {
  readonly whole: ReductionOperator['meaning']
  readonly own: Numbers
  readonly values: Numbers
}
