import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom, type Key } from '../../operators/random.ts'

/** Makes the variables of a network; the same seed and names give the same values. */
export interface WeightMaker {
  /**
   * Trainable, uniform in +-sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010). The last two axes are inputs, outputs, where
   * `ends` does not say how many of them a tap connects.
   */
  glorot(name: string, shape: readonly number[], ends?: Ends): tf.Variable
  /** Trainable, uniform in +-limit. */
  uniform(name: string, shape: readonly number[], limit: number): tf.Variable
  /** Trainable, every element `value`. */
  constant(name: string, shape: readonly number[], value: number): tf.Variable
  /** Not trainable, every element `value`. */
  state(name: string, shape: readonly number[], value: number): tf.Variable
}

/** Inputs and outputs that one tap of a filter connects. */
export interface Ends {
  readonly inputs: number
  readonly outputs: number
}

/** A maker of variables drawn from `key`. */
export function weightMaker(key: Key): WeightMaker {
  const filled = (name: string, shape: readonly number[], value: number, trainable: boolean) =>
    variable(name, new Float32Array(sizeOf(shape)).fill(value), shape, trainable)
  const uniform = (name: string, shape: readonly number[], limit: number): tf.Variable => {
    const random = createRandom(childKey(key, name))
    const values = Float32Array.from(
      { length: sizeOf(shape) },
      () => (2 * random.uniform() - 1) * limit,
    )
    return variable(name, values, shape, true)
  }
  return {
    glorot: (name, shape, ends) => {
      const receptive = sizeOf(shape.slice(0, -2))
      const { inputs, outputs } = ends ?? {
        inputs: shape.at(-2) ?? 1,
        outputs: shape.at(-1) ?? 1,
      }
      return uniform(name, shape, Math.sqrt(6 / (receptive * (inputs + outputs))))
    },
    uniform,
    constant: (name, shape, value) => filled(name, shape, value, true),
    state: (name, shape, value) => filled(name, shape, value, false),
  }
}

/** The name that a variable was asked for under. */
export const plainName = (name: string): string => name.replace(/_\d+$/, '')

/** A variable under `name`, or under `name_1`, `name_2` ... while another run in this process holds the name. */
export function variable(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  trainable: boolean,
): tf.Variable {
  const taken = tf.engine().registeredVariables
  let free = name
  for (let number = 1; free in taken; number++) free = `${name}_${number}`
  return tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), trainable, free))
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1)
