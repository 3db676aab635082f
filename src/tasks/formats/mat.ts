import { inflateSync } from 'node:zlib'
import { MOST_DECOMPRESSED, type DataResult } from '../data-file.ts'
import {
  createByteReader,
  damaged,
  readFormat,
  type ByteReader,
  type FileFormat,
} from './byte-reader.ts'
import { elementBytes, elementCount, type ElementType, type NumberArray } from './number-array.ts'

/** MATLAB's MAT-files of version 5, "MAT-File Format" (The MathWorks). */
export const MAT: FileFormat = {
  expected: 'variables as MATLAB writes them with -v6 or -v7, or scipy.io.savemat',
  remedy: "write it again with save(PATH, '-v7') in MATLAB or scipy.io.savemat in Python",
}

/** The value of a variable. Lists are in column-major order, the first axis the fastest; numbers are row-major. */
export type MatValue =
  | ({ readonly kind: 'numbers' } & NumberArray)
  /** A text for each row. */
  | { readonly kind: 'text'; readonly rows: readonly string[] }
  | {
      readonly kind: 'cell'
      readonly shape: readonly number[]
      readonly values: readonly MatValue[]
    }
  /** An array of records: for every field the values of all records. */
  | {
      readonly kind: 'struct'
      readonly shape: readonly number[]
      readonly fields: ReadonlyMap<string, readonly MatValue[]>
    }
  /** What is there, and is not read: `sparse matrix`. */
  | { readonly kind: 'other'; readonly what: string }

/** How elements of data are stored, by their number in the format. */
const STORED: Readonly<Record<number, ElementType>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
}
const MATRIX = 14
const COMPRESSED = 15
const UTF8 = 16
const UTF16 = 17

const CELL = 1
const STRUCT = 2
const CHARACTERS = 4
/** Classes of arrays of numbers. Their elements may be stored in a smaller type. */
const NUMBERS: Readonly<Record<number, ElementType>> = {
  6: 'float64',
  7: 'float32',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
}
const OTHERS: Readonly<Record<number, string>> = {
  3: 'object',
  5: 'sparse matrix',
  16: 'function',
  17: 'object',
}
const COMPLEX = 0x0800
const LOGICAL = 0x0200

const HEADER_BYTES = 128
/** Cells and structs inside each other. */
const DEEPEST = 32
const MOST_AXES = 32
/** What compression by deflate gains at most: 258 bytes from two bits. */
const MOST_GAIN = 1032

/** Reads the variables of a `.mat` file by name. */
export function readMat(path: string): DataResult<ReadonlyMap<string, MatValue>> {
  return readFormat(path, MAT, (bytes) => {
    const reader = readFileHeader(bytes)
    const variables = new Map<string, MatValue>()
    while (reader.left() > 0) {
      const start = reader.position()
      const { type, content } = readElement(reader)
      const matrix =
        type === COMPRESSED
          ? inflateMatrix(content, start, reader.isLittle)
          : type === MATRIX
            ? subReader(content, reader, start)
            : reader.fail(`an element of type ${type} is no variable`, start)
      const { name, value } = readMatrix(matrix, 0)
      // What MATLAB writes for its own classes has no name.
      if (name !== '') variables.set(name, value)
    }
    return variables
  })
}

/** A reader behind the header of a file, in its byte order. */
function readFileHeader(bytes: Uint8Array): ByteReader {
  const start = Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('latin1')
  if (start.startsWith('MATLAB 7.3') || start.startsWith('\x89HDF'))
    damaged('is a MAT-file of version 7.3 (HDF5), which is not read')
  const mark = start.slice(126, 128)
  if (mark !== 'IM' && mark !== 'MI')
    damaged('is no MAT-file of version 5: bytes 126 and 127 are not IM or MI')
  const reader = createByteReader(bytes, mark === 'IM')
  reader.seek(124, 'the version')
  const version = reader.uint16('the version')
  if (version !== 0x0100) reader.fail(`version 0x${version.toString(16)} is not 0x100`, 124)
  reader.seek(HEADER_BYTES, 'the first variable')
  return reader
}

/** The next element of data: type and size, or both in four bytes and up to four bytes of content. */
function readElement(reader: ByteReader): { readonly type: number; readonly content: Uint8Array } {
  const start = reader.position()
  const tag = reader.uint32('the tag of an element')
  const smallSize = tag >>> 16
  if (smallSize > 0) {
    if (smallSize > 4) reader.fail(`a small element cannot have ${smallSize} bytes`, start)
    const content = reader.bytes(4, 'a small element').subarray(0, smallSize)
    return { type: tag & 0xffff, content }
  }
  const size = reader.uint32('the size of an element')
  const content = reader.bytes(size, 'an element')
  // All but what is compressed are padded to eight bytes; the last one need not be.
  if (tag !== COMPRESSED) reader.bytes(Math.min(-size & 7, reader.left()), 'padding')
  return { type: tag, content }
}

/** A reader of what an element of `parent` that began at `start` holds. */
function subReader(content: Uint8Array, parent: ByteReader, start: number): ByteReader {
  return createByteReader(content, parent.isLittle, ` of the element at byte ${start}`)
}

function inflateMatrix(content: Uint8Array, start: number, isLittle: boolean): ByteReader {
  let plain: Uint8Array
  try {
    plain = inflateSync(content, {
      maxOutputLength: Math.min(content.length * MOST_GAIN + 1, MOST_DECOMPRESSED),
    })
  } catch {
    return damaged(`is damaged at byte ${start}: a compressed variable cannot be decompressed`)
  }
  const within = ` of what is decompressed from byte ${start}`
  const reader = createByteReader(plain, isLittle, within)
  const { type, content: matrix } = readElement(reader)
  if (type !== MATRIX) reader.fail(`an element of type ${type} is no variable`, 0)
  return createByteReader(matrix, isLittle, within)
}

/** An array of any class: flags, extents, name and content, each an element. */
function readMatrix(
  reader: ByteReader,
  depth: number,
): { readonly name: string; readonly value: MatValue } {
  // An empty cell may have no content at all.
  if (reader.length === 0) return { name: '', value: numbers('float64', [0, 0], reader) }
  if (depth > DEEPEST) reader.fail(`cells and structs are nested ${DEEPEST} deep`)
  const flags = readNumbers(reader, 'flags')[0] ?? reader.fail('flags are missing')
  const kind = flags & 0xff
  // Objects of MATLAB's newer classes have neither extents nor content that is known.
  if (kind === 17) return { name: '', value: { kind: 'other', what: OTHERS[kind]! } }
  const start = reader.position()
  const shape = [...readNumbers(reader, 'extents')]
  if (shape.length < 2 || shape.length > MOST_AXES || !shape.every(isExtent))
    reader.fail(`[${shape.slice(0, MOST_AXES).join(', ')}] are no extents`, start)
  const name = Buffer.from(readElement(reader).content).toString('latin1')
  return { name, value: readContent(reader, flags, shape, depth) }
}

function readContent(
  reader: ByteReader,
  flags: number,
  shape: readonly number[],
  depth: number,
): MatValue {
  const kind = flags & 0xff
  if (kind === CELL) return { kind: 'cell', shape, values: readValues(reader, shape, depth) }
  if (kind === STRUCT) return readStruct(reader, shape, depth)
  if (kind === CHARACTERS) return { kind: 'text', rows: readText(reader, shape) }
  const type = NUMBERS[kind]
  if (type === undefined)
    return OTHERS[kind] === undefined
      ? reader.fail(`an array of class ${kind} is not known`, 0)
      : { kind: 'other', what: OTHERS[kind] }
  if ((flags & COMPLEX) !== 0) return { kind: 'other', what: 'complex numbers' }
  const value = numbers(type, shape, reader)
  return (flags & LOGICAL) !== 0 ? { ...value, type: 'bool' } : value
}

/** As many cells as the extents say, each an array. */
function readValues(reader: ByteReader, shape: readonly number[], depth: number): MatValue[] {
  const count = elementCount(shape)
  // Each has a tag of eight bytes.
  if (count * 8 > reader.left())
    reader.fail(`${count} values cannot be in the ${reader.left()} bytes that follow`)
  return Array.from({ length: count }, () => readValue(reader, depth))
}

function readValue(reader: ByteReader, depth: number): MatValue {
  const start = reader.position()
  const { type, content } = readElement(reader)
  if (type !== MATRIX) reader.fail(`an element of type ${type} is no value`, start)
  return readMatrix(subReader(content, reader, start), depth + 1).value
}

function readStruct(reader: ByteReader, shape: readonly number[], depth: number): MatValue {
  const start = reader.position()
  const length = readNumbers(reader, 'the length of names')[0] ?? 0
  const names = readElement(reader).content
  if (!isExtent(length) || length === 0 || names.length % length !== 0)
    reader.fail(`${names.length} bytes are no names of ${length} bytes each`, start)
  const keys = Array.from({ length: names.length / length }, (_, index) =>
    Buffer.from(names.subarray(index * length, (index + 1) * length))
      .toString('latin1')
      .replace(/\0.*$/s, ''),
  )
  const count = keys.length === 0 ? 0 : elementCount(shape)
  const values = readValues(reader, [count, keys.length], depth)
  const fields = keys.map((key, field) => {
    const ofField = (_: unknown, record: number): MatValue => values[record * keys.length + field]!
    return [key, Array.from({ length: count }, ofField)] as const
  })
  return { kind: 'struct', shape, fields: new Map(fields) }
}

const isExtent = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

function readText(reader: ByteReader, shape: readonly number[]): readonly string[] {
  const start = reader.position()
  const { type, content } = readElement(reader)
  const isWide = type === UTF16 || STORED[type] === 'uint16'
  if (isWide && content.length % 2 !== 0) reader.fail('half a character is left over', start)
  const text =
    type === UTF8
      ? Buffer.from(content).toString('utf8')
      : isWide
        ? new TextDecoder(reader.isLittle ? 'utf-16le' : 'utf-16be', { ignoreBOM: true }).decode(
            content,
          )
        : Buffer.from(content).toString('latin1')
  const count = elementCount(shape)
  const rows = shape[0]!
  if (rows === 1 || count === 0) return count === 0 ? [] : [text]
  if (text.length !== count)
    reader.fail(`${text.length} characters are not the ${count} of the extents`, start)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: count / rows }, (_, column) => text[column * rows + row]).join(''),
  )
}

function numbers(
  type: ElementType,
  shape: readonly number[],
  reader: ByteReader,
): { readonly kind: 'numbers' } & NumberArray {
  if (elementCount(shape) === 0 && reader.left() === 0)
    return { kind: 'numbers', type, shape, values: new Float64Array(0) }
  const start = reader.position()
  const { type: stored, content } = readElement(reader)
  const storedType =
    STORED[stored] ?? reader.fail(`numbers are not stored as type ${stored}`, start)
  if (content.length !== elementCount(shape) * elementBytes(storedType))
    reader.fail(
      `[${shape.join(', ')}] of ${storedType} are not the ${content.length} bytes that are there`,
      start,
    )
  const { values } = subReader(content, reader, start).array(storedType, shape, {
    isColumnMajor: true,
  })
  return { kind: 'numbers', type, shape, values }
}

/** A short list of numbers that describes an array. */
function readNumbers(reader: ByteReader, what: string): ArrayLike<number> & Iterable<number> {
  const start = reader.position()
  const { type, content } = readElement(reader)
  const stored = STORED[type] ?? reader.fail(`${what} are not stored as type ${type}`, start)
  const count = content.length / elementBytes(stored)
  if (!Number.isInteger(count)) reader.fail(`${what} are cut short`, start)
  return subReader(content, reader, start).array(stored, [count]).values
}
