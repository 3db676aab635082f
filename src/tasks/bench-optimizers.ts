import * as tf from '@tensorflow/tfjs-core'

/** Shapes of the parameters that an optimizer steps. */
export type Shapes = readonly (readonly number[])[]

/** Parameters of a convolutional network of 93,720 numbers: two layers of filters, two dense ones, and their biases. */
export const BENCH_SHAPES: Shapes = [
  [3, 3, 1, 16],
  [16],
  [3, 3, 16, 32],
  [32],
  [32, 32],
  [32],
  [1568, 56],
  [56],
]

/** Optimizer steps in a run that is measured: more than are taken, so that no schedule comes to its end. */
export const BENCH_STEPS = 1e7

/** Something that takes steps beside others, which take turns with it. */
export interface Contestant {
  /** Takes that many steps; gives the seconds that a step took once all are done. */
  readonly time: (steps: number) => number | Promise<number>
  readonly dispose: () => void | Promise<void>
}

/** How many different numbers there are among the values of a tensor. */
const PERIOD = 10_007

/** Numbers from -1 to 1 for each shape, the same ones every time; others for another `seed`. */
export function benchValues(shapes: Shapes, seed: number): readonly Float32Array[] {
  const numbers = tf.tidy(() => tf.randomUniform([PERIOD], -1, 1, 'float32', seed).dataSync())
  return shapes.map((shape, index) => {
    const values = new Float32Array(tf.util.sizeFromShape([...shape]))
    for (let at = 0, from = index % PERIOD; at < values.length; from = 0) {
      const piece = numbers.subarray(from, from + values.length - at)
      values.set(piece, at)
      at += piece.length
    }
    return values
  })
}

/** An optimizer that is only stepped. */
export interface SteppedOptimizer extends Contestant {
  /** Takes a step; on some backends the numbers are not there yet. */
  readonly step: () => void
  /** Bytes of the states that it keeps. */
  readonly stateBytes: number
}

/**
 * An optimizer on variables of its own, on the backend that is set, with the same gradients at every step; the
 * first is taken. Throws what the backend throws where that takes too much memory.
 */
export function steppedOptimizer(optimizer: tf.Optimizer, shapes: Shapes): SteppedOptimizer {
  const tensors = (seed: number): tf.Tensor[] =>
    benchValues(shapes, seed).map((values, index) => tf.tensor(values, [...shapes[index]!]))
  // Nobody else has the values of the variables.
  const variables = tf.tidy(() => tensors(1).map((weight) => tf.variable(weight)))
  const gradients = tensors(2).map((tensor, index) => ({ name: variables[index]!.name, tensor }))
  const step = (): void => optimizer.applyGradients(gradients)
  const dispose = (): void => {
    optimizer.dispose()
    tf.dispose([variables, gradients.map(({ tensor }) => tensor)])
  }
  const bytesBefore = tf.memory().numBytes
  try {
    step()
  } catch (error) {
    dispose()
    throw error
  }
  return {
    step,
    stateBytes: tf.memory().numBytes - bytesBefore,
    time: async (steps) => {
      const before = performance.now()
      for (let index = 0; index < steps; index++) step()
      await settle(variables.at(-1)!)
      return (performance.now() - before) / 1000 / steps
    },
    dispose,
  }
}

/** Backends that have done a step when it returns. */
const PROMPT = ['cpu', 'wasm']

/** Waits until a backend that works on its own has come to the values of a tensor; reads one of them. */
async function settle(x: tf.Tensor): Promise<void> {
  if (PROMPT.includes(tf.getBackend())) return
  const one = tf.tidy(() => tf.slice(tf.reshape(x, [x.size]), 0, 1))
  await one.data()
  one.dispose()
}

/** What a turn takes, in seconds, where steps are shorter. */
const TURN = 0.01
/** Turns of each that are not counted: what is stepped often becomes machine code in them. */
const WARM_UP = 2
const LEAST_ROUNDS = 3

/**
 * Seconds that a step takes, of each contestant a list: they take turns, a hundredth of a second or a step each, until `seconds`
 * are over. What disturbs the machine then disturbs all of them.
 */
export async function takeTurns(
  contestants: readonly Contestant[],
  seconds: number,
  signal?: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  const turns: number[] = []
  for (const contestant of contestants) {
    // The first step makes states.
    await contestant.time(1)
    const steps = (stepSeconds: number): number =>
      Math.min(1e4, Math.max(1, Math.round(TURN / Math.max(stepSeconds, 1e-6))))
    let count = steps(await contestant.time(1))
    for (let turn = 0; turn < WARM_UP && count > 1; turn++)
      count = steps(await contestant.time(count))
    turns.push(count)
  }
  const found = contestants.map((): number[] => [])
  const until = performance.now() + 1000 * seconds
  for (let round = 0; round < LEAST_ROUNDS || performance.now() < until; round++) {
    for (const [index, contestant] of contestants.entries()) {
      if (signal?.aborted === true) return found
      found[index]!.push(await contestant.time(turns[index]!))
    }
  }
  return found
}
