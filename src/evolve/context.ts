import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import { childKey, rootKey } from '../operators/random.ts'
import type { Protocol } from '../tasks/protocol.ts'
import type { Fitness, FitnessRequest } from './fitness.ts'
import type { Ledger } from './ledger.ts'
import type { SearchConfiguration } from './search-configuration.ts'
import type { StageHost, Stages } from './stages.ts'

/** What a search needs of its surroundings. */
export interface SearchHost extends StageHost {
  readonly space: Space
  readonly loader: ModuleLoader
  readonly protocol: Protocol
  /** Judges a rule; may run elsewhere, several at a time. Rejects when the search is to end. */
  readonly judge: (request: FitnessRequest) => Promise<Fitness>
}

/** What the parts of one search share. */
export interface SearchContext {
  readonly configuration: SearchConfiguration
  readonly host: SearchHost
  readonly stages: Stages
  readonly ledger: Ledger
}

/** A seed that follows from the search's and a path, and that no other path gives. */
export function freshSeed({ configuration }: SearchContext, ...path: (string | number)[]): number {
  return childKey(rootKey(configuration.seed), ...path).low
}

/** A request for a rule by its text. */
export function requestOf(
  rule: string,
  flipped: boolean,
  rest: Pick<FitnessRequest, 'surrogate' | 'seed' | 'learningRate' | 'isTrial'>,
): FitnessRequest {
  return { source: { path: 'candidate.opt', text: rule }, flipped, ...rest }
}

/** The learning rate of an evaluation as part of a request for another one; nothing for a rule that has none. */
export function rateOf({ learningRate }: Fitness): Pick<FitnessRequest, 'learningRate'> {
  return learningRate === undefined ? {} : { learningRate }
}
