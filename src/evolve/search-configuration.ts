/** How a particle's successor is chosen. */
export type Selection =
  /** The best child, always (arXiv 2404.06679). */
  | { readonly kind: 'published' }
  /**
   * The best children and the parent run on fresh seeds until a child is better than the parent with the stated confidence, or
   * `rounds` seeds are used up; then the parent stays.
   */
  | {
      readonly kind: 'racing'
      /** How many children race at most. */
      readonly contenders: number
      /** Between 0.5 and 1. */
      readonly confidence: number
      readonly rounds: number
    }

/** Which earlier evaluations stand for a new rule. */
export type Reuse = 'off' | 'exact' | 'scale'

/** When a search stops beginning new evaluations of its stages; the ladder and the final evaluation come on top. */
export type Budget = { readonly minutes: number } | { readonly steps: number }

/** Everything a search depends on beside the space, the task and the protocol. */
export interface SearchConfiguration {
  readonly seed: number
  readonly particles: number
  readonly timesteps: number
  readonly children: number
  readonly initial: number
  readonly selection: Selection
  readonly reuse: Reuse
  /** Names of filters before training. */
  readonly filters: readonly string[]
  /** Off where rules need not pass the integrity check. */
  readonly integrity?: 'off'
  readonly budget?: Budget
  /** Whether the best climb the protocol's ladder before the final evaluation. */
  readonly ladder: boolean
  /** How many of the best rules are in the final table, and on how many fresh seeds. */
  readonly finalists: number
  readonly finalSeeds: number
  /** On how many seeds a learning rate is chosen there, at full length; at least 2. */
  readonly rateSeeds: number
}

/** A search as it is where nothing else is said. */
export const SEARCH_DEFAULTS = {
  seed: 1,
  particles: 50,
  timesteps: 6,
  children: 6,
  initial: 500,
  selection: { kind: 'racing', contenders: 2, rounds: 6, confidence: 0.75 },
  reuse: 'exact',
  filters: [],
  ladder: false,
  finalists: 3,
  finalSeeds: 5,
  rateSeeds: 3,
} as const satisfies SearchConfiguration

/** What a search judges rules on and by where nothing else is said: names of a task, a protocol, a space, library rules. */
export const JUDGING_DEFAULTS = {
  task: 'fashion14-cnn',
  protocol: 'quick',
  space: 'published',
  against: ['adam', 'adamw', 'sgd', 'nesterov', 'rmsprop', 'lion', 'powersign', 'addsign', 'qhm'],
} as const
