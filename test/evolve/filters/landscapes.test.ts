import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PROBLEMS, type Problem } from '../../../src/evolve/filters/landscapes.ts'

const point = (problem: Problem): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -0.04, max: 0.04, noNaN: true }), {
    minLength: problem.start.length,
    maxLength: problem.start.length,
  })

/** The mean of what a rule is told at `w` in all steps. */
function meanGradient(problem: Problem, w: readonly number[]): number[] {
  const sum = w.map(() => 0)
  const gradient = new Float64Array(w.length)
  for (let t = 0; t < problem.steps; t++) {
    problem.gradient(w, t, gradient)
    gradient.forEach((value, index) => (sum[index]! += value / problem.steps))
  }
  return sum
}

/** The gradient of the loss by central differences. */
function slopes(problem: Problem, w: readonly number[]): number[] {
  const width = 1e-6
  const lossWith = (index: number, change: number): number =>
    problem.loss(w.map((value, other) => (other === index ? value + change : value)))
  return w.map((_, index) => (lossWith(index, width) - lossWith(index, -width)) / (2 * width))
}

describe.each(PROBLEMS.map((problem) => [problem.name, problem] as const))('%s', (_, problem) => {
  test('what a rule is told is the slope of the loss times a number, on average and up to noise', () => {
    const noise = meanGradient(
      problem,
      problem.start.map(() => 0),
    )
    const factorAt = (w: readonly number[], index: number): number =>
      (meanGradient(problem, w)[index]! - noise[index]!) / slopes(problem, w)[index]!
    const factor = factorAt(problem.start, 0)
    expect(factor).toBeGreaterThan(0)
    fc.assert(
      fc.property(point(problem), (w) => {
        const expected = slopes(problem, w)
        meanGradient(problem, w).forEach((value, index) => {
          expect(value - noise[index]!).toBeCloseTo(factor * expected[index]!, 7)
        })
      }),
      { numRuns: 30 },
    )
  })

  test('no loss is below 0, and the start is above the bound', () => {
    expect(problem.loss(problem.start)).toBeGreaterThan(1)
    expect(problem.bound).toBeLessThan(1)
    fc.assert(fc.property(point(problem), (w) => problem.loss(w) >= 0))
  })

  test('the start goes both ways', () => {
    expect(problem.start.filter((value) => value > 0)).toHaveLength(problem.start.length / 2)
  })
})

test('a rule that stays at the saddle does not reach the bound', () => {
  const saddle = PROBLEMS.find(({ name }) => name === 'saddle')!
  const kept = saddle.loss(saddle.start.map(() => 0)) / saddle.loss(saddle.start)
  expect(kept).toBeGreaterThan(saddle.bound)
  expect(kept).toBeCloseTo(0.39, 2)
})
