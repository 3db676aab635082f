import { instantiate } from '../../src/plan/run/evaluate.ts'
import type { Program } from '../../src/ir/graph.ts'
import type { Random } from '../../src/operators/random.ts'

/** A run on random gradients that shares nothing with those by which behaviours are compared. */
interface Trial {
  readonly start: Float64Array
  readonly gradients: readonly Float64Array[]
  readonly totalSteps: number
  readonly warmup: number
  readonly hold: number
  readonly precision: 32 | 64
  /** Whether the rule sees the weights it makes; otherwise it sees those at the start on every step. */
  readonly feedback: boolean
}

interface Way {
  readonly weights: readonly Float64Array[]
  /** Of each element. */
  readonly lengths: Float64Array
}

/** The weights after each step of a rule whose updates are multiplied by `sign`. */
function follow(program: Program, lr: number, sign: number, trial: Trial): Way {
  const { start, gradients, totalSteps, warmup, hold, precision, feedback } = trial
  const evaluation = instantiate(program, {
    shape: [start.length],
    totalSteps,
    precision,
    hyperparameters: { lr, warmup, hold },
  })
  const lengths = new Float64Array(start.length)
  let states = evaluation.initialize(start)
  let w = start
  const weights = gradients.map((gradient, t) => {
    const step = evaluation.update(gradient, states, feedback ? w : start, t)
    states = step.states
    step.update.forEach((update, index) => (lengths[index]! += Math.abs(update)))
    w = w.map((value, index) => value - sign * step.update[index]!)
    return w
  })
  return { weights, lengths }
}

/**
 * How far the weights of two rules lie apart on a random run, relative to the weight or to the way it has come, whichever
 * is larger: `a` with a learning rate that moves weights about as far as they are large, `b` with that divided by `factor`.
 * Gradients have one size, from 1e-5.5 to 1e2.5; weights one from 0.1 to 3. Infinite when only one rule stays finite.
 */
export function weightDifference(
  a: Program,
  b: Program,
  factor: number,
  random: Random,
  { precision, feedback }: Pick<Trial, 'precision' | 'feedback'>,
): number {
  const elements = 1 + random.integer(9)
  const steps = 5 + random.integer(60)
  const gradientSize = 10 ** (8 * random.uniform() - 5.5)
  const weightSize = 10 ** (1.5 * random.uniform() - 1)
  const draw = (size: number): Float64Array =>
    Float64Array.from({ length: elements }, () => size * random.normal())
  const trial: Trial = {
    start: draw(weightSize),
    gradients: Array.from({ length: steps }, () => draw(gradientSize)),
    totalSteps: steps + random.integer(400),
    warmup: random.integer(8),
    hold: random.integer(8),
    precision,
    feedback,
  }
  const longest = Math.max(...follow(a, 1, 1, { ...trial, feedback: false }).lengths)
  // Beyond 32-bit numbers nothing can be compared.
  const lr = longest > 1e-15 && longest < 1e15 ? weightSize / longest : 1e-3
  const first = follow(a, lr, 1, trial)
  const second = follow(b, lr / Math.abs(factor), Math.sign(factor), trial)
  let worst = 0
  for (const [t, weights] of first.weights.entries()) {
    for (const [index, weight] of weights.entries()) {
      const other = second.weights[t]![index]!
      if (Number.isFinite(weight) !== Number.isFinite(other)) return Infinity
      if (!Number.isFinite(weight) || weight === other) continue
      const size = Math.max(Math.abs(weight), first.lengths[index]!)
      worst = Math.max(worst, Math.abs(weight - other) / size)
    }
  }
  return worst
}
