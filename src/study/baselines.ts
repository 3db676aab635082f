import type { Evaluated } from '../evolve/journal.ts'
import { evaluateTuned } from '../evolve/tuned-evaluation.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Surrogate } from '../tasks/protocol.ts'
import { studySeed, type Subject } from './subject.ts'
import type { Unit } from './unit.ts'

/** A rule tuned and run on every task. */
export interface Compared {
  readonly rule: string
  /** Whether it is one of those that are compared with the others. */
  readonly isPublished: boolean
  /** In the order of the tasks. */
  readonly on: readonly Evaluated[]
}

/** What a comparison depends on beside its rules. */
export interface BaselineSetting {
  readonly tasks: readonly string[]
  readonly surrogate: Surrogate
  readonly seed: number
  readonly finalSeeds: number
  readonly rateSeeds: number
  readonly loader: ModuleLoader
}

/** A rule of a comparison. */
export interface Contender extends Subject {
  readonly isPublished: boolean
}

/**
 * The rules, each tuned and run on every task as the finalists of a search are: learning rates of the probe in short runs, the best of
 * them and their neighbours in whole ones, then runs on other seeds. All have the same seeds.
 */
export function baselineUnits(
  contenders: readonly Contender[],
  { tasks, surrogate, seed, finalSeeds, rateSeeds, loader }: BaselineSetting,
): readonly Unit<Compared>[] {
  return contenders.map(({ name, text, flipped, isPublished }) => ({
    name,
    run: async (judge) => ({
      rule: name,
      isPublished,
      on: await Promise.all(
        tasks.map((task) =>
          evaluateTuned({ rule: text, flipped }, surrogate, {
            ...{ loader, finalSeeds, rateSeeds },
            judge: (request) => judge(task, request),
            seed: (...path) => studySeed(seed, 'baselines', task, ...path),
          }),
        ),
      ),
    }),
  }))
}

/** Published rules and others in turn, so that a comparison which is cut short has some of both. */
export function inTurns(
  published: readonly Contender[],
  others: readonly Contender[],
): readonly Contender[] {
  const at = (rules: readonly Contender[]) =>
    rules.map((rule, index) => ({ rule, place: (index + 0.5) / rules.length }))
  return [...at(published), ...at(others)].sort((a, b) => a.place - b.place).map(({ rule }) => rule)
}
