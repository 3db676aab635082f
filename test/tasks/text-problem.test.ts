import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import type { NumberedText } from '../../src/tasks/formats/numbered-text.ts'
import type { Network } from '../../src/tasks/networks/network.ts'
import { recurrentTextNetwork, transformer } from '../../src/tasks/networks/text-networks.ts'
import { tuneLearningRate } from '../../src/tasks/learning-rate.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { networkProblem } from '../../src/tasks/network-problem.ts'
import { OBJECTIVES } from '../../src/tasks/networks/objectives/table.ts'
import type { Problem } from '../../src/tasks/problem.ts'
import { streamProblem, windowExamples } from '../../src/tasks/text-problem.ts'
import { findTask, TASKS } from '../../src/tasks/task.ts'
import { findTextSet, loadText, vocabularySize } from '../../src/tasks/text-sets.ts'
import { openedText, type TextTask } from '../../src/tasks/text-task.ts'
import { train } from '../../src/tasks/train.ts'
import { disposeScalar, readScalar } from '../../src/tasks/problem.ts'

beforeAll(async () => {
  expect(await selectBackend('wasm')).toMatchObject({ ok: true })
})

const VOCABULARY = 8

function randomText(seed: number, length: number): Int32Array {
  const random = createRandom(rootKey(seed))
  return Int32Array.from({ length }, () => random.integer(VOCABULARY))
}

const text: NumberedText = {
  vocabulary: Array.from('abcdefgh'),
  train: randomText(1, 97),
  validation: randomText(2, 150),
  test: randomText(3, 31),
}

const lstm = recurrentTextNetwork({ units: 4, depth: 2 })
/** Scores the next number by the present one alone. */
const memoryless: Network = {
  layers: [{ kind: 'tiedEmbedding', units: 4, bias: true, layers: [{ kind: 'gelu' }] }],
}

const start = (network: Network, window: number, batchSize = 4): Problem =>
  streamProblem(network, text, window, { batchSize, key: rootKey(5) })

/** Losses of steps of weights that stay as they are. */
async function losses(problem: Problem, steps: readonly number[]): Promise<number[]> {
  const values: number[] = []
  for (const step of steps) {
    const { loss, gradients } = await problem.step(step)
    values.push(await readScalar(loss))
    disposeScalar(loss)
    tf.dispose(gradients)
  }
  return values
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('a text in streams', () => {
  it('is read on from step to step: the mean loss of an epoch is the same in all windows', async () => {
    // Four streams of 24.
    const wholes: number[] = []
    for (const window of [1, 3, 8, 24]) {
      const problem = start(lstm, window)
      const steps = Array.from({ length: 24 / window }, (_, step) => step)
      wholes.push(mean(await losses(problem, steps)))
      problem.dispose()
    }
    for (const whole of wholes) expect(whole).toBeCloseTo(wholes[0]!, 5)
  })

  it('begins anew with each epoch, and where steps do not follow each other', async () => {
    const problem = start(lstm, 8)
    const [first, second, third, again, onward] = await losses(problem, [0, 1, 2, 3, 4])
    expect(again).toBe(first)
    expect(onward).toBe(second)
    const [apart] = await losses(problem, [2])
    expect(apart).not.toBe(third)
    problem.dispose()
  })

  it.each(['validation', 'test'] as const)('is evaluated in order and whole: %s', async (part) => {
    const scores = []
    for (const window of [2, 5, 24]) {
      const problem = start(lstm, window)
      scores.push(await problem.evaluate(part))
      expect(await problem.evaluateElsewhere(part)).toEqual(scores.at(-1))
      problem.dispose()
    }
    for (const { loss, metric } of scores) {
      expect(loss).toBeCloseTo(scores[0]!.loss, 5)
      expect(metric).toBe(Math.exp(loss))
    }
  })

  it('counts each number but the first once', async () => {
    const problem = start(memoryless, 7)
    const [table, bias] = problem.parameters.map((parameter) => [...parameter.dataSync()])
    const bend = (x: number): number =>
      (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    const surprise = (from: number, to: number): number => {
      const scores = Array.from({ length: VOCABULARY }, (_, word) =>
        [0, 1, 2, 3].reduce(
          (sum, unit) => sum + bend(table![4 * from + unit]!) * table![4 * word + unit]!,
          bias![word]!,
        ),
      )
      return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - scores[to]!
    }
    const all = Array.from(text.validation.subarray(1), (next, place) =>
      surprise(text.validation[place]!, next),
    )
    expect((await problem.evaluate('validation')).loss).toBeCloseTo(mean(all), 6)
    problem.dispose()
  })

  it('keeps what it reads of validation apart from training, and leaves nothing', async () => {
    const before = tf.memory().numTensors
    const problem = start(lstm, 8)
    const undisturbed = await losses(problem, [0, 1, 2])
    const [first] = await losses(problem, [0])
    await problem.evaluate('validation')
    const rest = await losses(problem, [1, 2])
    expect([first, ...rest]).toEqual(undisturbed)
    problem.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('may be shorter than a window, and have fewer numbers than streams', async () => {
    for (const [window, batchSize] of [
      [50, 4],
      [2, 500],
    ] as const) {
      const problem = start(lstm, window, batchSize)
      expect((await losses(problem, [0, 1, 2])).every(Number.isFinite)).toBe(true)
      problem.dispose()
    }
  })
})

describe('a text in windows', () => {
  it('is numbers, and those that follow each of them', () => {
    const { train: part, outputs } = windowExamples(text, 6)
    expect([part.count, outputs]).toEqual([16, VOCABULARY])
    const numbers = tf.tidy(() => part.inputs([3, 0]).arraySync())
    expect(numbers).toEqual([[...text.train.subarray(18, 24)], [...text.train.subarray(0, 6)]])
    expect(Array.from(part.answers([3, 0]))).toEqual([
      ...text.train.subarray(19, 25),
      ...text.train.subarray(1, 7),
    ])
  })

  it('is scored the same whatever is evaluated at a time', async () => {
    const network = transformer({ units: 8, heads: 2, blocks: 1 })
    const scores = []
    for (const evaluationBatch of [1, 7, 500]) {
      const sets = { ...windowExamples(text, 4), evaluationBatch }
      const options = { batchSize: 4, key: rootKey(1) }
      const problem = networkProblem(network, OBJECTIVES.nextToken, sets, options)
      scores.push((await problem.evaluate('validation')).loss)
      problem.dispose()
    }
    for (const score of scores) expect(score).toBeCloseTo(scores[0]!, 5)
  })
})

describe('the probe of learning rates', () => {
  it('takes the rate with the least perplexity, and stops nothing for its accuracy', async () => {
    const task = openedText(findTask('moby-dick-lstm')!, text, lstm, { window: 8, in: 'streams' })
    const { evolution } = findProtocol('quick')!
    const tuned = await tuneLearningRate({
      task,
      optimizer: (learningRate) => tf.train.adam(learningRate!),
      plan: { ...evolution, batchSize: 4, epochSteps: 3 },
      seed: 1,
    })
    const scores = tuned.trials.map(({ score }) => score)
    const best = tuned.trials.find(({ score }) => score === Math.max(...scores))!
    expect(tuned).toMatchObject({ ok: true, learningRate: best.learningRate })
    expect(tuned.trials.length).toBe(7)
    for (const { result, score } of tuned.trials)
      if (result.diverged === undefined) {
        expect(result.steps).toBe(9)
        expect(score).toBe(-result.bestMetric!)
      }
  })
})

describe('the tasks of text', () => {
  const tasks = TASKS.filter((task): task is TextTask => 'unit' in task)

  it('name texts that there are, and are judged by perplexity', () => {
    expect(tasks.length).toBeGreaterThan(0)
    for (const task of tasks) {
      expect(findTextSet(task.data)).toBeDefined()
      expect(task.metric).toEqual({ name: 'perplexity', better: 'smaller', unit: 'number' })
    }
  })

  it.each(['moby-dick-lstm', 'moby-dick-transformer'])(
    'learn, and again the same to the bit: %s',
    async (name) => {
      const { data, unit, reading, network } = findTask(name) as TextTask
      const whole = loadText(findTextSet(data)!, unit)
      if (!whole.ok) throw new Error(whole.problem.problem)
      const [validation, test] = [whole.value.validation, whole.value.test].map((part) =>
        part.subarray(0, 2000),
      ) as [Int32Array, Int32Array]
      const few = { ...whole.value, validation, test }
      const task = openedText(findTask(name)!, few, network, reading)
      const run = () =>
        train({ task, optimizer: () => tf.train.adam(0.01), seed: 1, steps: 60, evaluateEvery: 60 })
      const before = tf.memory().numTensors
      const result = await run()
      expect(tf.memory().numTensors).toBe(before)
      // A fifth of what guessing comes to.
      const bound = vocabularySize(findTextSet(data)!, unit)! / 5
      expect(result.finalMetric).toBeLessThan(bound)
      expect(result.testMetric).toBeLessThan(bound)
      expect(result.finalScore).toBe(-result.finalMetric!)
      expect((await run()).curve).toEqual(result.curve)
    },
  )
})
