import { increase, whileFits } from '../../wasm/control.ts'
import { defineFunction, type ExportedFunction } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Statement,
  type Vector,
} from '../../wasm/tree.ts'
import { GELU_CUBIC, GELU_SCALE } from '../gelu.ts'
import { hyperbolicTangent } from './sigmoid-code.ts'
import { VECTOR } from './tile-code.ts'

/** GELU of `size` bytes of 32-bit floats, a multiple of 16. */

const one = f32x4.constant(1)
const half = f32x4.constant(0.5)

/** SCALE (1 + factor x^2). */
const bow = (x: Vector, factor: number): Vector =>
  f32x4.add(
    f32x4.constant(GELU_SCALE),
    f32x4.mul(f32x4.constant(GELU_SCALE * factor), f32x4.mul(x, x)),
  )

/** 1 + tanh(SCALE (x + CUBIC x^3)). */
const gate = (x: Vector): Vector =>
  f32x4.add(hyperbolicTangent(f32x4.mul(x, bow(x, GELU_CUBIC))), one)

/** y = x/2 gate. */
const gelu = (): ExportedFunction =>
  defineFunction('gelu', ['size', 'x', 'y'], (p, scope) => {
    const x = scope.local('v128')
    return overVectors(
      scope.local('i32'),
      p,
      ['x', 'y'],
      sequence(
        set(x, v128.load(get(p.x))),
        v128.store(get(p.y), f32x4.mul(f32x4.mul(get(x), half), gate(get(x)))),
      ),
    )
  })

/** dx = dy/2 (gate + x gate'), with gate' = gate (2 - gate) SCALE (1 + 3 CUBIC x^2). */
const geluGradient = (): ExportedFunction =>
  defineFunction('geluGradient', ['size', 'x', 'dy', 'dx'], (p, scope) => {
    const [x, opened] = [scope.local('v128'), scope.local('v128')]
    const curved = f32x4.mul(get(opened), f32x4.sub(f32x4.constant(2), get(opened)))
    const slope = f32x4.mul(f32x4.mul(get(x), bow(get(x), 3 * GELU_CUBIC)), curved)
    return overVectors(
      scope.local('i32'),
      p,
      ['x', 'dy', 'dx'],
      sequence(
        set(x, v128.load(get(p.x))),
        set(opened, gate(get(x))),
        v128.store(
          get(p.dx),
          f32x4.mul(f32x4.mul(v128.load(get(p.dy)), half), f32x4.add(get(opened), slope)),
        ),
      ),
    )
  })

function overVectors<Names extends string>(
  place: IntegerLocal,
  p: Readonly<Record<Names | 'size', IntegerLocal>>,
  moved: readonly Names[],
  turn: Statement,
): Statement {
  const step = i32.constant(VECTOR)
  return sequence(
    set(place, i32.constant(0)),
    whileFits(
      place,
      VECTOR,
      get(p.size),
      sequence(turn, ...moved.map((name) => increase(p[name], step))),
    ),
  )
}

/** The functions of this file. */
export const geluCode = (): ExportedFunction[] => [gelu(), geluGradient()]

/** Names of {@link geluCode}. */
export type GeluFunction = 'gelu' | 'geluGradient'
