import * as tf from '@tensorflow/tfjs-core'
import type { ExampleSets, Examples } from './examples.ts'
import type { NumberedText } from './formats/numbered-text.ts'
import { createCarried } from './networks/carried.ts'
import { buildNetwork, type Network, type NetworkModel } from './networks/network.ts'
import { nextToken } from './networks/objectives/next-token.ts'
import type { StartOptions } from './open-task.ts'
import type { Problem, Score } from './problem.ts'

/** Parts of a text that are evaluated side by side, each from a beginning. */
const EVALUATION_STREAMS = 20

/** Scores that are evaluated at a time, at most: numbers of positions times those of the vocabulary. */
const MOST_SCORES = 2 ** 22

/** Stands for an answer that is not counted. */
const NO_ANSWER = -1

/**
 * Trains a recurrent network on a text as one goes on reading: the training part is divided into as many streams as a batch has, and a
 * step takes the next `window` positions of each. What recurrent layers hold goes from step to step, and gradients go through one window
 * (truncated backpropagation through time); with each epoch all begin anew. Evaluation reads a whole part in order, in 20 streams.
 */
export function streamProblem(
  network: Network,
  text: NumberedText,
  window: number,
  { batchSize, key }: StartOptions,
): Problem {
  const { vocabulary, train } = text
  const ends = { input: [window], outputs: vocabulary.length }
  const model = buildNetwork(network, ends, nextToken, key)
  const streams = streamsOf(train, batchSize, Math.floor)
  const width = Math.min(window, streams.length)
  const batches = Math.floor(streams.length / width)
  const carried = createCarried()
  let expected = 0
  const evaluate = (part: 'validation' | 'test'): Promise<Score> =>
    scoreInOrder(model, text[part], width)

  return {
    batchSize: streams.count,
    parameters: model.layers.flatMap((layer) => layer.parameters),
    step: (step) => {
      const batch = step % batches
      if (batch === 0 || step !== expected) carried.clear()
      expected = step + 1
      const { numbers, answers } = streams.take(batch * width, width)
      const taken = tf.tidy(() => {
        const targets = nextToken.targets(answers, streams.count, vocabulary.length)
        return model.step(asRows(numbers, streams.count), targets, step, carried)
      })
      return Promise.resolve(taken)
    },
    evaluate,
    evaluateElsewhere: async (part) => {
      const some = asRows(streams.take(0, width).numbers, streams.count)
      try {
        return await model.withAveragesOf(some, () => evaluate(part))
      } finally {
        some.dispose()
      }
    },
    dispose: () => {
      carried.clear()
      model.dispose()
    },
  }
}

/** A text in streams of equal length, read side by side. */
interface Streams {
  readonly count: number
  readonly length: number
  /** From `start` on `width` numbers of each stream, one stream after the other, and the numbers that follow each. */
  readonly take: (
    start: number,
    width: number,
  ) => { readonly numbers: Int32Array; readonly answers: Int32Array }
}

/** Divides `text` into at most `wanted` streams; `rounding` says what becomes of what does not fill them. */
function streamsOf(text: Int32Array, wanted: number, rounding: (value: number) => number): Streams {
  const answered = text.length - 1
  const count = Math.min(wanted, answered)
  const length = rounding(answered / count)
  return {
    count,
    length,
    take: (start, width) => {
      const numbers = new Int32Array(count * width)
      const answers = new Int32Array(count * width).fill(NO_ANSWER)
      for (let stream = 0; stream < count; stream++) {
        const from = Math.min(stream * length + start, answered)
        const until = Math.min(from + width, answered)
        numbers.set(text.subarray(from, until), stream * width)
        answers.set(text.subarray(from + 1, until + 1), stream * width)
      }
      return { numbers, answers }
    },
  }
}

const asRows = (numbers: Int32Array, rows: number): tf.Tensor2D =>
  tf.tensor2d(numbers, [rows, numbers.length / rows], 'int32')

/** The score of the model's present weights on all of `text` but its first number, which nothing comes before. */
async function scoreInOrder(model: NetworkModel, text: Int32Array, window: number): Promise<Score> {
  const streams = streamsOf(text, EVALUATION_STREAMS, Math.ceil)
  const carried = createCarried()
  let sums: readonly number[] = [0]
  try {
    for (let start = 0; start < streams.length; start += window) {
      const width = Math.min(window, streams.length - start)
      const { numbers, answers } = streams.take(start, width)
      const outputs = tf.tidy(() => model.outputs(asRows(numbers, streams.count), carried))
      const scores = await outputs.data<'float32'>()
      outputs.dispose()
      const more = nextToken.sums(scores, answers, answers.length)
      sums = more.map((value, index) => value + sums[index]!)
    }
  } finally {
    carried.clear()
  }
  return nextToken.score(sums, text.length - 1)
}

/** A text as examples: windows of `size` numbers one after the other, and the numbers that follow each; what fills none is left out. */
export function windowExamples(text: NumberedText, size: number): ExampleSets {
  const { vocabulary } = text
  const examplesOf = (part: Int32Array): Examples => {
    const gathered = (indices: readonly number[], shift: number): Int32Array => {
      const numbers = new Int32Array(indices.length * size)
      for (const [position, index] of indices.entries()) {
        const start = index * size + shift
        numbers.set(part.subarray(start, start + size), position * size)
      }
      return numbers
    }
    return {
      count: Math.floor((part.length - 1) / size),
      inputs: (indices) => asRows(gathered(indices, 0), indices.length),
      answers: (indices) => gathered(indices, 1),
    }
  }
  return {
    input: [size],
    outputs: vocabulary.length,
    evaluationBatch: Math.max(1, Math.floor(MOST_SCORES / (size * vocabulary.length))),
    train: examplesOf(text.train),
    validation: examplesOf(text.validation),
    test: examplesOf(text.test),
  }
}
