import { conditional } from '../../../../wasm/control.ts'
import { f32x4, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { choose, polynomial, withSignOf } from './floats.ts'

/** exp(-x) I1(x) / x in powers of x - 1.25, for 0 <= x <= 2.5, relative error 3.7e-8. */
const NEAR = [
  8.733345e-7, -5.84070995e-6, 2.84079797e-5, -0.000136805975, 0.000607620168, -0.00239147316,
  0.00825112686, -0.0245281775, 0.0611608475, -0.122225933, 0.173113406,
] as const

/** sqrt(x) exp(-x) I1(x) in powers of 1 / x - 0.125, for x >= 2.5, relative error 3.8e-8. */
const TAIL = [
  14190.125, -15946.9492, 5775.90967, -152.443954, -342.356537, 35.8936806, 12.4088936,
  -0.395350486, -0.399263233, -0.120804176, -0.0720200166, -0.16389133, 0.379412264,
] as const

const MIDDLE = 2.5
const one = f32x4.constant(1)

/** exp(-|x|) I1(x). Arguments above 2.5 are rare: where none is, what they need is left out. */
export const besselI1Scaled = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const isLarge = f32x4.gt(size, f32x4.constant(MIDDLE))
  const centred = f32x4.sub(size, f32x4.constant(MIDDLE / 2))
  const near = f32x4.mul(size, polynomial(NEAR, centred))
  const inverse = f32x4.div(one, size)
  const large = f32x4.mul(
    polynomial(TAIL, f32x4.sub(inverse, f32x4.constant(0.125))),
    f32x4.sqrt(inverse),
  )
  const ofLarge = conditional(v128.any_true(isLarge), large, f32x4.constant(0))
  return withSignOf(x, choose(isLarge, ofLarge, near))
}
