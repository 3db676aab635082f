import type { ElementwiseOperator } from '../../../src/operators/operator.ts'
import type { Random } from '../../../src/operators/random.ts'

/** Points are drawn in blocks of so many. */
export const BLOCK = 65536

/** Blocks of points for a row. */
export const BLOCKS = 16

/** Every 4097th float from a random one on: all exponents, and each as often. */
const STRIDE = Math.floor(2 ** 32 / (BLOCKS * BLOCK)) + 1

type Kind = 'every exponent' | 'any bits' | 'moderate'

/** A column of a block: floats of every exponent in turn, of random bits, or of sizes at which two of them often meet. */
export function drawColumn(random: Random, block: number, kind: Kind): Float32Array {
  const start = block * BLOCK * STRIDE + random.integer(STRIDE)
  const words = Uint32Array.from({ length: BLOCK }, (_, index) =>
    kind === 'every exponent' ? start + index * STRIDE : random.integer(2 ** 32),
  )
  if (kind !== 'moderate') return new Float32Array(words.buffer)
  return Float32Array.from(words, (word, index) => (word / 2 ** 31 - 1) * 2 ** ((index % 24) - 12))
}

/** One argument takes every float in turn; of several, each is moderate in every other block. */
export function kindOf(row: ElementwiseOperator, argument: number, block: number): Kind {
  if (row.parameters.length > 1 && (block >> argument) % 2 === 1) return 'moderate'
  return argument === 0 ? 'every exponent' : 'any bits'
}
