import { INTEGRITY, type Integrity } from '../../src/evolve/integrity.ts'
import { programReadsShape } from '../../src/evolve/reads-shape.ts'
import { instantiate, type Evaluation } from '../../src/plan/run/evaluate.ts'
import type { ScheduleValue } from '../../src/ir/schedule.ts'
import type { Program } from '../../src/ir/graph.ts'

/** A parameter of the check, element by element. */
interface Sphere {
  readonly shape: readonly number[]
  readonly start: readonly number[]
  readonly centre: readonly number[]
  readonly outputs: number
}

const { start: START, centre: CENTRE } = INTEGRITY

const VECTOR: Sphere = { shape: [5], start: START, centre: CENTRE, outputs: 1 }

/** Rows are inputs, columns outputs: each column is the vector, turned by one place more than the one before it. */
const turned = ([a, b, c, d, e]: readonly number[]): number[] =>
  [
    [a, b, c],
    [b, c, d],
    [c, d, e],
    [d, e, a],
    [e, a, b],
  ].flat() as number[]

const MATRIX: Sphere = { shape: [5, 3], start: turned(START), centre: turned(CENTRE), outputs: 3 }

/** The integrity check as it is defined: one run after the other, each by the reference meaning of programs. */
export function referenceIntegrity(program: Program): Integrity {
  const spheres = programReadsShape(program) ? [VECTOR, MATRIX] : [VECTOR]
  let best: Integrity = {
    accepted: false,
    flipped: false,
    learningRate: INTEGRITY.learningRates[0],
    loss: Infinity,
  }
  for (const flipped of [false, true]) {
    for (const learningRate of INTEGRITY.learningRates) {
      const loss = Math.max(
        ...spheres.map(
          (sphere) =>
            lastLoss(evaluationOf(program, learningRate, sphere), flipped ? -1 : 1, sphere) /
            sphere.outputs,
        ),
      )
      if (loss < INTEGRITY.bound) return { accepted: true, flipped, learningRate, loss }
      if (loss < best.loss) best = { accepted: false, flipped: false, learningRate, loss }
    }
  }
  return best
}

function evaluationOf(program: Program, learningRate: number, { shape }: Sphere): Evaluation {
  const { warmup, steps } = INTEGRITY
  const names = new Set(program.hyperparameters.map(({ name }) => name))
  const schedule: ScheduleValue = (t) =>
    t < warmup
      ? (learningRate * t) / warmup
      : (learningRate * (1 + Math.cos((Math.PI * (t - warmup)) / (steps - warmup)))) / 2
  return instantiate(program, {
    shape,
    totalSteps: steps,
    hyperparameters: names.has('warmup') ? { lr: learningRate, warmup, hold: 0 } : { lr: schedule },
  })
}

function lastLoss(evaluation: Evaluation, sign: 1 | -1, { start, centre }: Sphere): number {
  const { steps } = INTEGRITY
  const w = Float64Array.from(start)
  const gradient = new Float64Array(w.length)
  let states = evaluation.initialize(w)
  let loss = Infinity
  for (let t = 0; t < steps; t++) {
    loss = 0
    for (let index = 0; index < w.length; index++) {
      const distance = w[index]! - centre[index]!
      loss += distance * distance
      gradient[index] = 2 * distance
    }
    if (!Number.isFinite(loss)) return Infinity
    const step = evaluation.update(gradient, states, w, t)
    states = step.states
    for (let index = 0; index < w.length; index++)
      w[index] = Math.fround(w[index]! - sign * step.update[index]!)
  }
  return loss
}
