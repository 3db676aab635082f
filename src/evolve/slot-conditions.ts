import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import type { SlotTests } from '../mutate/sample.ts'
import { createDecayTests } from './decay-conditions.ts'

/**
 * What the search asks about the decays and schedule factors of `space`, on the 100 steps of a run of 100. A factor is
 * finite and never negative, positive somewhere, and from the second step on at most `most`: a warm-up starts at 0, so on
 * the first step no factor matters.
 */
export function createSlotTests(space: Space, loader: ModuleLoader): SlotTests {
  const { isDecay, differ, valuesOf } = createDecayTests(space, loader)
  const most = space.schedule?.most ?? 0
  return {
    isDecay,
    differ,
    isSchedule: (schedule) => {
      const values = valuesOf(schedule)
      return (
        values.every((value) => Number.isFinite(value) && value >= 0) &&
        values.some((value) => value > 0) &&
        values.slice(1).every((value) => value <= most)
      )
    },
  }
}
