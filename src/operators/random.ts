/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011). A draw is a pure function of a key and a counter, so a run repeats whatever the order,
 * the worker or the backend that asks. Only 32-bit additions, rotations and exclusive ors, so that kernels can do the same.
 */

/** Two unsigned 32-bit words that name a stream of random numbers. */
export interface Key {
  readonly high: number
  readonly low: number
}

const PARITY = 0x1bd11bda

/** Threefry-2x32-20: the two unsigned 32-bit words that `key` gives for the counter (`first`, `second`). */
export function threefry(key: Key, first: number, second: number): readonly [number, number] {
  const k0 = key.high | 0
  const k1 = key.low | 0
  const k2 = PARITY ^ k0 ^ k1
  let a = (first + k0) | 0
  let b = (second + k1) | 0
  // Five groups of four rounds, the rotations of two groups in turn; written out, since draws are most of what a search does.
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 1) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 2) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k0) | 0
  b = (b + k1 + 3) | 0
  a = (a + b) | 0
  b = ((b << 17) | (b >>> 15)) ^ a
  a = (a + b) | 0
  b = ((b << 29) | (b >>> 3)) ^ a
  a = (a + b) | 0
  b = ((b << 16) | (b >>> 16)) ^ a
  a = (a + b) | 0
  b = ((b << 24) | (b >>> 8)) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 4) | 0
  a = (a + b) | 0
  b = ((b << 13) | (b >>> 19)) ^ a
  a = (a + b) | 0
  b = ((b << 15) | (b >>> 17)) ^ a
  a = (a + b) | 0
  b = ((b << 26) | (b >>> 6)) ^ a
  a = (a + b) | 0
  b = ((b << 6) | (b >>> 26)) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 5) | 0
  return [a >>> 0, b >>> 0]
}

/** The root of a seed tree. `seed`: an integer; its low 53 bits count. */
export function rootKey(seed: number): Key {
  return { high: Math.floor(seed / 2 ** 32) >>> 0, low: seed >>> 0 }
}

/** The key reached from `key` along `path`; different paths give independent streams. Names count by their characters. */
export function childKey(key: Key, ...path: readonly (number | string)[]): Key {
  let current = key
  for (const step of path) {
    const counters = typeof step === 'number' ? [step] : [...step].map((c) => c.codePointAt(0)!)
    for (const counter of counters) {
      const [high, low] = threefry(current, counter >>> 0, typeof step === 'number' ? 0 : 1)
      current = { high, low }
    }
  }
  return current
}

/** The uniform number in [0, 1) that the upper 24 bits of a 32-bit word are, exact in 32-bit floats. */
export function uniformOf(word: number): number {
  return (word >>> 8) * 2 ** -24
}

/** A sequence of draws from one key. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of `items`, uniformly. Throws a RangeError when there are none. */
  pick<T>(items: readonly T[]): T
  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

/** The sequence of draws that starts at `key`. */
export function createRandom(key: Key): Random {
  let counter = 0
  const uniform = (): number => {
    const [a, b] = threefry(key, counter >>> 0, Math.floor(counter / 2 ** 32))
    counter += 1
    return ((a >>> 5) * 2 ** 26 + (b >>> 6)) * 2 ** -53
  }
  const integer = (bound: number): number => Math.floor(uniform() * bound)
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    chance: (probability) => uniform() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[integer(items.length)]!
    },
    shuffle: (items) => {
      const result = [...items]
      for (let last = result.length - 1; last > 0; last--) {
        const other = integer(last + 1)
        ;[result[last], result[other]] = [result[other]!, result[last]!]
      }
      return result
    },
  }
}

/**
 * The key of the draws of the operator with that name; `site` tells the draws of one program apart, `parameter` the
 * parameters of a model. An element is drawn by the first word of `threefry(key, step, element)`, with steps from 0 and
 * elements in row-major order; what a word is turned into says the row of the operator.
 */
export function drawKey(seed: number, name: string, site: number, parameter: number): Key {
  return childKey(rootKey(seed), name, site, parameter)
}
