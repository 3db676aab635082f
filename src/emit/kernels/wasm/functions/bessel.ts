import { conditional } from '../../../../wasm/control.ts'
import { f32x4, f64x2, v128 } from '../../../../wasm/operations.ts'
import type { Vector } from '../../../../wasm/tree.ts'
import { choose, inDoubles, limited, polynomial, withSignOf } from './doubles.ts'
import { fadeInDoubles } from './exponential.ts'

/** I1(x) / x in powers of x^2, for |x| <= 8, relative error 6.6e-10. */
const NEAR = [
  6.358902396902893e-21, 9.338660340700415e-19, 5.678116391053078e-16, 1.476321529369206e-13,
  3.372802420548722e-11, 5.649427522292879e-9, 6.781957300590385e-7, 5.425325233734064e-5,
  0.0026041675721136764, 0.06249999854841198, 0.5000000003840416,
] as const

/** sqrt(x) exp(-x) I1(x) in powers of 1 / x, for x >= 8, relative error 1.7e-9. */
const TAIL = [
  -2.048917246627627, 0.32631105326500714, -0.10163402100335689, -0.03878715280296956,
  -0.046797646759691364, -0.1496029812183847, 0.39894227992200576,
] as const

const MIDDLE = 8
const one = f64x2.constant(1)

/** exp(-|x|) I1(x). Arguments above 8 are rare: where none is, what they need is left out. */
export const besselI1Scaled = (x: Vector): Vector => {
  const size = f32x4.abs(x)
  const isLarge = f32x4.gt(size, f32x4.constant(MIDDLE))
  const small = inDoubles(
    (half) =>
      f64x2.mul(f64x2.mul(half, fadeInDoubles(half)), polynomial(NEAR, f64x2.mul(half, half))),
    limited(size, 0, MIDDLE),
  )
  const large = inDoubles((half) => {
    const inverse = f64x2.div(one, half)
    return f64x2.mul(polynomial(TAIL, inverse), f64x2.sqrt(inverse))
  }, size)
  const ofLarge = conditional(v128.any_true(isLarge), large, f32x4.constant(0))
  return withSignOf(x, choose(isLarge, ofLarge, small))
}
