import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom, type Key } from '../../operators/random.ts'

/** Makes the variables of a network; the same seed and names give the same values. */
export interface WeightMaker {
  /** Trainable, uniform in +-sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010); the last two axes are inputs, outputs. */
  glorot(name: string, shape: readonly number[]): tf.Variable
  /** Trainable, every element `value`. */
  constant(name: string, shape: readonly number[], value: number): tf.Variable
  /** Not trainable, every element `value`. */
  state(name: string, shape: readonly number[], value: number): tf.Variable
}

/** A maker of variables drawn from `key`. */
export function weightMaker(key: Key): WeightMaker {
  const filled = (name: string, shape: readonly number[], value: number, trainable: boolean) =>
    variable(name, new Float32Array(sizeOf(shape)).fill(value), shape, trainable)
  return {
    glorot: (name, shape) => {
      const random = createRandom(childKey(key, name))
      const receptive = sizeOf(shape.slice(0, -2))
      const limit = Math.sqrt(6 / (receptive * ((shape.at(-2) ?? 1) + (shape.at(-1) ?? 1))))
      const values = Float32Array.from(
        { length: sizeOf(shape) },
        () => (2 * random.uniform() - 1) * limit,
      )
      return variable(name, values, shape, true)
    },
    constant: (name, shape, value) => filled(name, shape, value, true),
    state: (name, shape, value) => filled(name, shape, value, false),
  }
}

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
