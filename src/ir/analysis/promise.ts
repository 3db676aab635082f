import { interval, within } from '../../operators/interval.ts'
import type { ScheduleFunction } from '../graph.ts'
import { analyze } from './analyze.ts'

/** What a decay promises to stay in. */
export const PROMISED = interval(0, 1)

/** Whether it is proved that a decay stays in [0, 1] on every step, with parameters in their declared intervals. */
export function keepsPromise(decay: ScheduleFunction): boolean {
  return within(analyze(decay).intervalOf(decay.body), PROMISED)
}
