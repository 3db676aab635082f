import { expect, test } from 'vitest'
import { timeLimit } from '../../src/hosts/cli/evolving/time-limit.ts'
import { findProtocol, PROTOCOLS, type Protocol } from '../../src/tasks/protocol.ts'

const MINUTE = 60_000
const quick = findProtocol('quick')!

/** A protocol whose evaluations are 10 epochs of a run and one of a probe, of so many steps. */
const ofEpochs = (epochSteps: number): Protocol => {
  const [round] = quick.initial.probe
  const probe = [{ ...round!, learningRates: [1], epochs: 1 }]
  const surrogate = { ...quick.initial, epochs: 10, epochSteps, probe }
  return { ...quick, initial: surrogate, evolution: surrogate, ladder: [] }
}

test('the time for a rule is a minute for 100 steps, within bounds', () => {
  const minutes = [1, 10, 20, 91, 100, 1000].map((steps) => timeLimit(ofEpochs(steps)) / MINUTE)
  expect(minutes).toEqual([2, 2, 3, 11, 11, 30])
})

test('it follows from the longest evaluation', () => {
  const { ladder } = quick
  expect(timeLimit(quick)).toBe(timeLimit({ ...quick, ladder: ladder.slice(-1) }))
  expect(timeLimit(quick)).toBeGreaterThan(timeLimit({ ...quick, ladder: [] }))
})

test('it is a whole number of minutes, from 2 to 30', () => {
  for (const protocol of PROTOCOLS) {
    const minutes = timeLimit(protocol) / MINUTE
    expect(Number.isInteger(minutes) && minutes >= 2 && minutes <= 30).toBe(true)
  }
})
