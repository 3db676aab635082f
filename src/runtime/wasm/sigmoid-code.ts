import { type FunctionScope } from '../../wasm/function.ts'
import { f32x4, i32, i32x4, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type Vector,
  type VectorLocal,
} from '../../wasm/tree.ts'

/** The floats of the table that functions with a parameter `constants` take the address of. */
export const SIGMOID_CONSTANTS = [
  // Beyond these 2^n is no normal float.
  87,
  -87,
  Math.LOG2E,
  // 1.5 * 2^23: adding it rounds a small float to an integer and leaves that integer in the lowest bits.
  12582912,
  // ln 2 in two parts, the first with few enough bits that its product with n is exact.
  0.693359375,
  -2.1219444e-4,
  1,
  // (exp(r) - 1 - r) / r^2, highest power first (Moshier's Cephes library, expf).
  1.98756915e-4,
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
]

/**
 * sigmoid(z) = 1 / (1 + exp(-z)), within 2 units in the last place for |z| < 87 and flat beyond. exp(x) = 2^n exp(r) with
 * n the integer nearest to x / ln 2 and Cephes' polynomial for exp(r), |r| <= ln(2) / 2. The constants come from the table
 * at `constants`, loaded once by `prepare`: V8 would build immediate ones anew for each vector.
 */
export function makeSigmoid(
  scope: FunctionScope,
  constants: IntegerLocal,
): {
  readonly result: VectorLocal
  readonly prepare: Statement
  readonly compute: (z: VectorLocal) => Statement
} {
  const registers = SIGMOID_CONSTANTS.map(() => scope.local('v128'))
  const [limit, minusLimit, log2e, rounding, ln2, ln2Rest, one, ...coefficients] = registers.map(
    (register) => get(register),
  ) as [Vector, Vector, Vector, Vector, Vector, Vector, Vector]
  const [x, power, result, shifted, square] = [0, 1, 2, 3, 4].map(() => scope.local('v128')) as [
    VectorLocal,
    VectorLocal,
    VectorLocal,
    VectorLocal,
    VectorLocal,
  ]
  const pair = (index: number): Vector =>
    f32x4.add(f32x4.mul(coefficients[index]!, get(x)), coefficients[index + 1]!)
  // In pairs (Estrin), which halves the chain of operations that wait for each other.
  const polynomial = [2, 4].reduce<Vector>(
    (value, index) => f32x4.add(f32x4.mul(value, get(square)), pair(index)),
    pair(0),
  )
  return {
    result,
    prepare: sequence(
      ...registers.map((register, index) =>
        set(register, v128.load32_splat(get(constants), 4 * index)),
      ),
    ),
    compute: (z) =>
      sequence(
        set(x, f32x4.pmin(f32x4.pmax(f32x4.neg(get(z)), minusLimit), limit)),
        set(shifted, f32x4.add(f32x4.mul(get(x), log2e), rounding)),
        set(power, f32x4.sub(get(shifted), rounding)),
        set(
          x,
          f32x4.sub(f32x4.sub(get(x), f32x4.mul(get(power), ln2)), f32x4.mul(get(power), ln2Rest)),
        ),
        set(square, f32x4.mul(get(x), get(x))),
        set(result, f32x4.add(f32x4.mul(get(square), polynomial), f32x4.add(get(x), one))),
        // 2^n has the bits (n + 127) << 23; n is in the lowest bits of the shifted value, and 127 << 23 is a float 1.
        set(power, i32x4.add(i32x4.shl(get(shifted), i32.constant(23)), one)),
        set(result, f32x4.div(one, f32x4.add(one, f32x4.mul(get(result), get(power))))),
      ),
  }
}
