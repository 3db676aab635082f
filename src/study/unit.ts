import type { Fitness, FitnessRequest } from '../evolve/fitness.ts'

/** Judges a rule on one of the tasks of a study: a probe and a run under a surrogate of its protocol. */
export type StudyJudge = (task: string, request: FitnessRequest) => Promise<Fitness>

/** A piece of a study that is done as a whole or counts for nothing: a rule, with all it is judged by. */
export interface Unit<Result> {
  readonly name: string
  /** What it comes to depends on what the judge answers alone. */
  readonly run: (judge: StudyJudge) => Promise<Result>
}
