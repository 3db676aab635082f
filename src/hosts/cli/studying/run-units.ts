import type { StudyJudge, Unit } from '../../../study/unit.ts'
import { isOver } from './study-judge.ts'

/** How units are done. */
export interface UnitsOptions<Result> {
  /** How many at a time. */
  readonly concurrency: number
  /** Whether there is time for another one. */
  readonly mayBegin: () => boolean
  /** A judge for a unit that may train, or only recall. */
  readonly judge: (mayTrain: boolean) => StudyJudge
  /** Told what is done, in the order of the units, whenever one more is. */
  readonly onDone: (done: readonly Result[]) => void
}

/**
 * Does the units in their order, several at a time, until there is no time for another; those that an earlier process completed are done
 * in any case. What was completed, in the order of the units.
 */
export async function runUnits<Result>(
  units: readonly Unit<Result>[],
  { concurrency, mayBegin, judge, onDone }: UnitsOptions<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>()
  const done = (): readonly Result[] =>
    units.flatMap((_, index) => (results.has(index) ? [results.get(index)!] : []))
  let next = 0
  const work = async (): Promise<void> => {
    while (next < units.length) {
      const index = next++
      try {
        results.set(index, await units[index]!.run(judge(mayBegin())))
      } catch (error) {
        if (!isOver(error)) throw error
        continue
      }
      onDone(done())
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return done()
}
