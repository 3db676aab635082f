/** How one number is stored. */
export type ElementType = keyof typeof BYTES

/** Values of any {@link ElementType}: 64-bit integers as 64-bit floats, half precision as 32-bit floats, `bool` as 0 and 1. */
export type NumericValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** An array of numbers as files hold them. */
export interface NumberArray {
  readonly type: ElementType
  /** Extents, the last axis the fastest; `[]` is one number. */
  readonly shape: readonly number[]
  /** As many as the product of `shape`, row-major. */
  readonly values: NumericValues
}

/** Bytes of one element. */
const BYTES = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
} as const

const HOST_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Bytes that one element of `type` takes. */
export function elementBytes(type: ElementType): number {
  return BYTES[type]
}

/** The number of elements of a shape; Infinity or an inexact number where it is beyond what a file can hold. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1)
}

/**
 * The numbers that `bytes` are: whole elements of `type`, which must be a multiple of its size. Returns the position of the
 * first one instead where a 64-bit integer is beyond 2^53, and so no exact number.
 */
export function decodeElements(
  bytes: Uint8Array,
  type: ElementType,
  isLittle: boolean,
): NumericValues | { readonly inexactAt: number } {
  const size = BYTES[type]
  if (bytes.length % size !== 0)
    throw new RangeError(`${bytes.length} bytes are no whole number of ${type}`)
  // A copy of its own: aligned, and free of the file it comes from.
  const copy = new Uint8Array(bytes)
  if (isLittle !== HOST_IS_LITTLE) swapBytes(copy, size)
  const { buffer } = copy
  switch (type) {
    case 'bool':
      return copy.map((byte) => (byte === 0 ? 0 : 1))
    case 'uint8':
      return copy
    case 'int8':
      return new Int8Array(buffer)
    case 'uint16':
      return new Uint16Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'uint64':
      return exactNumbers(new BigUint64Array(buffer))
    case 'int64':
      return exactNumbers(new BigInt64Array(buffer))
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber)
    case 'bfloat16':
      return new Float32Array(
        Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer,
      )
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return new Float64Array(buffer)
  }
}

/** The little-endian bytes of `values` as `type`: the inverse of {@link decodeElements}, without rounding to half precision. */
export function encodeElements(
  values: NumericValues,
  type: Exclude<ElementType, 'float16' | 'bfloat16'>,
): Uint8Array {
  const typed = {
    bool: () => Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
    uint8: () => new Uint8Array(values),
    int8: () => new Int8Array(values),
    uint16: () => new Uint16Array(values),
    int16: () => new Int16Array(values),
    uint32: () => new Uint32Array(values),
    int32: () => new Int32Array(values),
    uint64: () => new BigUint64Array(Array.from(values, BigInt)),
    int64: () => new BigInt64Array(Array.from(values, BigInt)),
    float32: () => new Float32Array(values),
    float64: () => new Float64Array(values),
  }[type]()
  const bytes = new Uint8Array(typed.buffer)
  if (!HOST_IS_LITTLE) swapBytes(bytes, BYTES[type])
  return bytes
}

/** Values in column-major order, the first axis the fastest, in row-major order. */
export function toRowMajor<Values extends NumericValues>(
  values: Values,
  shape: readonly number[],
): Values {
  if (shape.filter((extent) => extent !== 1).length < 2) return values
  const result = values.slice() as Values
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)))
  const index = shape.map(() => 0)
  let source = 0
  for (let position = 0; position < result.length; position++) {
    result[position] = values[source]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!
      index[axis]! += 1
      if (index[axis]! < shape[axis]!) break
      source -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return result
}

function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (size === 2) buffer.swap16()
  if (size === 4) buffer.swap32()
  if (size === 8) buffer.swap64()
}

function exactNumbers(
  integers: BigInt64Array | BigUint64Array,
): Float64Array | { readonly inexactAt: number } {
  const values = new Float64Array(integers.length)
  for (let index = 0; index < integers.length; index++) {
    values[index] = Number(integers[index]!)
    if (!Number.isSafeInteger(values[index])) return { inexactAt: index }
  }
  return values
}

/** The number that 16 bits are in IEEE half precision. */
function halfToNumber(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f
  const fraction = bits & 0x3ff
  const sign = bits >>> 15 === 1 ? -1 : 1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
