import './relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import {
  conditional,
  giveBack,
  ifTrue,
  increase,
  repeatBelow,
  whileFits,
  whileTrue,
} from '../../src/wasm/control.ts'
import { encodeModule, type Encoding } from '../../src/wasm/encode.ts'
import { hasRelaxedSimd } from '../../src/wasm/features.ts'
import { defineFunction, expressionFunction, makeFunction } from '../../src/wasm/function.ts'
import { f32x4, f64x2, i32, i32x4, madd, nmadd, v128 } from '../../src/wasm/operations.ts'
import { call, get, sequence, set, type Vector } from '../../src/wasm/tree.ts'
import { FREE, instantiate } from './instantiate.ts'

const encodings: readonly Encoding[] = [{ relaxed: false }, { relaxed: true }]

/** What is stored for a vector. */
function evaluate(write: (at: Vector) => Vector, values: readonly number[], encoding: Encoding) {
  const { memory, functions } = instantiate(
    [defineFunction('run', ['at'], ({ at }) => v128.store(get(at), write(v128.load(get(at))), 16))],
    encoding,
  )
  const floats = new Float32Array(memory.buffer, FREE)
  floats.set(values)
  functions['run']!(FREE)
  return [...floats.slice(4, 8)]
}

describe.each(encodings)('encoded with %o', (encoding) => {
  test('constants: repeated, mixed, zeros and ones', () => {
    const mixed: Vector = {
      kind: 'constant',
      type: 'v128',
      bytes: new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer),
    }
    const sum = (x: Vector): Vector =>
      [f32x4.constant(0.5), f32x4.constant(0), f32x4.constant(8), mixed].reduce(f32x4.add, x)
    expect(evaluate(sum, [1, 2, 3, 4], encoding)).toEqual([10.5, 12.5, 14.5, 16.5])
    const wide = (): Vector => f32x4.demote_f64x2_zero(f64x2.constant(1 / 3))
    expect(evaluate(wide, [], encoding)).toEqual([1 / 3, 1 / 3, 0, 0].map(Math.fround))
    const masked = (x: Vector): Vector => v128.xor(x, i32x4.constant(-1))
    const bits = new Int32Array(new Float32Array(evaluate(masked, [1, 2, 3, 4], encoding)).buffer)
    expect([...bits]).toEqual(
      [1, 2, 3, 4].map((x) => ~new Int32Array(new Float32Array([x]).buffer)[0]!),
    )
  })

  test('multiplications and additions', () => {
    const both = (x: Vector): Vector =>
      nmadd.f32x4(x, x, madd.f32x4(x, f32x4.constant(3), f32x4.constant(100)))
    expect(evaluate(both, [1, 2, 3, 4], encoding)).toEqual([102, 102, 100, 96])
    const double = (x: Vector): Vector => {
      const wide = f64x2.promote_low_f32x4(x)
      return f32x4.demote_f64x2_zero(nmadd.f64x2(wide, wide, madd.f64x2(wide, wide, wide)))
    }
    expect(evaluate(double, [1, 2], encoding)).toEqual([1, 2, 0, 0])
  })

  test('functions call functions, which stand in the module once', () => {
    const square = expressionFunction(['v128'], 'v128', (x) => f32x4.mul(x, x))
    const fourth = expressionFunction(['v128'], 'v128', (x) => call(square, call(square, x)))
    const sum = (x: Vector): Vector => f32x4.add(call(fourth, x), call(square, x))
    expect(evaluate(sum, [0, 1, 2, 3], encoding)).toEqual([0, 2, 20, 90])
    const compiled = new WebAssembly.Module(
      encodeModule([{ name: 'fourth', definition: fourth }], encoding),
    )
    expect(WebAssembly.Module.exports(compiled).map(({ name }) => name)).toEqual(['fourth'])
  })
})

test('what stands at several places of a statement is computed once', () => {
  let x: Vector = f32x4.constant(1)
  // Written out, this would be 2^40 additions.
  for (let index = 0; index < 40; index++) x = f32x4.add(x, x)
  expect(evaluate((y) => f32x4.add(x, y), [1, 0, 0, 0], {})).toEqual(
    [2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40].map(Math.fround),
  )
})

test('of two values only one is computed', () => {
  const loop = makeFunction(['i32'], 'i32', (scope, n) => {
    const turns = scope.local('i32')
    return sequence(
      whileTrue(i32.lt_u(get(turns), get(n)), increase(turns, i32.constant(1))),
      giveBack(get(turns)),
    )
  })
  const shared = i32.mul(i32.constant(3), i32.constant(5))
  const definition = expressionFunction(['i32'], 'i32', (x) => {
    const twice = i32.add(x, x)
    const slow = call(loop, i32.constant(-1))
    const sum = i32.add(i32.add(twice, shared), shared)
    const both = conditional(i32.lt_u(x, i32.constant(100)), sum, i32.add(slow, twice))
    return i32.add(both, i32.add(shared, i32.add(twice, sum)))
  })
  const { functions } = instantiate([{ name: 'run', definition }])
  expect(functions['run']!(7)).toBe(14 + 30 + 15 + 14 + 14 + 30)
})

test('statements compute their nodes anew', () => {
  const next = defineFunction('run', ['at'], ({ at }, scope) => {
    const counter = scope.local('i32')
    const value = i32.add(get(counter), i32.constant(1))
    return sequence(
      set(counter, value),
      set(counter, value),
      i32.store(get(at), i32.add(value, value)),
    )
  })
  const { memory, functions } = instantiate([next])
  functions['run']!(FREE)
  expect(new Int32Array(memory.buffer, FREE)[0]).toBe(6)
})

test('loops and branches', () => {
  const pointer = defineFunction('run', ['n', 'at'], ({ n, at }, scope) => {
    const [a, b, c, d] = scope.locals('i32', 4) as [typeof n, typeof n, typeof n, typeof n]
    return sequence(
      whileFits(a, 3, get(n), increase(b, i32.constant(1))),
      repeatBelow(c, get(n), increase(c, i32.constant(4))),
      whileTrue(i32.lt_u(get(d), get(n)), increase(d, i32.constant(5))),
      i32.store(get(at), get(a)),
      i32.store(get(at), get(b), 4),
      i32.store(get(at), get(c), 8),
      i32.store(get(at), get(d), 12),
    )
  })
  const { memory, functions } = instantiate([pointer])
  const turns = (n: number): number[] => {
    functions['run']!(n, FREE)
    return [...new Int32Array(memory.buffer, FREE, 4)]
  }
  expect(turns(0)).toEqual([0, 0, 4, 0])
  expect(turns(2)).toEqual([0, 0, 4, 5])
  expect(turns(7)).toEqual([6, 2, 8, 10])
  expect(turns(9)).toEqual([9, 3, 12, 10])
})

test('a function may give its result early', () => {
  const definition = makeFunction(['i32'], 'i32', (_, x) =>
    sequence(
      ifTrue(i32.gt_u(get(x), i32.constant(10)), giveBack(i32.constant(-1))),
      giveBack(get(x)),
    ),
  )
  const { functions } = instantiate([{ name: 'run', definition }])
  expect([3, 10, 11].map((x) => functions['run']!(x))).toEqual([3, 10, -1])
})

test('the engine of these tests knows relaxed SIMD', () => {
  expect(hasRelaxedSimd()).toBe(true)
})
