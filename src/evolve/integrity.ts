import type { Runs } from '../ir/host-columns.ts'
import { createLaneMaker, type LaneMaker, type LaneProgram, type Lanes } from '../ir/lanes.ts'
import type { Program } from '../ir/graph.ts'
import { specializeTo } from '../ir/specialize.ts'

/** The check of arXiv 2404.06679: a sphere whose centre and start lie apart, and what must be reached from there. */
export const INTEGRITY = {
  start: [1.1, 0.9, 1.1, 0.9, 1],
  centre: [0.5, 1.5, -0.3, -1.2, 0.75],
  steps: 35,
  warmup: 6,
  learningRates: [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5],
  bound: 3.5,
} as const

/** What came of a check. */
export interface Integrity {
  readonly accepted: boolean
  /** Whether the rule only gets there when its update is added instead of subtracted. */
  readonly flipped: boolean
  /** The learning rate it was accepted with, or the one of the smallest last loss. */
  readonly learningRate: number
  /** The last loss read with that learning rate; infinite when it was never finite. */
  readonly loss: number
}

const SIZE = INTEGRITY.start.length
const LANES = SIZE * INTEGRITY.learningRates.length
const SHAPE = [SIZE]

/** Runs whose programs have a schedule of their own, or get one through `lr`. */
type Kind = 'scheduled' | 'plain'

const settings: Readonly<Record<Kind, (learningRate: number) => Runs['hyperparameters'][number]>> =
  {
    scheduled: (learningRate) => ({ lr: learningRate, warmup: INTEGRITY.warmup, hold: 0 }),
    plain: (learningRate) => ({ lr: (t) => scheduledLearningRate(learningRate, t) }),
  }

function scheduledLearningRate(learningRate: number, t: number): number {
  const { warmup, steps } = INTEGRITY
  return t < warmup
    ? (learningRate * t) / warmup
    : (learningRate * (1 + Math.cos((Math.PI * (t - warmup)) / (steps - warmup)))) / 2
}

function laneMaker(kind: Kind): LaneMaker {
  return createLaneMaker({
    shape: SHAPE,
    steps: INTEGRITY.steps,
    totalSteps: INTEGRITY.steps,
    hyperparameters: INTEGRITY.learningRates.map((learningRate) => settings[kind](learningRate)),
  })
}

const makers: Readonly<Record<Kind, LaneMaker>> = {
  scheduled: laneMaker('scheduled'),
  plain: laneMaker('plain'),
}

/**
 * Whether a rule can minimise the sum of (x - c)^2: with one of the learning rates, or with its sign flipped, the loss read
 * before the last of 35 steps must be below 3.5. Programs without the hyperparameters `warmup` and `hold` get the same
 * schedule through `lr`.
 */
export function checkIntegrity(program: Program): Integrity {
  const { hyperparameters, update, states } = specializeTo(program, SHAPE)
  return checkLanes({
    hyperparameters,
    update,
    states: states.map((state, index) => ({ ...state, index })),
  })
}

/** The same for a program without `if`s. */
export function checkLanes(program: LaneProgram): Integrity {
  const isScheduled = program.hyperparameters.some(({ name }) => name === 'warmup')
  const lanes = makers[isScheduled ? 'scheduled' : 'plain'](program)
  return judge((sign) => lastLosses(lanes, sign))
}

/** The verdict on the last losses with each learning rate, for either sign. */
function judge(losses: (sign: 1 | -1) => ArrayLike<number>): Integrity {
  let best: Integrity = {
    accepted: false,
    flipped: false,
    learningRate: INTEGRITY.learningRates[0],
    loss: Infinity,
  }
  for (const flipped of [false, true]) {
    const found = losses(flipped ? -1 : 1)
    for (const [index, learningRate] of INTEGRITY.learningRates.entries()) {
      const loss = found[index]!
      if (loss < INTEGRITY.bound) return { accepted: true, flipped, learningRate, loss }
      if (loss < best.loss) best = { accepted: false, flipped: false, learningRate, loss }
    }
  }
  return best
}

/** The last loss with each learning rate; infinite where a loss was not finite. */
function lastLosses(lanes: Lanes, sign: 1 | -1): Float64Array {
  const { start, centre, steps, learningRates } = INTEGRITY
  const weights = new Float64Array(LANES)
  const gradient = new Float64Array(LANES)
  const losses = new Float64Array(learningRates.length)
  for (let lane = 0; lane < LANES; lane++) weights[lane] = start[lane % SIZE]!
  lanes.begin(start)
  for (let t = 0; t < steps; t++) {
    let alive = false
    for (let run = 0; run < losses.length; run++) {
      if (losses[run] === Infinity) continue
      let loss = 0
      for (let element = 0; element < SIZE; element++) {
        const lane = run * SIZE + element
        const distance = weights[lane]! - centre[element]!
        loss += distance * distance
        gradient[lane] = 2 * distance
      }
      losses[run] = Number.isFinite(loss) ? loss : Infinity
      alive ||= losses[run]! < Infinity
    }
    // The update of the last step moves weights that no loss is read from.
    if (!alive || t === steps - 1) break
    const update = lanes.step(gradient, weights, t)
    for (let lane = 0; lane < LANES; lane++)
      weights[lane] = Math.fround(weights[lane]! - sign * update[lane]!)
  }
  return losses
}
