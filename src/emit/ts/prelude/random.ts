import * as tf from '@tensorflow/tfjs-core'

/** What tells a stream of random numbers from others: the seed, the place in the rule, the parameter's index, the step. */
export type Stream = readonly [seed: number, site: number, parameter: number, step: number]

/**
 * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from the stream and the element alone, so that
 * equal runs draw equal numbers.
 */
export function dropout(x: tf.Tensor, rate: number, stream: Stream): tf.Tensor {
  const words = streamOf('dropout', stream)
  const kept = new Uint8Array(x.size)
  const rounded = Math.fround(rate)
  const threshold = rounded * 2 ** 24
  for (let element = 0; element < x.size; element++) {
    kept[element] = words(element) >>> 8 >= threshold ? 1 : 0
  }
  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rounded), tf.zerosLike(x))
}

/** x / (1 - rate), or 0 where the random 32-bit word says so, for 32-bit floats. */
export function dropoutOf(word: number, x: number, rate: number): number {
  return word >>> 8 >= rate * 2 ** 24 ? x / Math.fround(1 - rate) : 0
}

/** Standard normal numbers, one for each element of `w`, which follow from the stream and the element alone. */
export function normal(w: tf.Tensor, stream: Stream): tf.Tensor {
  const words = streamOf('normal', stream)
  const values = new Float32Array(w.size)
  for (let element = 0; element < values.length; element++) {
    values[element] = normalQuantile(words(element))
  }
  return tf.tensor(values, w.shape)
}

/** The quantile of the normal distribution at (word + 0.5) / 2^32: PPND16, Wichura, 1988, Algorithm AS 241. */
export function normalQuantile(word: number): number {
  const q = (word + 0.5) * 2 ** -32 - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    const numerator = horner(
      [
        2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
        13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
      ],
      r,
    )
    const denominator = horner(
      [
        5226.495278852855, 28729.085735721943, 39307.89580009271, 21213.794301586597,
        5394.196021424751, 687.1870074920579, 42.31333070160091, 1,
      ],
      r,
    )
    return (q * numerator) / denominator
  }
  const r = Math.sqrt(tailLogarithm(q < 0 ? word : 2 ** 32 - 1 - word)) - 1.6
  const numerator = horner(
    [
      7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
      3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
    ],
    r,
  )
  const denominator = horner(
    [
      1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008,
      0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,
    ],
    r,
  )
  return (Math.sign(q) * numerator) / denominator
}

/** -log((word + 0.5) / 2^32), the same in every JavaScript engine, which `Math.log` is not. */
export function tailLogarithm(word: number): number {
  const halves = 2 * word + 1
  let exponent = 32 - Math.clz32(halves)
  let factor = halves / 2 ** exponent
  if (factor < Math.SQRT1_2) {
    factor *= 2
    exponent -= 1
  }
  const s = (factor - 1) / (factor + 1)
  let sum = 0
  for (let power = 19; power > 0; power -= 2) sum = sum * s * s + 1 / power
  return (33 - exponent) * Math.LN2 - 2 * s * sum
}

/** The polynomial with these coefficients, the highest power first. */
export function horner(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** A random 32-bit word for each element, from the stream of that name. */
export function streamOf(
  name: string,
  [seed, site, parameter, step]: Stream,
): (element: number) => number {
  const key = streamKey(name, seed, site, parameter)
  return (element) => threefry(key, step, element)[0]
}

/** The key of the stream of that name: two 32-bit words. */
export function streamKey(
  name: string,
  seed: number,
  site: number,
  parameter: number,
): readonly [number, number] {
  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]
  for (const letter of name) key = threefry(key, letter.charCodeAt(0), 1)
  for (const number of [site, parameter]) key = threefry(key, number, 0)
  return key
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
