import { readDataFile, type DataResult } from '../data-file.ts'
import {
  decodeElements,
  elementBytes,
  elementCount,
  toRowMajor,
  type ElementType,
  type NumberArray,
} from './number-array.ts'

/** Bytes read in order. Every read is checked against their end: what a header promises is never allocated before. */
export interface ByteReader {
  readonly length: number
  readonly isLittle: boolean
  /** Where the next read begins. */
  readonly position: () => number
  /** Bytes from there to the end. */
  readonly left: () => number
  /** Goes to a position from 0 to the end. */
  readonly seek: (position: number, what: string) => void
  /** The next `count` bytes, not copied. `what` they are is said where they are missing. */
  readonly bytes: (count: number, what: string) => Uint8Array
  readonly uint16: (what: string) => number
  readonly uint32: (what: string) => number
  /** Fails where it is above 2^53. */
  readonly uint64: (what: string) => number
  /** The next bytes as ASCII; others become characters from U+0080. */
  readonly ascii: (count: number, what: string) => string
  /** The numbers of an array, in as many bytes as its shape asks for. */
  readonly array: (
    type: ElementType,
    shape: readonly number[],
    storage?: ArrayStorage,
  ) => NumberArray
  /** Throws what a file that is not right is told by. At the position, unless `at` says where. */
  readonly fail: (problem: string, at?: number) => never
}

/** How the numbers of an array follow each other, where that is not row-major in the byte order of the reader. */
export interface ArrayStorage {
  readonly isColumnMajor?: boolean
  readonly isLittle?: boolean
}

/** What files of a format are. */
export interface FileFormat {
  /** `an array as numpy.save writes it`. */
  readonly expected: string
  /** How to get a good one. */
  readonly remedy: string
}

interface Damage extends Error {
  readonly damage: string
}

const isDamage = (error: unknown): error is Damage => error instanceof Error && 'damage' in error

/** Throws what {@link readFormat} tells as a problem of the file. */
export function damaged(problem: string): never {
  throw Object.assign(new Error(problem), { damage: problem })
}

/**
 * A file's bytes through `parse`, which may fail by its reader or by {@link damaged}; gzip is taken off first. Problems in
 * binary data begin with the byte they are at.
 */
export function readFormat<T>(
  path: string,
  format: FileFormat,
  parse: (bytes: Uint8Array) => T,
): DataResult<T> {
  const fail = (problem: string): DataResult<T> => ({
    ok: false,
    problem: { path, problem, ...format },
  })
  const bytes = readDataFile(path)
  if (typeof bytes === 'string') return fail(bytes)
  try {
    return { ok: true, value: parse(bytes) }
  } catch (error) {
    if (isDamage(error)) return fail(error.damage)
    throw error
  }
}

/** A reader of `bytes`. `within` says where they are from when that is not the file itself: offsets count inside them. */
export function createByteReader(bytes: Uint8Array, isLittle = true, within = ''): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let position = 0
  const fail = (problem: string, at = position): never =>
    damaged(`is damaged at byte ${at}${within}: ${problem}`)
  const take = (count: number, what: string): number => {
    const left = bytes.length - position
    if (count > left)
      fail(`${what} should have ${count} bytes, and ${left === 0 ? 'none is' : `${left} are`} left`)
    const start = position
    position += count
    return start
  }
  return {
    length: bytes.length,
    isLittle,
    position: () => position,
    left: () => bytes.length - position,
    seek: (target, what) => {
      if (target > bytes.length || target < 0)
        fail(`${what} should be at byte ${target} of ${bytes.length}`)
      position = target
    },
    bytes: (count, what) => {
      const start = take(count, what)
      return bytes.subarray(start, start + count)
    },
    uint16: (what) => view.getUint16(take(2, what), isLittle),
    uint32: (what) => view.getUint32(take(4, what), isLittle),
    uint64: (what) => {
      const start = take(8, what)
      const value = Number(view.getBigUint64(start, isLittle))
      return Number.isSafeInteger(value) ? value : fail(`${what} is beyond 2^53`, start)
    },
    ascii: (count, what) => {
      const start = take(count, what)
      return Buffer.from(bytes.buffer, bytes.byteOffset + start, count).toString('latin1')
    },
    array: (type, shape, { isColumnMajor = false, isLittle: isOwnLittle = isLittle } = {}) => {
      const size = elementBytes(type)
      const start = take(elementCount(shape) * size, `an array of ${describeArray(type, shape)}`)
      const values = decodeElements(bytes.subarray(start, position), type, isOwnLittle)
      if ('inexactAt' in values)
        return fail('an integer is beyond 2^53', start + values.inexactAt * size)
      return { type, shape, values: isColumnMajor ? toRowMajor(values, shape) : values }
    },
    fail,
  }
}

/** `float32 [2, 3]`. */
export function describeArray(type: ElementType, shape: readonly number[]): string {
  return `${type} [${shape.join(', ')}]`
}
