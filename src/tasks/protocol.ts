/** Stops a run whose training accuracy is too low. */
export interface EarlyStop {
  /** Looked at after this epoch, counted from 1, and after each later one. */
  readonly afterEpoch: number
  /** The accuracy over that epoch's batches below which the run ends. */
  readonly below: number
}

/** One group of learning rates that are tried together. */
export interface ProbeRound {
  readonly learningRates: readonly number[]
  readonly epochs: number
  readonly stop: EarlyStop
  /** When the best of all learning rates so far has a lower training accuracy, there is no good one: the probe fails. */
  readonly failBelow: number
}

/** Random changes of training images, none of evaluated ones; sizes in pixels. */
export interface Augmentation {
  /** The image is padded by this much by reflection, and a part of its own size cut out of it anywhere. */
  readonly pad: number
  /** Whether half of the images are mirrored left to right. */
  readonly flip: boolean
  /** Side of the square, its centre anywhere in the image, that is set to the mean. */
  readonly cutout: number
}

/** A learning-rate probe, then one run with the best. Plain numbers, no code. */
export interface TrainingPlan {
  /** Replaces the task's own batch size. */
  readonly batchSize: number
  /** Steps that count as one epoch: the distance of the points of every curve. */
  readonly epochSteps: number
  /** The schedules' length T, their warm-up and their hold, in steps; the runs may be shorter. */
  readonly totalSteps: number
  readonly warmupSteps: number
  readonly holdSteps: number
  readonly probe: readonly ProbeRound[]
  readonly epochs: number
  readonly stop: EarlyStop
  readonly augmentation?: Augmentation
}

/** How wide the task's network is made: by a factor, or with the published network's `base` channels in its place. */
export type NetworkWidth = { readonly times: number } | { readonly base: number }

/** What rules are judged on: a model and a plan to train it by. Tasks that are functions have no width. */
export interface Surrogate extends TrainingPlan {
  /** Unique within its protocol. */
  readonly name: string
  readonly width: NetworkWidth
}

/** One rung of a ladder: the best rules so far are judged again, on more. */
export interface Rung {
  readonly surrogate: Surrogate
  /** How many rules come to it, the best of those before. */
  readonly entrants: number
  /** Runs of each with fresh seeds, beside the one its learning rate is chosen by. */
  readonly seeds: number
}

/** How a search judges rules, from the first random ones to the last few. */
export interface Protocol {
  readonly name: string
  readonly summary: string
  readonly initial: Surrogate
  readonly evolution: Surrogate
  /** Progressive elimination; the last rung's surrogate is also the final evaluation's. */
  readonly ladder: readonly Rung[]
}
