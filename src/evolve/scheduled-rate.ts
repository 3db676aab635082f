import type { ScheduleValue } from '../ir/schedule.ts'
import type { Program } from '../ir/graph.ts'
import { planLearningRate, type PlanLengths } from '../tasks/protocol.ts'

/** Whether a program has the hyperparameters that a rule of a search follows the run's schedule through. */
export function schedulesItself({ hyperparameters }: Pick<Program, 'hyperparameters'>): boolean {
  return hyperparameters.some(({ name }) => name === 'warmup')
}

/**
 * Hyperparameters under which a program follows the schedule of a plan with the peak `learningRate`: `warmup` and `hold` for
 * one that schedules itself, a learning rate for each step for others.
 */
export function scheduledRate(
  ownSchedule: boolean,
  learningRate: number,
  plan: PlanLengths,
): Readonly<Record<string, number | ScheduleValue>> {
  return ownSchedule
    ? { lr: learningRate, warmup: plan.warmupSteps, hold: plan.holdSteps }
    : { lr: (t) => planLearningRate(plan, learningRate, t) }
}
