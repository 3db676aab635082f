import { expect, test } from 'vitest'
import {
  evolve,
  ownTask,
  programOf,
  checkIntegrity,
  readJournal,
  writeEntry,
  type EvolveOptions,
} from '../../src/library/search.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'

const SMALL: EvolveOptions = {
  task: 'quadratic',
  protocol: 'sketch',
  backend: 'cpu',
  initial: 4,
  particles: 2,
  timesteps: 1,
  children: 1,
  selection: { kind: 'published' },
  finalists: 1,
  finalSeeds: 1,
  against: ['sgd'],
  given: [standardLibrary['std/opt1']!],
}

test('a search may be on a task of a program, and says what is wrong with it', async () => {
  const task = ownTask({
    isFunction: true,
    metric: { name: 'distance', better: 'smaller' },
    start: ({ tf }) => {
      const w = tf.variable(tf.tensor1d([1, -1]), true, 'w')
      const loss = () => tf.mean(tf.square(w))
      return {
        parameters: [w],
        loss,
        evaluate: () => ({ loss: loss(), metric: tf.max(tf.abs(w)) }),
      }
    },
  })
  const found = await evolve({ ...SMALL, task })
  if (!found.ok) throw new Error(found.problem)
  const fitness = found.value.finals.map(({ runs }) => runs[0]!)
  for (const { score, testMetric } of fitness) {
    expect(testMetric).toBeLessThan(0.9)
    expect(score).toBeLessThanOrEqual(0)
    expect(score).toBeGreaterThanOrEqual(-testMetric!)
  }
  const wrong = ownTask({
    start: () => {
      throw new Error('nothing to train')
    },
  })
  expect(await evolve({ ...SMALL, task: wrong })).toEqual({
    ok: false,
    problem: 'nothing to train (in `start`)',
  })
})

test('a search finds rules, and repeats', async () => {
  const stages: string[] = []
  const found = await evolve({
    ...SMALL,
    onEvent: (event) => void (event.kind === 'stage' && stages.push(event.name)),
  })
  if (!found.ok) throw new Error(found.problem)
  expect(found.value.finals.map(({ name }) => name)).toEqual(['best-1', 'sgd'])
  expect(stages).toEqual(['initial rules', 'time step 1 of 1', 'final evaluation'])
  const text = found.journal.map(writeEntry).join('')
  expect(readJournal(text)).toMatchObject({ problem: undefined, entries: found.journal })
  expect(await evolve(SMALL)).toMatchObject({ ok: true, journal: found.journal })
})

test.each<[EvolveOptions, string]>([
  [{ task: 'none' }, 'task none'],
  [{ protocol: 'none' }, 'protocol none'],
  [{ space: 'none' }, 'space none'],
  [{ filters: ['none'] }, 'filter none'],
  [{ against: ['none'] }, 'rule none'],
  [{ given: ['update = h'] }, 'rule 0'],
  [{ budget: { minutes: 1 } }, 'clock'],
  [{ task: 'mnist', data: '/nowhere' }, '/nowhere'],
])('%j cannot begin, and says why', async (options, problem) => {
  const answer = await evolve({ ...SMALL, ...options })
  expect(answer).toMatchObject({ ok: false, problem: expect.stringContaining(problem) })
})

test('rules can be tried before', async () => {
  const { value: program } = await programOf('update = lr * g', {})
  expect(checkIntegrity(program!)).toMatchObject({ accepted: true, flipped: false })
  const { value: rising } = await programOf('update = 0 * g', {})
  expect(checkIntegrity(rising!).accepted).toBe(false)
})
