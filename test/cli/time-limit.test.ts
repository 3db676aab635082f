import { expect, test } from 'vitest'
import { limitsFor, timeLimit } from '../../src/hosts/cli/evolving/time-limit.ts'
import { findProtocol, PROTOCOLS, type Protocol } from '../../src/tasks/protocol.ts'
import { findTask } from '../../src/tasks/task.ts'

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

test('networks whose multiplications alone may take longer have more time, on whatever task', () => {
  const [small, large] = ['fashion14-cnn', 'cifar10'].map((name) => findTask(name)!)
  const { finals: _, ...published } = findProtocol('published')!
  const limits = limitsFor(published, large!, new Map())
  const hours = ['initial', 'evolution', 'base-96'].map(
    (name) => limits.timeFor!(name) / 60 / MINUTE,
  )
  expect(hours[0]).toBeGreaterThan(1)
  expect(hours).toEqual([...hours].sort((a, b) => a - b))
  for (const each of hours) expect(Number.isInteger(60 * each)).toBe(true)
  for (const name of ['width-1', 'width-2'])
    expect(limitsFor(quick, small!, new Map()).timeFor!(name)).toBe(timeLimit(quick))
  const elsewhere = { ...quick.evolution, name: 'elsewhere', width: { base: 96 } } as const
  const more = { ...quick, finals: [{ stage: 'more', task: 'cifar10', surrogate: elsewhere }] }
  const { timeFor } = limitsFor(more, small!, new Map([['cifar10', large!]]))
  expect(timeFor!('elsewhere')).toBeGreaterThan(timeLimit(quick))
  expect(timeFor!('width-1')).toBe(timeLimit(quick))
  expect(timeLimit(more)).toBe(timeLimit(quick))
})
