import { INTEGRITY, type Integrity } from '../../src/evolve/integrity.ts'
import { instantiate, type Evaluation } from '../../src/plan/run/evaluate.ts'
import type { ScheduleValue } from '../../src/ir/schedule.ts'
import type { Program } from '../../src/ir/graph.ts'

/** The integrity check as it is defined: one run after the other, each by the reference meaning of programs. */
export function referenceIntegrity(program: Program): Integrity {
  let best: Integrity = {
    accepted: false,
    flipped: false,
    learningRate: INTEGRITY.learningRates[0],
    loss: Infinity,
  }
  for (const flipped of [false, true]) {
    for (const learningRate of INTEGRITY.learningRates) {
      const loss = lastLoss(evaluationOf(program, learningRate), flipped ? -1 : 1)
      if (loss < INTEGRITY.bound) return { accepted: true, flipped, learningRate, loss }
      if (loss < best.loss) best = { accepted: false, flipped: false, learningRate, loss }
    }
  }
  return best
}

function evaluationOf(program: Program, learningRate: number): Evaluation {
  const { warmup, steps, start } = INTEGRITY
  const names = new Set(program.hyperparameters.map(({ name }) => name))
  const schedule: ScheduleValue = (t) =>
    t < warmup
      ? (learningRate * t) / warmup
      : (learningRate * (1 + Math.cos((Math.PI * (t - warmup)) / (steps - warmup)))) / 2
  return instantiate(program, {
    shape: [start.length],
    totalSteps: steps,
    hyperparameters: names.has('warmup') ? { lr: learningRate, warmup, hold: 0 } : { lr: schedule },
  })
}

function lastLoss(evaluation: Evaluation, sign: 1 | -1): number {
  const { start, centre, steps } = INTEGRITY
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
