import * as tf from '@tensorflow/tfjs-core'

/**
 * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from `stream` (the seed, the place in the rule,
 * the index of the parameter, the step) and the element alone, so that equal runs draw equal numbers.
 */
export function dropout(
  x: tf.Tensor,
  rate: number,
  stream: readonly [seed: number, site: number, parameter: number, step: number],
): tf.Tensor {
  const [seed, site, parameter, step] = stream
  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]
  for (const letter of 'dropout') key = threefry(key, letter.charCodeAt(0), 1)
  for (const number of [site, parameter]) key = threefry(key, number, 0)
  const kept = new Uint8Array(x.size)
  const rounded = Math.fround(rate)
  const threshold = rounded * 2 ** 24
  for (let element = 0; element < x.size; element++) {
    kept[element] = threefry(key, step, element)[0] >>> 8 >= threshold ? 1 : 0
  }
  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rounded), tf.zerosLike(x))
}

/** Two random 32-bit words for a key and a counter: Threefry-2x32-20, Salmon and others, SC 2011. */
export function threefry(
  [high, low]: readonly [number, number],
  first: number,
  second: number,
): readonly [number, number] {
  let next = low | 0
  let afterNext = 0x1bd11bda ^ high ^ low
  let last = high | 0
  let a = (first + high) | 0
  let b = (second + low) | 0
  for (let group = 1; group <= 5; group++) {
    const isOdd = group % 2 === 1
    a = (a + b) | 0
    b = rotate(b, isOdd ? 13 : 17) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 15 : 29) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 26 : 16) ^ a
    a = (a + b) | 0
    b = rotate(b, isOdd ? 6 : 24) ^ a
    a = (a + next) | 0
    b = (b + afterNext + group) | 0
    const used = next
    next = afterNext
    afterNext = last
    last = used
  }
  return [a >>> 0, b >>> 0]
}

/** The 32-bit word with its bits moved up, those pushed out coming back below. */
export function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}
