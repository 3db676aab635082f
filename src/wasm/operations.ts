import { unsigned } from './bytes.ts'
import type { Constant, Expression, Operation, Statement, ValueType, Vector } from './tree.ts'

/**
 * The instructions, by the type that gives them their name: each is a function from operands to the tree. Names are those of
 * the specification (WebAssembly Core Specification 2.0, section 5.4). Alignment is a hint only, so none is given.
 */

type Operands<Types extends readonly ValueType[]> = {
  readonly [Index in keyof Types]: Expression<Types[Index]>
}

/** An instruction without immediates. */
type Instruction<Takes extends readonly ValueType[], Gives extends ValueType> = (
  ...operands: Operands<Takes>
) => Operation<Gives>

const instruction =
  <const Takes extends readonly ValueType[], Gives extends ValueType>(
    opcode: readonly number[],
    takes: Takes,
    gives: Gives,
  ): Instruction<Takes, Gives> =>
  // Functions of JavaScript take more arguments than they name.
  (...operands) => ({
    kind: 'operation',
    type: gives,
    opcode,
    operands: operands.slice(0, takes.length),
    immediates: [],
  })

const simd = (opcode: number): readonly number[] => [0xfd, ...unsigned(opcode)]

const unary = <Type extends ValueType>(type: Type, ...opcode: readonly number[]) =>
  instruction(opcode, [type], type)
const binary = <Type extends ValueType>(type: Type, ...opcode: readonly number[]) =>
  instruction(opcode, [type, type], type)
const comparison = <Type extends ValueType>(type: Type, ...opcode: readonly number[]) =>
  instruction(opcode, [type, type], 'i32')
const unaryVector = (opcode: number) => unary('v128', ...simd(opcode))
const binaryVector = (opcode: number) => binary('v128', ...simd(opcode))
/** A shift of all lanes by the same number of bits. */
const shift = (opcode: number) => instruction(simd(opcode), ['v128', 'i32'], 'v128')
const splat = <Type extends ValueType>(type: Type, opcode: number) =>
  instruction(simd(opcode), [type], 'v128')

/** A value from memory at `address` + `offset`, in bytes. */
type Load<Type extends ValueType> = (address: Expression<'i32'>, offset?: number) => Operation<Type>

const load =
  <Type extends ValueType>(type: Type, ...opcode: readonly number[]): Load<Type> =>
  (address, offset = 0) => ({
    kind: 'operation',
    type,
    opcode,
    operands: [address],
    immediates: [0, ...unsigned(offset)],
  })

/** Writes a value to memory at `address` + `offset`, in bytes. */
type Store<Type extends ValueType> = (
  address: Expression<'i32'>,
  value: Expression<Type>,
  offset?: number,
) => Statement

const store =
  <Type extends ValueType>(_type: Type, ...opcode: readonly number[]): Store<Type> =>
  (address, value, offset = 0) => ({
    kind: 'effect',
    opcode,
    operands: [address, value as Expression],
    immediates: [0, ...unsigned(offset)],
  })

/** One lane of a vector. */
const extract =
  <Type extends ValueType>(type: Type, opcode: number) =>
  (value: Vector, lane: number): Operation<Type> => ({
    kind: 'operation',
    type,
    opcode: simd(opcode),
    operands: [value],
    immediates: [lane],
  })

const constant = <Type extends ValueType>(
  type: Type,
  bytes: ArrayBufferView<ArrayBuffer>,
): Constant<Type> => ({
  kind: 'constant',
  type,
  bytes: new Uint8Array(bytes.buffer),
})

/** 32-bit integers and addresses. */
export const i32 = {
  constant: (value: number): Constant<'i32'> => constant('i32', new Int32Array([value])),
  load: load('i32', 0x28),
  store: store('i32', 0x36),
  eqz: instruction([0x45], ['i32'], 'i32'),
  eq: comparison('i32', 0x46),
  lt_s: comparison('i32', 0x48),
  lt_u: comparison('i32', 0x49),
  gt_u: comparison('i32', 0x4b),
  ge_u: comparison('i32', 0x4f),
  add: binary('i32', 0x6a),
  sub: binary('i32', 0x6b),
  mul: binary('i32', 0x6c),
  and: binary('i32', 0x71),
  or: binary('i32', 0x72),
  xor: binary('i32', 0x73),
  shl: binary('i32', 0x74),
  shr_u: binary('i32', 0x76),
  rotl: binary('i32', 0x77),
}

/** 32-bit floats. */
export const f32 = {
  constant: (value: number): Constant<'f32'> => constant('f32', new Float32Array([value])),
  load: load('f32', 0x2a),
  store: store('f32', 0x38),
  demote: instruction([0xb6], ['f64'], 'f32'),
}

/** 64-bit floats. */
export const f64 = {
  constant: (value: number): Constant<'f64'> => constant('f64', new Float64Array([value])),
  load: load('f64', 0x2b),
  promote: instruction([0xbb], ['f32'], 'f64'),
}

/** Vectors of whatever lanes. */
export const v128 = {
  load: load('v128', ...simd(0x00)),
  load32_splat: load('v128', ...simd(0x09)),
  load64_splat: load('v128', ...simd(0x0a)),
  store: store('v128', ...simd(0x0b)),
  not: unaryVector(0x4d),
  and: binaryVector(0x4e),
  /** The bits of the first that the second does not have. */
  andnot: binaryVector(0x4f),
  or: binaryVector(0x50),
  xor: binaryVector(0x51),
  /** The bits of the first operand where the third has ones, of the second elsewhere. */
  bitselect: instruction(simd(0x52), ['v128', 'v128', 'v128'], 'v128'),
  any_true: instruction(simd(0x53), ['v128'], 'i32'),
}

/** Four 32-bit floats. Comparisons give all ones where they hold. */
export const f32x4 = {
  /** The same constant four times. */
  constant: (value: number): Constant<'v128'> => constant('v128', new Float32Array(4).fill(value)),
  splat: splat('f32', 0x13),
  extract_lane: extract('f32', 0x1f),
  eq: binaryVector(0x41),
  ne: binaryVector(0x42),
  lt: binaryVector(0x43),
  gt: binaryVector(0x44),
  le: binaryVector(0x45),
  ge: binaryVector(0x46),
  ceil: unaryVector(0x67),
  floor: unaryVector(0x68),
  trunc: unaryVector(0x69),
  /** To the nearest whole number, the even one of two. */
  nearest: unaryVector(0x6a),
  abs: unaryVector(0xe0),
  neg: unaryVector(0xe1),
  sqrt: unaryVector(0xe3),
  add: binaryVector(0xe4),
  sub: binaryVector(0xe5),
  mul: binaryVector(0xe6),
  div: binaryVector(0xe7),
  /** The smaller: NaN if either is, -0 below 0. */
  min: binaryVector(0xe8),
  max: binaryVector(0xe9),
  /** b < a ? b : a, so that a NaN in a stays; one instruction where `min` takes several. */
  pmin: binaryVector(0xea),
  /** a < b ? b : a, so that a NaN in a stays. */
  pmax: binaryVector(0xeb),
  /** Of two 64-bit floats, behind which stand two zeros. */
  demote_f64x2_zero: unaryVector(0x5e),
  convert_i32x4_s: unaryVector(0xfa),
  convert_i32x4_u: unaryVector(0xfb),
}

/** Two 64-bit floats. */
export const f64x2 = {
  constant: (value: number): Constant<'v128'> => constant('v128', new Float64Array(2).fill(value)),
  splat: splat('f64', 0x14),
  extract_lane: extract('f64', 0x21),
  eq: binaryVector(0x47),
  ne: binaryVector(0x48),
  lt: binaryVector(0x49),
  gt: binaryVector(0x4a),
  le: binaryVector(0x4b),
  ge: binaryVector(0x4c),
  floor: unaryVector(0x75),
  trunc: unaryVector(0x7a),
  nearest: unaryVector(0x94),
  abs: unaryVector(0xec),
  neg: unaryVector(0xed),
  sqrt: unaryVector(0xef),
  add: binaryVector(0xf0),
  sub: binaryVector(0xf1),
  mul: binaryVector(0xf2),
  div: binaryVector(0xf3),
  pmin: binaryVector(0xf6),
  pmax: binaryVector(0xf7),
  /** Of the first two of four 32-bit floats. */
  promote_low_f32x4: unaryVector(0x5f),
  convert_low_i32x4_s: unaryVector(0xfe),
  convert_low_i32x4_u: unaryVector(0xff),
}

/** Four 32-bit integers. */
export const i32x4 = {
  constant: (value: number): Constant<'v128'> => constant('v128', new Int32Array(4).fill(value)),
  splat: splat('i32', 0x11),
  extract_lane: extract('i32', 0x1b),
  eq: binaryVector(0x37),
  lt_s: binaryVector(0x39),
  gt_s: binaryVector(0x3b),
  shl: shift(0xab),
  shr_s: shift(0xac),
  shr_u: shift(0xad),
  add: binaryVector(0xae),
  sub: binaryVector(0xb1),
  mul: binaryVector(0xb5),
  /** The larger of unsigned integers. */
  max_u: binaryVector(0xb9),
}

/** Two 64-bit integers. */
export const i64x2 = {
  constant: (value: bigint): Constant<'v128'> => constant('v128', new BigInt64Array(2).fill(value)),
  shl: shift(0xcb),
  shr_u: shift(0xcd),
  add: binaryVector(0xce),
  sub: binaryVector(0xd1),
  /** The products of the lower or upper two of four unsigned 32-bit integers. */
  extmul_low_i32x4_u: binaryVector(0xde),
  extmul_high_i32x4_u: binaryVector(0xdf),
}

/** The bytes of the two vectors at those places, counted through both. */
export const shuffle = (a: Vector, b: Vector, places: readonly number[]): Vector => ({
  kind: 'operation',
  type: 'v128',
  opcode: simd(0x0d),
  operands: [a, b],
  immediates: places,
})

/** The places of the bytes of 32-bit lanes. */
export const lanes32 = (...lanes: readonly number[]): readonly number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))

/** a b + c, or c - a b where `negated`: rounded once or twice. */
const multiplyAdd =
  (lanes: 'f32x4' | 'f64x2', negated: boolean) =>
  (a: Vector, b: Vector, c: Vector): Vector => ({
    kind: 'multiply-add',
    type: 'v128',
    lanes,
    negated,
    operands: [a, b, c],
  })

/** a b + c, lane by lane, rounded once or twice. */
export const madd = {
  f32x4: multiplyAdd('f32x4', false),
  f64x2: multiplyAdd('f64x2', false),
}

/** c - a b, lane by lane, rounded once or twice. */
export const nmadd = {
  f32x4: multiplyAdd('f32x4', true),
  f64x2: multiplyAdd('f64x2', true),
}

/** The instructions that a multiplication and addition become with relaxed SIMD. */
export const RELAXED = {
  f32x4: { madd: simd(0x105), nmadd: simd(0x106) },
  f64x2: { madd: simd(0x107), nmadd: simd(0x108) },
} as const

/** Copies `size` bytes. */
export const copyMemory = (
  to: Expression<'i32'>,
  from: Expression<'i32'>,
  size: Expression<'i32'>,
): Statement => ({
  kind: 'effect',
  opcode: [0xfc, 10],
  operands: [to, from, size],
  immediates: [0, 0],
})

/** Sets `size` bytes to zero. */
export const clearMemory = (to: Expression<'i32'>, size: Expression<'i32'>): Statement => ({
  kind: 'effect',
  opcode: [0xfc, 11],
  operands: [to, i32.constant(0), size],
  immediates: [0],
})
