import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineFunction } from '../../src/wasm/function.ts'
import {
  f32x4,
  f64x2,
  i32,
  i32x4,
  i64x2,
  lanes32,
  shuffle,
  v128,
} from '../../src/wasm/operations.ts'
import { get, type Statement, type Vector } from '../../src/wasm/tree.ts'
import { FREE, instantiate } from './instantiate.ts'

/** Kinds of lanes: how numbers come out of a vector's bytes, and go in. */
const arrays = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
} as const
type Lane = keyof typeof arrays

const OPERANDS = 3
const RESULT = FREE + 16 * OPERANDS

/** The bytes of a result, from the bytes of three vectors. */
function runner(write: (...vectors: [Vector, Vector, Vector]) => Statement) {
  const { memory, functions } = instantiate([
    defineFunction('run', ['at'], ({ at }) =>
      write(v128.load(get(at)), v128.load(get(at), 16), v128.load(get(at), 32)),
    ),
  ])
  const bytes = new Uint8Array(memory.buffer)
  return (vectors: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
    vectors.forEach((vector, index) => bytes.set(vector, FREE + 16 * index))
    functions['run']!(FREE)
    return new Uint8Array(bytes.slice(RESULT, RESULT + 16))
  }
}

const vectors = fc.tuple(
  ...[0, 1, 2].map(() =>
    fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc
        .array(fc.float(), { minLength: 4, maxLength: 4 })
        .map((lanes) => new Uint8Array(new Float32Array(lanes).buffer)),
      fc
        .array(fc.double(), { minLength: 2, maxLength: 2 })
        .map((lanes) => new Uint8Array(new Float64Array(lanes).buffer)),
      fc
        .array(fc.integer({ min: -3, max: 3 }), { minLength: 4, maxLength: 4 })
        .map((lanes) => new Uint8Array(new Float32Array(lanes.map((lane) => lane / 2)).buffer)),
    ),
  ),
)

const lanesOf = (kind: Lane, bytes: Uint8Array): (number | bigint)[] => [
  ...new arrays[kind](bytes.slice().buffer),
]

/** Lanes from lanes: of operand after operand, each lane on its own. */
function laneWise(
  from: Lane,
  to: Lane,
  reference: (...lanes: never[]) => number | bigint,
): (operands: readonly Uint8Array[]) => (number | bigint)[] {
  return (operands) => {
    const lanes = operands.map((bytes) => lanesOf(from, bytes))
    const results = lanes[0]!.map((_, lane) =>
      (reference as (...each: unknown[]) => number | bigint)(...lanes.map((each) => each[lane])),
    )
    const array = new arrays[to](results.length) as unknown as (number | bigint)[]
    results.forEach((result, lane) => (array[lane] = result))
    return [...array]
  }
}

interface Case {
  readonly build: (a: Vector, b: Vector, c: Vector) => Vector
  readonly result: Lane
  readonly reference: (operands: readonly Uint8Array[]) => (number | bigint)[]
}

const lanes = (
  build: Case['build'],
  from: Lane,
  reference: (...lanes: never[]) => number | bigint,
  to: Lane = from,
): Case => ({ build, result: to, reference: laneWise(from, to, reference) })

/** Half-way cases go to the even number. */
const nearest = (x: number): number => {
  const floor = Math.floor(x)
  if (x - floor !== 0.5) return Math.abs(x) < 2 ** 52 && x < 0 ? -Math.round(-x) : Math.round(x)
  return floor % 2 === 0 ? (floor === 0 ? 0 * x : floor) : floor + 1 === 0 ? -0 : floor + 1
}

const floats = {
  eq: (a: number, b: number) => -Number(a === b),
  ne: (a: number, b: number) => -Number(a !== b),
  lt: (a: number, b: number) => -Number(a < b),
  gt: (a: number, b: number) => -Number(a > b),
  le: (a: number, b: number) => -Number(a <= b),
  ge: (a: number, b: number) => -Number(a >= b),
  floor: Math.floor,
  trunc: Math.trunc,
  nearest,
  abs: Math.abs,
  neg: (x: number) => -x,
  sqrt: Math.sqrt,
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  pmin: (a: number, b: number) => (b < a ? b : a),
  pmax: (a: number, b: number) => (a < b ? b : a),
}
const comparisons = new Set(['eq', 'ne', 'lt', 'gt', 'le', 'ge'])

type FloatName = keyof typeof floats

const ofFloats = (
  from: 'f32' | 'f64',
  operations: Readonly<Record<FloatName, (...vectors: [Vector, Vector]) => Vector>>,
): Record<FloatName, Case> =>
  Object.fromEntries(
    (Object.keys(floats) as FloatName[]).map((name) => {
      const to = comparisons.has(name) ? (from === 'f32' ? 'i32' : 'i64') : from
      const reference = floats[name] as (...each: never[]) => number
      const whole = to === 'i64' ? (...each: never[]) => BigInt(reference(...each)) : reference
      return [name, lanes(operations[name], from, whole, to)]
    }),
  ) as Record<FloatName, Case>

const halves = (from: Lane, to: Lane, count: number): Case['reference'] => {
  return ([a]) => {
    const kept = lanesOf(from, a!).slice(0, count).map(Number)
    const all = new arrays[to](16 / arrays[to].BYTES_PER_ELEMENT) as Float32Array
    kept.forEach((value, index) => (all[index] = value))
    return [...all]
  }
}

const bitOf = (word: bigint, other: bigint, mask: bigint): bigint => (word & mask) | (other & ~mask)

const products = (first: number): Case['reference'] => {
  return ([a, b]) => {
    const [left, right] = [lanesOf('u32', a!), lanesOf('u32', b!)]
    return [first, first + 1].map((lane) => BigInt(left[lane]!) * BigInt(right[lane]!))
  }
}

interface Groups {
  readonly v128: typeof v128
  readonly f32x4: typeof f32x4
  readonly f64x2: typeof f64x2
  readonly i32x4: typeof i32x4
  readonly i64x2: typeof i64x2
}

const shifted = (count: number) => i32.constant(count)

/** What every instruction on vectors gives; the types ask for all of them. */
const cases = {
  v128: {
    not: lanes(v128.not, 'u64', (a: bigint) => BigInt.asUintN(64, ~a)),
    and: lanes(v128.and, 'u64', (a: bigint, b: bigint) => a & b),
    andnot: lanes(v128.andnot, 'u64', (a: bigint, b: bigint) => a & ~b),
    or: lanes(v128.or, 'u64', (a: bigint, b: bigint) => a | b),
    xor: lanes(v128.xor, 'u64', (a: bigint, b: bigint) => a ^ b),
    bitselect: lanes(v128.bitselect, 'u64', bitOf),
    any_true: {
      build: (a) => i32x4.splat(v128.any_true(a)),
      result: 'i32',
      reference: ([a]) => Array(4).fill(Number(a!.some((byte) => byte !== 0))),
    },
    load: lanes(
      (a) => a,
      'u64',
      (a: bigint) => a,
    ),
    load32_splat: {
      build: () => v128.load32_splat(i32.constant(FREE), 4),
      result: 'u32',
      reference: ([a]) => Array(4).fill(lanesOf('u32', a!)[1]),
    },
    load64_splat: {
      build: () => v128.load64_splat(i32.constant(FREE), 8),
      result: 'u64',
      reference: ([a]) => Array(2).fill(lanesOf('u64', a!)[1]),
    },
  },
  f32x4: {
    ...ofFloats('f32', f32x4),
    ceil: lanes(f32x4.ceil, 'f32', Math.ceil),
    min: lanes(f32x4.min, 'f32', (a: number, b: number) => Math.min(a, b)),
    max: lanes(f32x4.max, 'f32', (a: number, b: number) => Math.max(a, b)),
    splat: {
      build: (a) => f32x4.splat(f32x4.extract_lane(a, 2)),
      result: 'f32',
      reference: ([a]) => Array(4).fill(lanesOf('f32', a!)[2]),
    },
    demote_f64x2_zero: {
      build: f32x4.demote_f64x2_zero,
      result: 'f32',
      reference: halves('f64', 'f32', 2),
    },
    convert_i32x4_s: lanes(f32x4.convert_i32x4_s, 'i32', (a: number) => a, 'f32'),
    convert_i32x4_u: lanes(f32x4.convert_i32x4_u, 'u32', (a: number) => a, 'f32'),
  },
  f64x2: {
    ...ofFloats('f64', f64x2),
    splat: {
      build: (a) => f64x2.splat(f64x2.extract_lane(a, 1)),
      result: 'f64',
      reference: ([a]) => Array(2).fill(lanesOf('f64', a!)[1]),
    },
    promote_low_f32x4: {
      build: f64x2.promote_low_f32x4,
      result: 'f64',
      reference: halves('f32', 'f64', 2),
    },
    convert_low_i32x4_s: {
      build: f64x2.convert_low_i32x4_s,
      result: 'f64',
      reference: halves('i32', 'f64', 2),
    },
    convert_low_i32x4_u: {
      build: f64x2.convert_low_i32x4_u,
      result: 'f64',
      reference: halves('u32', 'f64', 2),
    },
  },
  i32x4: {
    splat: {
      build: (a) => i32x4.splat(i32x4.extract_lane(a, 3)),
      result: 'i32',
      reference: ([a]) => Array(4).fill(lanesOf('i32', a!)[3]),
    },
    eq: lanes(i32x4.eq, 'i32', (a: number, b: number) => -Number(a === b)),
    lt_s: lanes(i32x4.lt_s, 'i32', (a: number, b: number) => -Number(a < b)),
    gt_s: lanes(i32x4.gt_s, 'i32', (a: number, b: number) => -Number(a > b)),
    shl: lanes(
      (a) => i32x4.shl(a, shifted(5)),
      'i32',
      (a: number) => a << 5,
    ),
    shr_s: lanes(
      (a) => i32x4.shr_s(a, shifted(5)),
      'i32',
      (a: number) => a >> 5,
    ),
    shr_u: lanes(
      (a) => i32x4.shr_u(a, shifted(5)),
      'u32',
      (a: number) => a >>> 5,
    ),
    add: lanes(i32x4.add, 'i32', (a: number, b: number) => (a + b) | 0),
    sub: lanes(i32x4.sub, 'i32', (a: number, b: number) => (a - b) | 0),
    mul: lanes(i32x4.mul, 'i32', Math.imul),
    max_u: lanes(i32x4.max_u, 'u32', (a: number, b: number) => Math.max(a, b)),
  },
  i64x2: {
    shl: lanes(
      (a) => i64x2.shl(a, shifted(52)),
      'u64',
      (a: bigint) => BigInt.asUintN(64, a << 52n),
    ),
    shr_u: lanes(
      (a) => i64x2.shr_u(a, shifted(52)),
      'u64',
      (a: bigint) => a >> 52n,
    ),
    add: lanes(i64x2.add, 'u64', (a: bigint, b: bigint) => BigInt.asUintN(64, a + b)),
    sub: lanes(i64x2.sub, 'u64', (a: bigint, b: bigint) => BigInt.asUintN(64, a - b)),
    extmul_low_i32x4_u: { build: i64x2.extmul_low_i32x4_u, result: 'u64', reference: products(0) },
    extmul_high_i32x4_u: {
      build: i64x2.extmul_high_i32x4_u,
      result: 'u64',
      reference: products(2),
    },
  },
} satisfies {
  [Type in keyof Groups]: Record<
    Exclude<keyof Groups[Type], 'constant' | 'store' | 'extract_lane'>,
    Case
  >
}

describe.each(Object.entries(cases))('%s', (_, group) => {
  test.each(Object.entries<Case>(group))('%s', (__, { build, result, reference }) => {
    const run = runner((a, b, c) => v128.store(i32.constant(RESULT), build(a, b, c)))
    fc.assert(
      fc.property(vectors, (operands) => {
        expect(lanesOf(result, run(operands))).toEqual(reference(operands))
      }),
      { numRuns: 300 },
    )
  })
})

test('shuffle', () => {
  const places = [...lanes32(3, 4), 31, 0, 17, 5, 9, 9, 30, 1]
  const run = runner((a, b) => v128.store(i32.constant(RESULT), shuffle(a, b, places)))
  fc.assert(
    fc.property(vectors, ([a, b, c]) => {
      const both = [...a!, ...b!]
      expect([...run([a!, b!, c!])]).toEqual(places.map((place) => both[place]))
    }),
  )
})
