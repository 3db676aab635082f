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
  /** Steps of one of these epochs, where they are not the plan's. */
  readonly epochSteps?: number
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
  /** Side of the square, its centre anywhere in the image, that is set to the mean; 0 for none. */
  readonly cutout: number
}

/** The schedules' length T, their warm-up and their hold, in steps; runs may be shorter. */
export interface PlanLengths {
  readonly totalSteps: number
  readonly warmupSteps: number
  readonly holdSteps: number
}

/** A learning-rate probe, then one run with the best. Plain numbers, no code. */
export interface TrainingPlan extends PlanLengths {
  /** Replaces the task's own batch size. */
  readonly batchSize: number
  /** Steps that count as one epoch: the distance of the points of every curve. */
  readonly epochSteps: number
  readonly probe: readonly ProbeRound[]
  readonly epochs: number
  readonly stop: EarlyStop
  readonly augmentation?: Augmentation
}

/**
 * How wide the task's network is made: by a factor on its channels or hidden units, or as wide as the published search's with
 * `base` channels (arXiv 2404.06679). A perceptron has no base: its hidden layers are base/32 times as wide, 32 being what
 * the search begins with.
 */
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
  /** The task that it judges on, by name or as a module; the search's when absent. */
  readonly task?: string
}

/** Another task of the final table, which the finalists and the baselines are tuned on once more. */
export interface FinalTask {
  /** What the table calls it; several tasks may have one stage: `fine-tuning`. */
  readonly stage: string
  /** Name of the task, or its module. */
  readonly task: string
  readonly surrogate: Surrogate
  /** Whether it stands in the table and has no part in the ranks. */
  readonly isSupplement?: boolean
}

/** How a search judges rules, from the first random ones to the last few. */
export interface Protocol {
  readonly name: string
  readonly summary: string
  readonly initial: Surrogate
  readonly evolution: Surrogate
  /** Progressive elimination; the surrogate of the last rung on the search's task is also the final evaluation's. */
  readonly ladder: readonly Rung[]
  /** What comes after the final evaluation where the ladder is climbed; nothing when absent. */
  readonly finals?: readonly FinalTask[]
}

/** The learning rates of the published probe (arXiv 2404.06679): three, and four more when one of them learns at all. */
const FIRST_RATES = [10, 1e-2, 1e-5]
const OTHER_RATES = [1, 0.1, 1e-3, 1e-4]

const publishedProbe = [
  {
    learningRates: FIRST_RATES,
    epochs: 4,
    epochSteps: 200,
    stop: { afterEpoch: 3, below: 0.25 },
    failBelow: 0.25,
  },
  {
    learningRates: OTHER_RATES,
    epochs: 4,
    epochSteps: 200,
    stop: { afterEpoch: 3, below: 0.25 },
    failBelow: 0.4,
  },
]

const publishedInitial: Surrogate = {
  name: 'initial',
  width: { base: 32 },
  batchSize: 128,
  epochSteps: 200,
  totalSteps: 8000,
  warmupSteps: 800,
  holdSteps: 0,
  probe: publishedProbe,
  epochs: 40,
  stop: { afterEpoch: 5, below: 0.4 },
}

const publishedEvolution: Surrogate = {
  ...publishedInitial,
  name: 'evolution',
  width: { base: 48 },
  epochSteps: 400,
  totalSteps: 16000,
  augmentation: { pad: 4, flip: true, cutout: 8 },
}

/** A run of that many steps in 40 epochs, a tenth of it warm-up. Nothing ends it early: tasks have other numbers of classes. */
function publishedRun(name: string, totalSteps: number, batchSize: number): Surrogate {
  const epochSteps = totalSteps / publishedInitial.epochs
  return {
    ...publishedInitial,
    ...{ name, width: { times: 1 }, batchSize, epochSteps, totalSteps },
    warmupSteps: totalSteps / 10,
    probe: publishedProbe.map((round) => ({
      ...round,
      stop: { ...round.stop, below: 0 },
      failBelow: 0,
    })),
    stop: { ...publishedInitial.stop, below: 0 },
  }
}

/** From random weights, with the changes of images that the evolution makes, larger where the images are. */
const publishedFinal = (data: string, pad: number): FinalTask => ({
  stage: 'final evaluation',
  task: `${data}-efficientnetv2-s`,
  surrogate: {
    ...publishedRun(`${data}, efficientnetv2-s`, 32_000, 128),
    augmentation: { pad, flip: true, cutout: 2 * pad },
  },
})

/**
 * At 224 pixels: batches are as small as the memory of one process asks for. The paper begins with the weights of ImageNet; here a
 * search begins with fresh ones, since it takes no file of weights.
 */
const publishedFineTuning = (data: string): FinalTask => ({
  stage: 'fine-tuning',
  task: `${data}-efficientnetv2-s`,
  surrogate: {
    ...publishedRun(`${data}, efficientnetv2-s`, 8000, 16),
    augmentation: { pad: 16, flip: true, cutout: 0 },
  },
})

/**
 * arXiv 2404.06679. Its source tells of an elimination on larger models, and of tasks of the final table, without numbers: those of
 * the ladder and of the finals are ours.
 */
const published: Protocol = {
  name: 'published',
  summary:
    'the published search: 7 learning rates, then 8,000 steps at base 32, and 16,000 at base 48 to evolve',
  initial: publishedInitial,
  evolution: publishedEvolution,
  ladder: [
    {
      surrogate: {
        ...publishedEvolution,
        name: 'base-64',
        width: { base: 64 },
        epochSteps: 600,
        totalSteps: 24000,
      },
      entrants: 12,
      seeds: 2,
    },
    {
      surrogate: {
        ...publishedEvolution,
        name: 'base-96',
        width: { base: 96 },
        epochSteps: 800,
        totalSteps: 32000,
      },
      entrants: 6,
      seeds: 3,
    },
  ],
  finals: [
    publishedFinal('cifar10', 4),
    publishedFinal('cifar100', 4),
    publishedFinal('tiny-imagenet', 8),
    ...['flowers102', 'cars196', 'caltech101'].map(publishedFineTuning),
    {
      stage: 'supplement',
      task: 'ptb-lstm',
      surrogate: publishedRun('ptb, lstm', 40_000, 20),
      isSupplement: true,
    },
  ],
}

/**
 * Three epochs, of which the first is the warm-up. Measured (examples/compare-probes), the third costs 124 steps a probe, and
 * 19 instead of 26 % of its choices lose more than two points; a second seed or thirds of a decade, which cost 315 and 540
 * steps, get less.
 */
const QUICK_PROBE_EPOCHS = 3

const quickSurrogate: Surrogate = {
  name: 'width-1',
  width: { times: 1 },
  batchSize: 64,
  epochSteps: 30,
  totalSteps: 300,
  warmupSteps: 30,
  holdSteps: 0,
  probe: [
    {
      learningRates: FIRST_RATES,
      epochs: QUICK_PROBE_EPOCHS,
      stop: { afterEpoch: 1, below: 0.12 },
      failBelow: 0.15,
    },
    {
      learningRates: OTHER_RATES,
      epochs: QUICK_PROBE_EPOCHS,
      stop: { afterEpoch: 1, below: 0.12 },
      failBelow: 0.25,
    },
  ],
  epochs: 10,
  stop: { afterEpoch: 4, below: 0.4 },
}

/** The same questions in seconds: for two processor cores and the carried data. */
const quick: Protocol = {
  name: 'quick',
  summary: '7 learning rates of 90 steps at most, then 300 steps; seconds on one core',
  initial: quickSurrogate,
  evolution: quickSurrogate,
  ladder: [
    {
      surrogate: {
        ...quickSurrogate,
        name: 'width-1.5',
        width: { times: 1.5 },
        totalSteps: 450,
        epochs: 15,
      },
      entrants: 12,
      seeds: 2,
    },
    {
      surrogate: {
        ...quickSurrogate,
        name: 'width-2',
        width: { times: 2 },
        totalSteps: 600,
        epochs: 20,
      },
      entrants: 6,
      seeds: 3,
    },
  ],
}

const sketchSurrogate: Surrogate = {
  name: 'short',
  width: { times: 1 },
  batchSize: 64,
  epochSteps: 20,
  totalSteps: 120,
  warmupSteps: 10,
  holdSteps: 0,
  probe: [
    {
      learningRates: FIRST_RATES,
      epochs: 1,
      stop: { afterEpoch: 1, below: 0 },
      failBelow: 0.12,
    },
    {
      learningRates: OTHER_RATES,
      epochs: 1,
      stop: { afterEpoch: 1, below: 0 },
      failBelow: 0.2,
    },
  ],
  epochs: 6,
  stop: { afterEpoch: 3, below: 0.3 },
}

/** Small enough to search many times: for tests, and to compare ways to search. */
const sketch: Protocol = {
  name: 'sketch',
  summary: '7 learning rates of 20 steps, then 120 steps; a second on one core with a perceptron',
  initial: sketchSurrogate,
  evolution: sketchSurrogate,
  ladder: [
    {
      surrogate: { ...sketchSurrogate, name: 'long', totalSteps: 240, epochs: 12 },
      entrants: 4,
      seeds: 2,
    },
  ],
}

/** Every protocol that has a name; others are files. */
export const PROTOCOLS: readonly Protocol[] = [quick, sketch, published]

/** The protocol with that name. */
export function findProtocol(name: string): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.name === name)
}

/** A surrogate and the task that it is trained on, the search's when absent. */
export interface Place {
  readonly surrogate: Surrogate
  readonly task?: string
}

/** All that a protocol judges by, in the order in which it comes. */
export function placesOf({ initial, evolution, ladder, finals = [] }: Protocol): readonly Place[] {
  return [{ surrogate: initial }, { surrogate: evolution }, ...ladder, ...finals]
}

/** The surrogates of a protocol in the order they are used, each name once. */
export function surrogatesOf(protocol: Protocol): readonly Surrogate[] {
  const all = placesOf(protocol).map(({ surrogate }) => surrogate)
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index)
}

/** The names of the tasks beside the search's own, each once. */
export function otherTasksOf(protocol: Protocol): readonly string[] {
  return [...new Set(placesOf(protocol).flatMap(({ task }) => task ?? []))]
}

/** The protocol without what is judged on tasks other than the search's and those of `kept`. */
export function withTasks(protocol: Protocol, kept: readonly string[]): Protocol {
  const isKept = ({ task }: Place): boolean => task === undefined || kept.includes(task)
  const finals = protocol.finals?.filter(isKept)
  return {
    ...protocol,
    ladder: protocol.ladder.filter(isKept),
    ...(finals && { finals }),
  }
}

/** The surrogate of the final evaluation on the search's task: that of the last such rung, where the ladder is climbed. */
export function finalSurrogateOf({ ladder, evolution }: Protocol, climbs: boolean): Surrogate {
  const top = climbs ? ladder.findLast(({ task }) => task === undefined) : undefined
  return top?.surrogate ?? evolution
}

/** The learning rate at step `t`, from 0, of a run with peak `learningRate`: linear warm-up, hold, half a cosine to 0 at T. */
export function planLearningRate(plan: PlanLengths, learningRate: number, t: number): number {
  const { totalSteps, warmupSteps, holdSteps } = plan
  if (t < warmupSteps) return (learningRate * t) / warmupSteps
  const falling = totalSteps - warmupSteps - holdSteps
  const past = Math.min(Math.max(t - warmupSteps - holdSteps, 0), falling)
  return falling <= 0
    ? learningRate
    : learningRate * 0.5 * (1 + Math.cos((Math.PI * past) / falling))
}
