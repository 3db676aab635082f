import { requestOf } from '../evolve/context.ts'
import type { Fitness } from '../evolve/fitness.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import type { Protocol } from '../tasks/protocol.ts'
import { loggedAccuracy, type LoggedRule, type LoggedStage } from './published-log.ts'
import { loggedSubject, studySeed } from './subject.ts'
import type { Unit } from './unit.ts'

/** A rule of the published log, evaluated here. */
export interface Replicated {
  readonly rule: string
  readonly stage: LoggedStage
  /** The mean of what was logged; absent where it failed. */
  readonly logged?: number
  readonly found: Fitness
  /** For some rules: what another seed came to. */
  readonly again?: Again
}

/** A rule evaluated with another seed, learning-rate probe included, and what either seed reaches with the other's choice. */
export interface Again {
  readonly found: Fitness
  /** The first seed with the second's learning rate, and the second with the first's; absent where both chose the same. */
  readonly swapped?: readonly [Fitness, Fitness]
}

/** What a replication depends on beside the log. */
export interface ReplicationSetting {
  readonly task: string
  readonly protocol: Protocol
  readonly seed: number
  /** How many rules, the first of the sample, are evaluated with a second seed. */
  readonly again: number
  /** The published space. */
  readonly space: Space
  readonly loader: ModuleLoader
}

/**
 * The sample's rules, each by the surrogate it was logged under: the probe and a run, as the search judges. Each rule has seeds of
 * its own.
 */
export function replicationUnits(
  sample: readonly LoggedRule[],
  setting: ReplicationSetting,
): readonly Unit<Replicated>[] {
  const { task, protocol, seed, space, loader } = setting
  return sample.map((logged, index) => ({
    name: logged.rule,
    run: async (judge) => {
      const { rule, stage } = logged
      const accuracy = loggedAccuracy(logged)
      const subject = loggedSubject(rule, space, loader)
      const evaluate = (run: number, learningRate?: number): Promise<Fitness> =>
        judge(
          task,
          requestOf(subject.text, subject.flipped, {
            surrogate: protocol[stage].name,
            seed: studySeed(seed, 'replicate', stage, rule, run),
            ...(learningRate !== undefined && { learningRate }),
          }),
        )
      const found = await evaluate(0)
      return {
        rule,
        stage,
        ...(accuracy !== undefined && { logged: accuracy }),
        found,
        ...(index < setting.again && { again: await evaluateAgain(found, evaluate) }),
      }
    },
  }))
}

async function evaluateAgain(
  first: Fitness,
  evaluate: (run: number, learningRate?: number) => Promise<Fitness>,
): Promise<Again> {
  const found = await evaluate(1)
  const [own, other] = [first.learningRate, found.learningRate]
  if (own === undefined || other === undefined || own === other) return { found }
  return { found, swapped: [await evaluate(0, other), await evaluate(1, own)] }
}
