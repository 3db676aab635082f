import { describe, expect, test } from 'vitest'
import { repeatedStreams, wholeStream } from '../../src/evolve/behaviour/streams.ts'
import {
  behaviour,
  furtherBehaviour,
  isProportional,
  roundedBehaviour,
  stepsMentioned,
  type Behaviour,
} from '../../src/evolve/behaviour/behaviour.ts'
import {
  areMultiples,
  exactTolerance,
  factorBetween,
  projection,
  projectionError,
} from '../../src/evolve/behaviour/compare.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { programOf } from '../ir/program.ts'

const of = (text: string): Behaviour => behaviour(programOf(`update = lr * (${text})`))
const scaled = (updates: Behaviour, factor: number): Behaviour =>
  updates.map((series) => series.map((update) => factor * update))

describe('behaviours', () => {
  test('are the updates on given gradients, a series for each element', () => {
    const updates = furtherBehaviour(programOf('update = lr * g + w'))
    const { gradients, weights, hyperparameters } = repeatedStreams[1]!
    const count = gradients[0]!.length
    for (const [t, gradient] of gradients.entries())
      expect(updates[count + 2]![t]).toBe(hyperparameters.lr * gradient[2]! + weights[t]![2]!)
  })

  test('are equal up to rounding where programs do the same', () => {
    const [first, second] = [of('g * 3 + w * 3'), of('3 * (w + g)')]
    expect(first).not.toEqual(second)
    expect(areMultiples(first, second, 1, exactTolerance)).toBe(true)
    expect(areMultiples(first, of('3 * (w + g * 1.0001)'), 1, exactTolerance)).toBe(false)
  })

  test('tell programs apart that differ on one step', () => {
    const last = wholeStream.totalSteps - 1
    const other = of(`where(t < ${last}, g, 2 * g)`)
    expect(areMultiples(of('g'), other, 1, exactTolerance)).toBe(false)
  })

  test('in 32-bit arithmetic hold 32-bit numbers, in 64-bit arithmetic others', () => {
    const program = programOf('update = lr * tanh(g)')
    const isRounded = (updates: Behaviour): boolean =>
      updates.every((series) => series.every((update) => Math.fround(update) === update))
    expect(isRounded(roundedBehaviour(program))).toBe(true)
    expect(isRounded(furtherBehaviour(program))).toBe(false)
  })

  test('use no value that a program does not allow', () => {
    const bounded = programOf('optimizer A(lr in (0, 0.001] = 0.0005) {\n  update = lr * g\n}')
    const updates = behaviour(bounded)
    const { gradients } = wholeStream
    expect(updates.at(-1)![0]).toBe(0.0005 * gradients[0]!.at(-1)!)
  })
})

test.each([
  ['lr * g', true],
  ['heavy_ball(lr * tanh(g), mu = 0.9)', true],
  ['lr * log(g)', true],
  ['g', false],
  ['lr^2 * g', false],
  ['min(lr, 1) * g', false],
  ['lr * g + 1e-6 * w', false],
  ['clip(lr * g, 100)', false],
])('%s is proportional to the learning rate: %s', (text, proportional) => {
  expect(isProportional(furtherBehaviour(programOf(`update = ${text}`)))).toBe(proportional)
})

test('the factor between multiples is found, and the projection does not see it', () => {
  const random = createRandom(rootKey(5))
  for (const text of [
    'g',
    'exp(g)',
    'safe_reciprocal(w)',
    'log(g)',
    'relu(g) / w',
    'g^3 * exp(g)',
  ]) {
    const updates = of(text)
    const place = projection(updates)
    for (let count = 0; count < 5; count++) {
      const factor = (random.chance(0.5) ? 1 : -1) * 10 ** (12 * random.uniform() - 6)
      const others = scaled(updates, factor).map((series) =>
        series.map((update) => update * (1 + 1e-6 * random.uniform())),
      )
      expect(factorBetween(updates, others)! / factor).toBeCloseTo(1, 5)
      expect(areMultiples(updates, others, factor, exactTolerance)).toBe(true)
      expect(areMultiples(updates, others, -factor, exactTolerance)).toBe(false)
      expect(areMultiples(updates, others, 1.00001 * factor, exactTolerance)).toBe(false)
      expect(Math.abs(projection(others) - place)).toBeLessThan(projectionError)
    }
  }
  expect(factorBetween(of('0 * g'), of('g'))).toBeUndefined()
})

test('numbers of steps are looked for in the rule, its schedules and its defaults', () => {
  const steps = (text: string): number => stepsMentioned(programOf(text))
  expect(steps('update = lr * g * 99.5')).toBe(0)
  expect(steps('update = lr * g * where(t < 300, 1, 2)')).toBe(600)
  expect(steps('import { step_decay } from "std/schedules"\nupdate = lr * g * step_decay(t)')).toBe(
    2000,
  )
  expect(
    steps(
      'optimizer A(lr in (0, inf) = 0.1, patience in [0, inf) = 500) {\n  update = lr * where(t < patience, 0, g)\n}',
    ),
  ).toBe(1000)
})
