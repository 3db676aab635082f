import { type ExportedFunction, defineFunction } from '../../wasm/function.ts'
import { f32x4, v128 } from '../../wasm/operations.ts'
import { get, sequence, set, type Vector, type VectorLocal } from '../../wasm/tree.ts'
import { passOver } from './channel-pass.ts'
import { sigmoid } from './sigmoid-code.ts'

/**
 * Batch normalisation, alone and with swish, over matrices of 32-bit floats [rows, channels]. `rowBytes`: the channels of one row, a multiple of 16
 * bytes; parameters named after a channel value are addresses of one float per channel.
 */

/** sums = sum over rows of x. */
const channelSums = () =>
  defineFunction('channelSums', ['x', 'rowBytes', 'size', 'sums'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x],
      kept: ['total'],
      free: [],
      load: {},
      store: { total: p.sums },
      body: ({ total }, [x], offset) =>
        set(total, f32x4.add(get(total), v128.load(get(x!), offset))),
    }),
  )

/** squares = sum over rows of (x - mean)^2. */
const channelSquares = () =>
  defineFunction('channelSquares', ['x', 'rowBytes', 'size', 'mean', 'squares'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x],
      kept: ['mean', 'total'],
      free: ['centered'],
      load: { mean: p.mean },
      store: { total: p.squares },
      body: ({ mean, total, centered }, [x], offset) =>
        sequence(
          set(centered, f32x4.sub(v128.load(get(x!), offset), get(mean))),
          set(total, f32x4.add(get(total), f32x4.mul(get(centered), get(centered)))),
        ),
    }),
  )

/** y = (x - mean) scale + shift. */
const affinePass = () =>
  defineFunction('affine', ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'y'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x, p.y],
      kept: ['mean', 'scale', 'shift'],
      free: [],
      load: { mean: p.mean, scale: p.scale, shift: p.shift },
      body: ({ mean, scale, shift }, [x, y], offset) =>
        v128.store(
          get(y!),
          affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), scale, shift),
          offset,
        ),
    }),
  )

/** dz = dy; sums = sum over rows of dz, products = sum over rows of dz (x - mean). Takes what {@link swishGradient} takes. */
const affineGradient = () =>
  defineFunction(
    'affineGradient',
    ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'dy', 'dz', 'sums', 'products'],
    (p, scope) =>
      passOver(scope, {
        ...p,
        matrices: [p.x, p.dy, p.dz],
        kept: ['mean', 'sum', 'product'],
        free: ['slope'],
        load: { mean: p.mean },
        store: { sum: p.sums, product: p.products },
        body: ({ mean, sum, product, slope }, [x, dy, dz], offset) =>
          sequence(
            set(slope, v128.load(get(dy!), offset)),
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

/** y = z sigmoid(z) with z = (x - mean) scale + shift. */
const swish = () =>
  defineFunction('swish', ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'y'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x, p.y],
      kept: ['mean', 'scale', 'shift'],
      free: ['z'],
      load: { mean: p.mean, scale: p.scale, shift: p.shift },
      body: ({ mean, scale, shift, z }, [x, y], offset) =>
        sequence(
          set(z, affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), scale, shift)),
          v128.store(get(y!), f32x4.mul(get(z), sigmoid(get(z))), offset),
        ),
    }),
  )

/**
 * dz = dy times the derivative of swish at z = (x - mean) scale + shift, which is s + z s (1 - s) for s = sigmoid(z);
 * sums = sum over rows of dz, products = sum over rows of dz (x - mean).
 */
const swishGradient = () =>
  defineFunction(
    'swishGradient',
    ['x', 'rowBytes', 'size', 'mean', 'scale', 'shift', 'dy', 'dz', 'sums', 'products'],
    (p, scope) =>
      passOver(scope, {
        ...p,
        matrices: [p.x, p.dy, p.dz],
        kept: ['mean', 'scale', 'shift', 'sum', 'product'],
        free: ['centered', 'z', 'probability', 'slope'],
        load: { mean: p.mean, scale: p.scale, shift: p.shift },
        store: { sum: p.sums, product: p.products },
        body: (registers, [x, dy, dz], offset) => {
          const { mean, scale, shift, sum, product, centered, z, probability, slope } = registers
          const s = get(probability)
          const derivative = f32x4.add(
            s,
            f32x4.mul(f32x4.mul(get(z), s), f32x4.sub(f32x4.constant(1), s)),
          )
          return sequence(
            set(centered, f32x4.sub(v128.load(get(x!), offset), get(mean))),
            set(z, affine(get(centered), scale, shift)),
            set(probability, sigmoid(get(z))),
            set(slope, f32x4.mul(v128.load(get(dy!), offset), derivative)),
            set(sum, f32x4.add(get(sum), get(slope))),
            set(product, f32x4.add(get(product), f32x4.mul(get(slope), get(centered)))),
            v128.store(get(dz!), get(slope), offset),
          )
        },
      }),
  )

/** dz becomes dz a + (x - mean) b + c. */
const combine = () =>
  defineFunction('combine', ['x', 'rowBytes', 'size', 'mean', 'dz', 'a', 'b', 'c'], (p, scope) =>
    passOver(scope, {
      ...p,
      matrices: [p.x, p.dz],
      kept: ['mean', 'a', 'b', 'c'],
      free: [],
      load: { mean: p.mean, a: p.a, b: p.b, c: p.c },
      body: ({ mean, a, b, c }, [x, dz], offset) =>
        v128.store(
          get(dz!),
          f32x4.add(
            f32x4.mul(v128.load(get(dz!), offset), get(a)),
            affine(f32x4.sub(v128.load(get(x!), offset), get(mean)), b, c),
          ),
          offset,
        ),
    }),
  )

/** x scale + shift. */
export const affine = (x: Vector, scale: VectorLocal, shift: VectorLocal): Vector =>
  f32x4.add(f32x4.mul(x, get(scale)), get(shift))

/** The functions of this file. */
export const normalizationCode = (): ExportedFunction[] =>
  [channelSums, channelSquares, affinePass, affineGradient, swish, swishGradient, combine].map(
    (write) => write(),
  )
