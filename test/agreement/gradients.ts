import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'

/** Steps of a run: one more than the schedules are told, so that the end of a run is seen too. */
export const STEPS = 4
export const TOTAL_STEPS = STEPS - 1

/** The weights a parameter starts from and its gradient at each step, as 32-bit numbers. */
export interface Stream {
  readonly kind: GradientKind
  readonly shape: readonly number[]
  readonly start: Float32Array
  readonly gradients: readonly Float32Array[]
}

/** NaN with either sign bit: hardware makes one of them, and kernels that compare bits tell them apart. */
const NOT_NUMBERS = new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000]).buffer)

/** Where an element comes from: a number, or the place of a NaN in NOT_NUMBERS. */
type Draw = (random: Random) => number | { readonly notANumber: number }

const sign = (random: Random): number => (random.chance(0.5) ? 1 : -1)
const ordinary: Draw = (random) => random.normal()
const subnormal: Draw = (random) => sign(random) * random.uniform() * 1e-38
const huge: Draw = (random) => sign(random) * (0.1 + 0.9 * random.uniform()) * 3.4e38
const infinite: Draw = (random) => sign(random) * Infinity
const notANumber: Draw = (random) => ({ notANumber: random.integer(2) })
const zero: Draw = () => 0
const negativeZero: Draw = () => -0

/** Each of the draws is as likely as any other. */
const anyOf =
  (...draws: readonly Draw[]): Draw =>
  (random) =>
    random.pick(draws)(random)

const GRADIENTS = {
  zeros: zero,
  'minus zero': negativeZero,
  subnormal,
  huge,
  infinite: anyOf(infinite, ordinary, ordinary),
  NaN: anyOf(notANumber, ordinary, ordinary),
  sparse: anyOf(zero, zero, zero, negativeZero, ordinary),
  mixed: anyOf(zero, negativeZero, subnormal, huge, infinite, notANumber, ordinary, ordinary),
} as const satisfies Record<string, Draw>

/** What is special about a gradient. */
export type GradientKind = keyof typeof GRADIENTS

const KINDS = Object.keys(GRADIENTS) as readonly GradientKind[]
const SHAPES = [[5], [2, 3]]
const START = anyOf(ordinary, ordinary, ordinary, zero, negativeZero)

function vector(random: Random, size: number, draw: Draw): Float32Array {
  const values = new Float32Array(size)
  const words = new Uint32Array(values.buffer)
  const notNumbers = new Uint32Array(NOT_NUMBERS.buffer)
  for (let element = 0; element < size; element++) {
    const drawn = draw(random)
    if (typeof drawn === 'number') values[element] = drawn
    else words[element] = notNumbers[drawn.notANumber]!
  }
  return values
}

/**
 * One parameter for each kind of gradient and each shape; the same for the same name. NaN and infinities, which a state
 * does not forget, come from the second step on.
 */
export function streams(
  name: string,
  shapes: readonly (readonly number[])[] = SHAPES,
): readonly Stream[] {
  return KINDS.flatMap((kind) =>
    shapes.map((shape): Stream => {
      const random = createRandom(childKey(rootKey(17), name, kind, shape.length))
      const size = shape.reduce((a, b) => a * b, 1)
      const lasts = kind === 'NaN' || kind === 'infinite' || kind === 'mixed'
      return {
        kind,
        shape,
        start: vector(random, size, START),
        gradients: Array.from({ length: STEPS }, (_, step) =>
          vector(random, size, lasts && step === 0 ? GRADIENTS.sparse : GRADIENTS[kind]),
        ),
      }
    }),
  )
}
