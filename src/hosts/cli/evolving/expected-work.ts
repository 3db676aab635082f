import { TRIAL_SEEDS } from '../../../evolve/tuned-evaluation.ts'
import type { SearchConfiguration } from '../../../evolve/search-configuration.ts'
import type { Task } from '../../../tasks/open-task.ts'
import {
  finalSurrogateOf,
  placesOf,
  type Protocol,
  type Surrogate,
  type TrainingPlan,
} from '../../../tasks/protocol.ts'
import { surrogateWork } from '../../../tasks/work.ts'

/** What a search is made of, in the order in which it comes. */
export type Part =
  'initial' | 'enter' | 'child' | 'select' | 'rung' | 'final' | 'ablation' | 'transfer'

/** One part of a search before it begins. */
export interface ExpectedPart {
  /** Slots to be filled. */
  readonly slots: number
  /** Training steps of one of them when nothing ends early, as many of the evolution's as take as long. */
  readonly steps: number
  /** Whether a budget ends it. */
  readonly isBudgeted: boolean
}

export type ExpectedWork = Readonly<Record<Part, ExpectedPart>>

/** Everything that decides how much there is to do. */
export interface Extent {
  readonly configuration: SearchConfiguration
  readonly protocol: Protocol
  /** Rules that the search begins with beside random ones. */
  readonly given: number
  /** Rules of the library in the final table. */
  readonly baselines: number
  /** How many steps of the evolution's surrogate a step of another one takes as long as, by its name; 1 where nothing is said. */
  readonly stepCosts?: StepCosts
}

/** By names of surrogates. */
export type StepCosts = ReadonlyMap<string, number>

/** Steps by what they multiply, as far as that is known; `others` are the tasks that the protocol names. */
export function stepCostsOf(
  protocol: Protocol,
  task: Task,
  others: ReadonlyMap<string, Task>,
): StepCosts {
  const usual = surrogateWork(task, protocol.evolution) ?? 0
  return new Map(
    placesOf(protocol).flatMap(({ surrogate, task: name }) => {
      const trained = name === undefined ? task : others.get(name)
      const work = (trained && surrogateWork(trained, surrogate)) ?? 0
      // Functions multiply nothing to speak of.
      return work > 0 && usual > 0 ? [[surrogate.name, work / usual]] : []
    }),
  )
}

/** Rounds of a race that nothing decides early. */
const USUAL_ROUNDS = 3
/** Learning rates that a final evaluation runs at full length: the two best of the short runs, and neighbours of one. */
const USUAL_RIVALS = 4
/** Parts of a rule that are taken out one at a time: how many there are is known when the rules are. */
const USUAL_PARTS = 6

/** Training steps of an evaluation that nothing stops early, those of the probe included. */
export function mostSteps(plan: TrainingPlan): number {
  return plan.probe.reduce(
    (sum, round) =>
      sum + round.learningRates.length * round.epochs * (round.epochSteps ?? plan.epochSteps),
    runSteps(plan),
  )
}

/** Training steps of one run. */
const runSteps = ({ epochs, epochSteps }: TrainingPlan): number => epochs * epochSteps

/** How much there is to do in each part; the number of particles and of parts of a rule may turn out to be smaller. */
export function expectedWork({
  configuration,
  protocol,
  given,
  baselines,
  stepCosts = new Map(),
}: Extent): ExpectedWork {
  const { initial, evolution, ladder, finals = [] } = protocol
  const { particles, timesteps, children, selection, finalists, finalSeeds } = configuration
  const { rateSeeds } = configuration
  const rungs = configuration.ladder ? ladder : []
  const transfers = configuration.ladder ? finals : []
  const last = finalSurrogateOf(protocol, configuration.ladder)
  const costOf = ({ name }: Surrogate): number => stepCosts.get(name) ?? 1
  const judgedOnce = (plan: Surrogate): number => costOf(plan) * mostSteps(plan)
  const judgedAgain = (plan: Surrogate, seeds: number): number =>
    judgedOnce(plan) + seeds * costOf(plan) * runSteps(plan)
  const judgedFinally = (plan: Surrogate): number =>
    costOf(plan) *
    (TRIAL_SEEDS * (mostSteps(plan) - runSteps(plan)) +
      (USUAL_RIVALS * rateSeeds + finalSeeds) * runSteps(plan))
  const entrants = rungs.reduce((sum, rung) => sum + rung.entrants, 0)
  const climbing = rungs.reduce(
    (sum, { surrogate, seeds, entrants: climbers }) =>
      sum + climbers * judgedAgain(surrogate, seeds),
    0,
  )
  const transferring = transfers.reduce((sum, { surrogate }) => sum + judgedFinally(surrogate), 0)
  const race =
    selection.kind === 'racing'
      ? (selection.contenders + 1) * Math.min(selection.rounds, USUAL_ROUNDS) * runSteps(evolution)
      : 0
  const part = (slots: number, steps: number, isBudgeted = false): ExpectedPart => ({
    ...{ slots, steps, isBudgeted },
  })
  return {
    initial: part(configuration.initial + given, judgedOnce(initial), true),
    enter: part(initial.name === evolution.name ? 0 : particles, mostSteps(evolution), true),
    child: part(timesteps * particles * children, mostSteps(evolution), true),
    select: part(timesteps * particles, race, true),
    rung: part(entrants, entrants === 0 ? 0 : climbing / entrants),
    final: part(finalists + baselines, judgedFinally(last)),
    ablation: part(rungs.length === 0 ? 0 : finalists * USUAL_PARTS, judgedAgain(last, finalSeeds)),
    transfer: part(
      transfers.length * (finalists + baselines),
      transfers.length === 0 ? 0 : transferring / transfers.length,
    ),
  }
}
