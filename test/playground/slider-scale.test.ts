import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/compile.ts'
import {
  placeOfValue,
  SLIDER_PLACES,
  sliderScale,
  valueAtPlace,
} from '../../src/hosts/playground/sliders/scale.ts'
import { libraryLoader } from '../../src/library/sources.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'
import { contains, interval, type Interval } from '../../src/operators/interval.ts'

const hyperparameters = Object.entries(standardLibrary).flatMap(([path, text]) =>
  (compile({ path, text }, libraryLoader).value?.programs ?? []).flatMap((program) =>
    program.hyperparameters.map(({ name, interval: range, default: initial }) => ({
      ...{ name: `${name} of ${program.name}`, range, initial: initial! },
    })),
  ),
)

function expectGoodScale(range: Interval, initial: number): void {
  const scale = sliderScale(range, initial)
  let before = -Infinity
  for (let place = 0; place <= SLIDER_PLACES; place++) {
    const value = valueAtPlace(scale, place)
    expect(contains(range, value)).toBe(true)
    expect(value).toBeGreaterThanOrEqual(before)
    // Rounding to what can be read may move a value, never to another part of the slider.
    expect(Math.abs(placeOfValue(scale, value) - place)).toBeLessThanOrEqual(2)
    before = value
  }
  expect(valueAtPlace(scale, SLIDER_PLACES)).toBeGreaterThan(valueAtPlace(scale, 0))
}

describe('the scale of a slider', () => {
  it.each(hyperparameters)('fits $name', ({ range, initial }) => {
    expectGoodScale(range, initial)
    const scale = sliderScale(range, initial)
    const place = placeOfValue(scale, initial)
    expect(place).toBeGreaterThanOrEqual(0)
    expect(place).toBeLessThanOrEqual(SLIDER_PLACES)
  })

  it('fits a default that is all but at the end', () => {
    expectGoodScale(interval(0, Infinity), 5e-324)
    expectGoodScale(interval(50, Infinity), 50 + 1e-11)
  })

  it('fits intervals of all kinds', () => {
    const ends = fc.constantFrom(-Infinity, -10, -1, 0, 1e-4, 0.5, 1, 2, 50, 1e4, Infinity)
    fc.assert(
      fc.property(
        ends,
        ends,
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 1 }),
        (low, high, lowOpen, highOpen, share) => {
          fc.pre(low < high)
          const range = interval(low, high, { lowOpen, highOpen })
          const from = Math.max(low, high === Infinity ? low : high - 20, -20)
          const initial = from + share * (Math.min(high, from + 20) - from)
          fc.pre(contains(range, initial))
          const scale = sliderScale(range, initial)
          for (let place = 0; place <= SLIDER_PLACES; place += 10)
            expect(contains(range, valueAtPlace(scale, place))).toBe(true)
        },
      ),
    )
  })

  it('is logarithmic over decades, from 0 where that is allowed', () => {
    const rate = sliderScale(interval(0, Infinity, { lowOpen: true, highOpen: true }), 0.001)
    expect([0, 50, 100, 150, 200].map((place) => valueAtPlace(rate, place))).toEqual([
      0.000001, 0.0000316, 0.001, 0.0316, 1,
    ])
    const decay = sliderScale(interval(0, Infinity, { highOpen: true }), 0)
    expect(valueAtPlace(decay, 0)).toBe(0)
    expect(placeOfValue(decay, 0)).toBe(0)
    expect(placeOfValue(decay, 1e-9)).toBe(1)
  })

  it('is finer the nearer averages come to 1', () => {
    const beta = sliderScale(interval(0, 1, { highOpen: true }), 0.9)
    expect([0, 50, 100, 150, 200].map((place) => valueAtPlace(beta, place))).toEqual([
      0, 0.9, 0.99, 0.999, 0.9999,
    ])
  })
})
