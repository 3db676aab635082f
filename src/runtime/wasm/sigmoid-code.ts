import { f32x4, i32, i32x4 } from '../../wasm/operations.ts'
import type { Vector } from '../../wasm/tree.ts'

/** (exp(r) - 1 - r) / r^2, highest power first (Moshier's Cephes library, expf). */
const EXP_REST = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
].map((coefficient) => f32x4.constant(coefficient))

const one = f32x4.constant(1)
const two = f32x4.constant(2)
/** Beyond it 2^n is no normal float. */
const LARGEST = 87
/** 1.5 * 2^23: adding it rounds a small float to an integer and leaves that integer in the lowest bits. */
const rounding = f32x4.constant(12582912)
/** ln 2 in two parts, the first with few enough bits that its product with n is exact. */
const ln2 = f32x4.constant(0.693359375)
const ln2Rest = f32x4.constant(-2.1219444e-4)

/**
 * exp(x) within 2 units in the last place for |x| < 87 and flat beyond: 2^n exp(r) with n the integer nearest to x / ln 2 and
 * Cephes' polynomial for exp(r), |r| <= ln(2) / 2.
 */
export function exponential(value: Vector): Vector {
  const above = f32x4.pmax(value, f32x4.constant(-LARGEST))
  const x = f32x4.pmin(above, f32x4.constant(LARGEST))
  const shifted = f32x4.add(f32x4.mul(x, f32x4.constant(Math.LOG2E)), rounding)
  const n = f32x4.sub(shifted, rounding)
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2)), f32x4.mul(n, ln2Rest))
  const square = f32x4.mul(r, r)
  const pair = (index: number): Vector =>
    f32x4.add(f32x4.mul(EXP_REST[index]!, r), EXP_REST[index + 1]!)
  // In pairs (Estrin), which halves the chain of operations that wait for each other.
  const rest = [2, 4].reduce<Vector>(
    (value, index) => f32x4.add(f32x4.mul(value, square), pair(index)),
    pair(0),
  )
  const ofRest = f32x4.add(f32x4.mul(square, rest), f32x4.add(r, one))
  // 2^n has the bits (n + 127) << 23; n is in the lowest bits of the shifted value, and 127 << 23 is a float 1.
  return f32x4.mul(ofRest, i32x4.add(i32x4.shl(shifted, i32.constant(23)), one))
}

/** sigmoid(z) = 1 / (1 + exp(-z)), within 2 units in the last place for |z| < 87 and flat beyond. */
export const sigmoid = (z: Vector): Vector =>
  f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(z))))

/** tanh(x) = 2 sigmoid(2x) - 1, within 2e-7. */
export const hyperbolicTangent = (x: Vector): Vector =>
  f32x4.sub(f32x4.mul(two, sigmoid(f32x4.mul(two, x))), one)
