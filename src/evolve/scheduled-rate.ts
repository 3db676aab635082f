import { contains, type Interval } from '../operators/interval.ts'
import type { Hyperparameter, Program } from '../ir/graph.ts'
import { LEARNING_RATE } from '../language/learning-rate.ts'
import type { ScheduleValue } from '../ir/schedule.ts'
import { planLearningRate, type PlanLengths } from '../tasks/protocol.ts'

/** The hyperparameters that a rule of a search follows a run's schedule through. */
const WARMUP = 'warmup'
const HOLD = 'hold'

/** Whether a program has the hyperparameters that a rule of a search follows the run's schedule through. */
export function schedulesItself({ hyperparameters }: Pick<Program, 'hyperparameters'>): boolean {
  return hyperparameters.some(({ name }) => name === WARMUP)
}

/**
 * Values of hyperparameters under which a program follows the schedule of a plan with the peak `learningRate`: `warmup` and
 * `hold` for one that schedules itself, a learning rate for each step, held to the interval that it is declared with, for
 * others. Left out is what the program does not have, and what it declares to be something else than the plan wants: that
 * keeps its default.
 */
export function scheduledRate(
  { hyperparameters }: Pick<Program, 'hyperparameters'>,
  learningRate: number | undefined,
  plan: PlanLengths,
): Readonly<Record<string, number | ScheduleValue>> {
  const isOwn = schedulesItself({ hyperparameters })
  const values: Record<string, number | ScheduleValue> = {}
  for (const { name, interval } of hyperparameters) {
    if (name === LEARNING_RATE && learningRate !== undefined)
      values[name] = isOwn
        ? learningRate
        : (t) => nearest(interval, planLearningRate(plan, learningRate, t))
    if (isOwn) {
      const wanted = lengthOf(name, plan)
      if (wanted !== undefined && contains(interval, wanted)) values[name] = wanted
    }
  }
  return values
}

/** A text that programs have in common which follow the schedule of any plan alike. */
export function scheduleKey({ hyperparameters }: Pick<Program, 'hyperparameters'>): string {
  return hyperparameters
    .filter(({ name }) => name === LEARNING_RATE || name === WARMUP || name === HOLD)
    .map(({ name, interval: { low, high, lowOpen, highOpen } }: Hyperparameter) =>
      [name, low, high, lowOpen, highOpen].join(' '),
    )
    .join(', ')
}

function lengthOf(name: string, { warmupSteps, holdSteps }: PlanLengths): number | undefined {
  if (name === WARMUP) return warmupSteps
  return name === HOLD ? holdSteps : undefined
}

/** The nearest value to `value` between the ends, which a schedule may reach. */
const nearest = ({ low, high }: Interval, value: number): number =>
  Math.min(Math.max(value, low), high)
