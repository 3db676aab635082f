import { type ExportedFunction, defineFunction } from '../../wasm/function.ts'
import { f32x4, v128 } from '../../wasm/operations.ts'
import { get, sequence, set } from '../../wasm/tree.ts'
import { passOver } from './channel-pass.ts'
import { affine } from './normalization-code.ts'
import { sigmoid } from './sigmoid-code.ts'

/**
 * Swish behind batch normalisation, in a training step: its derivative is kept from the way forward. Matrices as in
 * `normalization-code.ts`.
 */

/** y = z s with z = (x - mean) scale + shift and s = sigmoid(z), and its derivative by z, s + y (1 - s). */
const swishAndDerivative = () =>
  defineFunction(
    'swishAndDerivative',
    ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'y', 'derivative'],
    (p, scope) =>
      passOver(scope, {
        ...p,
        matrices: [p.x, p.y, p.derivative],
        kept: ['mean', 'scale', 'shift'],
        free: ['z', 'probability', 'result'],
        load: { mean: p.mean, scale: p.scale, shift: p.shift },
        body: ({ mean, scale, shift, z, probability, result }, [x, y, derivative], offset) =>
          sequence(
            set(z, affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), scale, shift)),
            set(probability, sigmoid(get(z))),
            set(result, f32x4.mul(get(z), get(probability))),
            v128.store(get(y!), get(result), offset),
            v128.store(
              get(derivative!),
              f32x4.add(
                get(probability),
                f32x4.mul(get(result), f32x4.sub(f32x4.constant(1), get(probability))),
              ),
              offset,
            ),
          ),
      }),
  )

/** dz = dy derivative; sums = sum over rows of dz, products = sum over rows of dz (x - mean). */
const slopeSums = () =>
  defineFunction(
    'slopeSums',
    ['x', 'rowBytes', 'size', 'mean', 'dy', 'derivative', 'dz', 'sums', 'products'],
    (p, scope) =>
      passOver(scope, {
        ...p,
        matrices: [p.x, p.dy, p.derivative, p.dz],
        kept: ['mean', 'sum', 'product'],
        free: ['slope'],
        load: { mean: p.mean },
        store: { sum: p.sums, product: p.products },
        body: ({ mean, sum, product, slope }, [x, dy, derivative, dz], offset) =>
          sequence(
            set(slope, f32x4.mul(v128.load(get(dy!), offset), v128.load(get(derivative!), offset))),
            set(sum, f32x4.add(get(sum), get(slope))),
            set(
              product,
              f32x4.add(
                get(product),
                f32x4.mul(get(slope), f32x4.sub(v128.load(get(x!), offset), get(mean))),
              ),
            ),
            v128.store(get(dz!), get(slope), offset),
          ),
      }),
  )

/** The functions of this file. */
export const swishCode = (): ExportedFunction[] => [swishAndDerivative(), slopeSums()]

/** Names of {@link swishCode}. */
export type SwishFunction = 'swishAndDerivative' | 'slopeSums'
