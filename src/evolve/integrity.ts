import { planStep } from '../plan/plan.ts'
import { createExecutor, type Executor } from '../plan/run/execute.ts'
import type { Execution } from '../plan/run/execution.ts'
import type { Program } from '../ir/graph.ts'
import { allowsLearningRate, declaredLearningRate } from '../language/learning-rate.ts'
import { scheduledRate, scheduleKey } from './scheduled-rate.ts'
import { readsShape } from './reads-shape.ts'

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

/** A parameter to be moved to a centre. */
interface Sphere {
  readonly shape: readonly number[]
  /** How often it holds the published vector: its loss counts divided by that. */
  readonly vectors: number
  readonly start: Float64Array
  readonly centre: Float64Array
  /** One number for each element of each run. */
  readonly weights: Float64Array
  readonly gradient: Float64Array
  /** One number for each run. */
  readonly losses: Float64Array
  readonly lanesByKey: Map<string, Lanes>
}

/** The published sphere, of a vector: what rules that ask for no shape are checked on. */
const VECTOR = createSphere([SIZE], 1)

/**
 * Beside it for rules that tell outputs from inputs or ask for a rank: a matrix of 5 inputs and 3 outputs. Each output is the
 * published vector, turned by one place more than the output before it.
 */
const MATRIX = createSphere([SIZE, 3], 3)

function createSphere(shape: readonly number[], vectors: number): Sphere {
  const runs = INTEGRITY.learningRates.length
  const count = SIZE * vectors * runs
  const each = (vector: readonly number[]): Float64Array =>
    Float64Array.from({ length: count }, (_, lane) => {
      const [input, output] = [Math.floor(lane / vectors), lane % vectors]
      return vector[(input + output) % SIZE]!
    })
  return {
    shape,
    vectors,
    start: each(INTEGRITY.start),
    centre: each(INTEGRITY.centre),
    weights: new Float64Array(count),
    gradient: new Float64Array(count),
    losses: new Float64Array(runs),
    lanesByKey: new Map(),
  }
}

const PLAN = { totalSteps: INTEGRITY.steps, warmupSteps: INTEGRITY.warmup, holdSteps: 0 }

/** What programs that follow a schedule alike are run by: one run for each learning rate that they allow. */
interface Lanes {
  readonly learningRates: readonly (number | undefined)[]
  readonly executor: Executor
}

function lanesFor(program: Program, { shape, lanesByKey }: Sphere): Lanes {
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
      shape,
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
 * before the last of 35 steps must be below 3.5. A rule that reads the shape of a parameter must get there on a vector and on a
 * matrix alike, with one learning rate and sign; the larger of the two losses counts, that of the matrix for each of its
 * outputs. Programs without the hyperparameters `warmup` and `hold` get the same schedule through `lr`; learning rates that a
 * program does not allow are not tried.
 */
export function checkIntegrity(program: Program): Integrity {
  const plan = planStep(program)
  const spheres = readsShape(plan) ? [VECTOR, MATRIX] : [VECTOR]
  const runs = spheres.map((sphere) => {
    const lanes = lanesFor(program, sphere)
    return { sphere, lanes, execution: lanes.executor(plan) }
  })
  return judge(runs[0]!.lanes.learningRates, (sign, first, end) => {
    const [losses, ...others] = runs.map(({ sphere, execution }) =>
      lastLosses(sphere, execution, sign, first, end),
    )
    return others.length === 0
      ? losses!
      : losses!.map((loss, run) => Math.max(loss, ...others.map((other) => other[run]!)))
  })
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

/** The last loss of each of some runs, infinite where a loss was not finite; overwritten by the next call. */
function lastLosses(
  { vectors, start, centre, weights, gradient, losses }: Sphere,
  execution: Execution,
  sign: 1 | -1,
  first: number,
  end: number,
): Float64Array {
  const { steps } = INTEGRITY
  const size = SIZE * vectors
  weights.set(start)
  losses.fill(0)
  execution.begin(start.subarray(0, size))
  // Runs whose loss is no longer finite; large learning rates come first, and so do those that diverge.
  let diverged = first
  for (let t = 0; t < steps; t++) {
    for (let run = diverged; run < end; run++) {
      if (losses[run] === Infinity) continue
      let loss = 0
      for (let lane = run * size; lane < (run + 1) * size; lane++) {
        const distance = weights[lane]! - centre[lane]!
        loss += distance * distance
        gradient[lane] = 2 * distance
      }
      losses[run] = Number.isFinite(loss) ? loss / vectors : Infinity
    }
    while (diverged < end && losses[diverged] === Infinity) diverged += 1
    // The update of the last step moves weights that no loss is read from.
    if (diverged === end || t === steps - 1) break
    const update = execution.step(gradient, weights, t, diverged, end)
    for (let lane = diverged * size; lane < end * size; lane++)
      weights[lane] = Math.fround(weights[lane]! - sign * update[lane]!)
  }
  return losses
}
