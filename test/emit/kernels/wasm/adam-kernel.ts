import { elementLoop } from '../../../../src/emit/kernels/wasm/element-loop.ts'
import { makeFunction, type ExportedFunction } from '../../../../src/wasm/function.ts'
import { f32x4, madd } from '../../../../src/wasm/operations.ts'
import { get, sequence, set, type Local, type VectorLocal } from '../../../../src/wasm/tree.ts'

/**
 * Adam as a kernel by hand: one pass that reads w, g, m and v once and writes w, m and v once. `bytes` of each; `size`: the learning
 * rate over the correction of m; `correction`: one over the root of the correction of v.
 */
export const adamKernel: ExportedFunction = {
  name: 'adam',
  definition: makeFunction(
    ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'f32', 'f32', 'f32'],
    undefined,
    (scope, w, g, m, v, bytes, ...scalars) => {
      const spread = scalars.map((scalar: Local<'f32'>): [VectorLocal, Local<'f32'>] => [
        scope.local('v128'),
        scalar,
      ])
      const [size, beta1, beta2, epsilon, correction] = spread.map(([vector]) => get(vector)) as [
        ReturnType<typeof get<'v128'>>,
        ReturnType<typeof get<'v128'>>,
        ReturnType<typeof get<'v128'>>,
        ReturnType<typeof get<'v128'>>,
        ReturnType<typeof get<'v128'>>,
      ]
      const [gradient, mean, square] = scope.locals('v128', 3) as [
        VectorLocal,
        VectorLocal,
        VectorLocal,
      ]
      const { sub, mul, div, sqrt, add } = f32x4
      const one = f32x4.constant(1)
      return sequence(
        ...spread.map(([vector, scalar]) => set(vector, f32x4.splat(get(scalar)))),
        elementLoop(scope, bytes, ({ load, store }) =>
          sequence(
            set(gradient, load(g)),
            set(mean, madd.f32x4(beta1, load(m), mul(sub(one, beta1), get(gradient)))),
            set(
              square,
              madd.f32x4(beta2, load(v), mul(sub(one, beta2), mul(get(gradient), get(gradient)))),
            ),
            store(m, get(mean)),
            store(v, get(square)),
            store(
              w,
              sub(
                load(w),
                div(mul(size, get(mean)), add(mul(sqrt(get(square)), correction), epsilon)),
              ),
            ),
          ),
        ),
      )
    },
  ),
}
