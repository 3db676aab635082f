import { threefry, type Key } from '../../../operators/random.ts'

/**
 * Writes factors, each 0 with probability `rate` to 16 bits, else 1/(1-rate): a function of key, step and position alone,
 * so that a run repeats on every machine.
 */
export function writeDropoutMask(mask: Float32Array, rate: number, key: Key, step: number): void {
  mask.fill(1 / (1 - rate))
  const threshold = rate * 2 ** 16
  // Two words of 32 bits are four draws of 16.
  for (let start = 0; start < mask.length; start += 4) {
    const [first, second] = threefry(key, step, start)
    if ((first & 0xffff) < threshold) mask[start] = 0
    if (first >>> 16 < threshold) mask[start + 1] = 0
    if ((second & 0xffff) < threshold) mask[start + 2] = 0
    if (second >>> 16 < threshold) mask[start + 3] = 0
  }
}
