import type { Fitness } from '../evolve/fitness.ts'
import { requestOf } from '../evolve/context.ts'
import { studySeed, type Subject } from './subject.ts'
import type { Unit } from './unit.ts'

/** A surrogate on a task: what rules are ranked by. */
export interface Ground {
  /** `TASK:SURROGATE`. */
  readonly name: string
  readonly task: string
  readonly surrogate: string
}

/** What a rule came to on every ground, one evaluation for each seed. */
export interface Ranked {
  readonly rule: string
  /** In the order of the grounds, then of the seeds. */
  readonly found: readonly (readonly Fitness[])[]
}

/**
 * The rules, each on every ground and with every seed: the probe and a run, so that the learning rate is chosen anew by each seed, and
 * what seeds differ by holds the error of the choice.
 */
export function surrogateUnits(
  subjects: readonly Subject[],
  grounds: readonly Ground[],
  seed: number,
  seeds: number,
): readonly Unit<Ranked>[] {
  return subjects.map(({ name, text, flipped }) => ({
    name,
    run: async (judge) => ({
      rule: name,
      found: await Promise.all(
        grounds.map(({ task, surrogate, name: ground }) =>
          Promise.all(
            Array.from({ length: seeds }, (_, run) =>
              judge(
                task,
                requestOf(text, flipped, {
                  surrogate,
                  seed: studySeed(seed, 'surrogate', ground, name, run),
                }),
              ),
            ),
          ),
        ),
      ),
    }),
  }))
}
