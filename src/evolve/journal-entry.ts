/** How good a rule was found to be. */
export interface JournalFitness {
  /** Name of the surrogate of the protocol that was trained. */
  readonly surrogate: string
  /** Best validation metric, its negative where less is better, or minus the last loss; absent when it failed. */
  readonly score?: number
  readonly testMetric?: number
  readonly testLoss?: number
  readonly learningRate?: number
  readonly seed: number
  /** Training steps taken for it: none when it was taken from a rule that behaves alike. */
  readonly steps: number
  readonly failure?: string
}

/** Whether a rule can minimise a sphere at all. */
interface JournalIntegrity {
  readonly accepted: boolean
  /** Its update was turned round. */
  readonly flipped: boolean
  readonly learningRate?: number
  readonly loss: number
}

/** Draws thrown away for one reason. */
interface Rejections {
  /** What was tried on the parent; absent for drawn and given rules. */
  readonly mutation?: string
  readonly reason: string
  readonly count: number
}

/** A rule that was judged. */
export interface Attempt {
  /** What made the rule from its parent. */
  readonly mutation?: string
  readonly rule: string
  readonly fingerprint: string
  readonly integrity: JournalIntegrity
  /** The work whose rule does the same, up to a factor on the update; its fitness was taken. */
  readonly like?: { readonly slot: string; readonly factor: number }
  readonly fitness: JournalFitness
}

/** The run itself: the first line of every journal. */
interface Run {
  readonly kind: 'run'
  readonly version: string
  readonly configuration: Readonly<Record<string, unknown>>
}

/** One place of a stage filled, or not: `initial/0`, `given/0`, `particle/PARTICLE/TIMESTEP/CHILD`. */
export interface Work {
  readonly kind: 'work'
  readonly slot: string
  /** The work whose rule was mutated. */
  readonly parent?: string
  /** Draws thrown away. */
  readonly rejections: readonly Rejections[]
  /** Rules judged one after the other until one did not fail. */
  readonly attempts: readonly Attempt[]
}

/** A first particle judged by the surrogate of the evolution, where that is not the initial one: `parent/PARTICLE`. */
interface Enter {
  readonly kind: 'enter'
  readonly slot: string
  readonly of: string
  readonly fitness: JournalFitness
}

/** What a particle becomes. */
interface Select {
  readonly kind: 'select'
  readonly particle: number
  readonly timestep: number
  readonly slot: string
  readonly score: number
  /** How it was decided, where rules were judged again on fresh seeds; the parent is the first contender. */
  readonly race?: {
    readonly decided: boolean
    readonly contenders: readonly {
      readonly slot: string
      readonly runs: readonly JournalFitness[]
    }[]
  }
}

/** The budget was used up in a stage; only its first `begun` slots were filled. */
interface Stop {
  readonly kind: 'stop'
  readonly stage: string
  readonly begun: number
}

/**
 * A rule on a rung of the ladder, judged again: by the probe on one seed, then on fresh seeds with the learning rate it found.
 * `ladder/RUNG/PLACE`.
 */
interface Rung {
  readonly kind: 'rung'
  readonly slot: string
  /** Counted from 1. */
  readonly rung: number
  /** The work that found it. */
  readonly of: string
  readonly rule: string
  readonly flipped: boolean
  /** The run whose seed the learning rate was chosen by. */
  readonly searched: JournalFitness
  readonly runs: readonly JournalFitness[]
}

/** A rule of the last evaluation: its learning rate is chosen on some seeds, then it runs on others. */
export interface Evaluated {
  readonly rule: string
  readonly flipped: boolean
  /** Short runs that ranked the learning rates. */
  readonly trials: readonly JournalFitness[]
  /** Learning rates that were run at full length, on the seeds the choice was made by. */
  readonly rivals: readonly {
    readonly learningRate: number
    readonly runs: readonly JournalFitness[]
  }[]
  /** The one chosen; absent for a rule that has none, and where none learned. */
  readonly learningRate?: number
  /** With it, on seeds that nothing was chosen by. */
  readonly runs: readonly JournalFitness[]
}

/** A rule of the final table: `final/NAME`. */
export interface Final extends Evaluated {
  readonly kind: 'final'
  readonly slot: string
  readonly name: string
  /** The work that found it; absent for baselines. */
  readonly of?: string
  /** What the search ranked it by; absent for baselines. */
  readonly score?: number
}

/** A finalist with one part taken out: `ablation/NAME/NUMBER`. */
interface Ablation extends Evaluated {
  readonly kind: 'ablation'
  readonly slot: string
  /** The finalist. */
  readonly of: string
  readonly removed: string
}

/** A rule of the final table on another task of the protocol: `transfer/TASK/NAME`. */
interface Transfer extends Evaluated {
  readonly kind: 'transfer'
  readonly slot: string
  readonly task: string
  /** The finalist or baseline. */
  readonly name: string
}

/** The run is complete. */
interface End {
  readonly kind: 'end'
}

/** One line of a journal. No line holds a time or anything else that differs between equal runs. */
export type Entry = Run | Work | Enter | Select | Stop | Rung | Final | Ablation | Transfer | End

export type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>
