import { describe, expect, it } from 'vitest'
import { descend } from './descend.ts'
import { optimizer } from './library.ts'

const COUNT = 20_000
/** Where the quadratic has its minimum. */
const CENTRE = 2
/** After these steps nothing is left of the start, at the rates below. */
const STEPS = 120

describe('std/sgld on a quadratic', () => {
  // The loss of each weight is curvature / 2 * (w - centre)^2.
  it.each([
    { lr: 0.1, temperature: 1, curvature: 1 },
    { lr: 0.1, temperature: 0.01, curvature: 2 },
    { lr: 0.5, temperature: 4, curvature: 1 },
    { lr: 0.05, temperature: 1e-4, curvature: 10 },
  ])('has the variance of its steps at $lr, $temperature, $curvature', (run) => {
    const { lr, temperature, curvature } = run
    const path = descend(optimizer('sgld'), {
      start: Array<number>(COUNT).fill(0),
      gradient: (w) => Array.from(w, (weight) => curvature * (weight - CENTRE)),
      totalSteps: STEPS,
      hyperparameters: { lr, temperature },
    })
    const last = path.at(-1)!
    // Of the walk w <- w - lr * curvature * (w - centre) + noise; temperature / curvature for a small rate.
    const variance = temperature / (curvature * (1 - (lr * curvature) / 2))
    const mean = last.reduce((sum, weight) => sum + weight, 0) / COUNT
    const found = last.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / COUNT
    // Five standard deviations of a mean and of a variance.
    expect(Math.abs(mean - CENTRE)).toBeLessThan(5 * Math.sqrt(variance / COUNT))
    expect(Math.abs(found / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT))
    // Neighbours have nothing to do with each other, and a step remembers the one before as far as the walk does.
    const productWith = (other: readonly number[], shift: number): number =>
      last.reduce(
        (sum, weight, index) =>
          sum + (weight - CENTRE) * (other[(index + shift) % COUNT]! - CENTRE),
        0,
      ) /
      (COUNT * variance)
    expect(Math.abs(productWith(last, 1))).toBeLessThan(5 / Math.sqrt(COUNT))
    expect(Math.abs(productWith(path.at(-2)!, 0) - (1 - lr * curvature))).toBeLessThan(
      10 / Math.sqrt(COUNT),
    )
  })

  it('is gradient descent at temperature 0', () => {
    const walk = {
      start: [1, -3],
      gradient: (w: ArrayLike<number>) => Array.from(w, (weight) => weight),
      totalSteps: 5,
    }
    const cold = descend(optimizer('sgld'), {
      ...walk,
      hyperparameters: { lr: 0.1, temperature: 0 },
    })
    const plain = descend(optimizer('sgd'), { ...walk, hyperparameters: { lr: 0.1 } })
    expect(cold).toEqual(plain)
  })
})
