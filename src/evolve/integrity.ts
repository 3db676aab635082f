import { planStep } from '../plan/plan.ts'
import { createExecutor, type Executor } from '../plan/run/execute.ts'
import type { Execution } from '../plan/run/execution.ts'
import type { Program } from '../ir/graph.ts'
import { allowsLearningRate, declaredLearningRate } from '../language/learning-rate.ts'
import { scheduledRate, scheduleKey } from './scheduled-rate.ts'

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
  /** The learning rate it was accepted with, or the one of the smallest last loss; absent for a rule that has none. */
  readonly learningRate?: number
  /** The last loss read with that learning rate; infinite when it was never finite. */
  readonly loss: number
}

const SIZE = INTEGRITY.start.length
const LANES = SIZE * INTEGRITY.learningRates.length
const SHAPE = [SIZE]

const PLAN = { totalSteps: INTEGRITY.steps, warmupSteps: INTEGRITY.warmup, holdSteps: 0 }

/** What programs that follow a schedule alike are run by: one run for each learning rate that they allow. */
interface Lanes {
  readonly learningRates: readonly (number | undefined)[]
  readonly executor: Executor
}

const lanesByKey = new Map<string, Lanes>()

function lanesFor(program: Program): Lanes {
  const key = scheduleKey(program)
  const known = lanesByKey.get(key)
  if (known !== undefined) return known
  const learningRates =
    declaredLearningRate(program) === undefined
      ? [undefined]
      : INTEGRITY.learningRates.filter((rate) => allowsLearningRate(program, rate))
  const made = {
    learningRates,
    executor: createExecutor({
      shape: SHAPE,
      steps: INTEGRITY.steps,
      totalSteps: INTEGRITY.steps,
      hyperparameters: learningRates.map((rate) => scheduledRate(program, rate, PLAN)),
    }),
  }
  lanesByKey.set(key, made)
  return made
}

/**
 * Whether a rule can minimise the sum of (x - c)^2: with one of the learning rates, or with its sign flipped, the loss read
 * before the last of 35 steps must be below 3.5. Programs without the hyperparameters `warmup` and `hold` get the same
 * schedule through `lr`; learning rates that a program does not allow are not tried.
 */
export function checkIntegrity(program: Program): Integrity {
  const { learningRates, executor } = lanesFor(program)
  const lanes = executor(planStep(program))
  return judge(learningRates, (sign, first, end) => lastLosses(lanes, sign, first, end))
}

/** Learning rates that run side by side: most rules that pass do so with one of the first, and hardly one flipped. */
const RUNS_AT_ONCE = 3
const FLIPPED_AT_ONCE = INTEGRITY.learningRates.length

/** The verdict on the last losses of runs from `first` to before `end`, one per learning rate, for either sign. */
function judge(
  learningRates: Lanes['learningRates'],
  losses: (sign: 1 | -1, first: number, end: number) => ArrayLike<number>,
): Integrity {
  const found = (
    accepted: boolean,
    flipped: boolean,
    learningRate: number | undefined,
    loss: number,
  ): Integrity => ({
    accepted,
    flipped,
    ...(learningRate !== undefined && { learningRate }),
    loss,
  })
  let best = found(false, false, learningRates[0], Infinity)
  for (const flipped of [false, true]) {
    const atOnce = flipped ? FLIPPED_AT_ONCE : RUNS_AT_ONCE
    for (let first = 0; first < learningRates.length; first += atOnce) {
      const end = Math.min(first + atOnce, learningRates.length)
      const last = losses(flipped ? -1 : 1, first, end)
      for (let run = first; run < end; run++) {
        const loss = last[run]!
        if (loss < INTEGRITY.bound) return found(true, flipped, learningRates[run], loss)
        if (loss < best.loss) best = found(false, false, learningRates[run], loss)
      }
    }
  }
  return best
}

const starts = Float64Array.from({ length: LANES }, (_, lane) => INTEGRITY.start[lane % SIZE]!)
const centres = Float64Array.from({ length: LANES }, (_, lane) => INTEGRITY.centre[lane % SIZE]!)
const weights = new Float64Array(LANES)
const gradient = new Float64Array(LANES)
const losses = new Float64Array(INTEGRITY.learningRates.length)

/** The last loss of each of some runs, infinite where a loss was not finite; overwritten by the next call. */
function lastLosses(lanes: Execution, sign: 1 | -1, first: number, end: number): Float64Array {
  const { start, steps } = INTEGRITY
  weights.set(starts)
  losses.fill(0)
  lanes.begin(start)
  // Runs whose loss is no longer finite; large learning rates come first, and so do those that diverge.
  let diverged = first
  for (let t = 0; t < steps; t++) {
    for (let run = diverged; run < end; run++) {
      if (losses[run] === Infinity) continue
      let loss = 0
      for (let lane = run * SIZE; lane < (run + 1) * SIZE; lane++) {
        const distance = weights[lane]! - centres[lane]!
        loss += distance * distance
        gradient[lane] = 2 * distance
      }
      losses[run] = Number.isFinite(loss) ? loss : Infinity
    }
    while (diverged < end && losses[diverged] === Infinity) diverged += 1
    // The update of the last step moves weights that no loss is read from.
    if (diverged === end || t === steps - 1) break
    const update = lanes.step(gradient, weights, t, diverged, end)
    for (let lane = diverged * SIZE; lane < end * SIZE; lane++)
      weights[lane] = Math.fround(weights[lane]! - sign * update[lane]!)
  }
  return losses
}
