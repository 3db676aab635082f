import type { DataResult } from '../data-file.ts'
import {
  createByteReader,
  describeArray,
  readFormat,
  type ByteReader,
  type FileFormat,
} from './byte-reader.ts'
import {
  elementBytes,
  elementCount,
  encodeElements,
  type ElementType,
  type NumberArray,
} from './number-array.ts'

/** NumPy's format for one array (NEP 1, versions 1 to 3). */
export const NPY: FileFormat = {
  expected: 'an array of numbers as numpy.save writes it',
  remedy: 'write it again with numpy.save(PATH, ARRAY)',
}

/** NumPy's letters for the types that are read, without their byte order. */
const TYPES: Readonly<Record<string, ElementType>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
}

const MAGIC = '\x93NUMPY'

/** NumPy's own limit on the rank of an array. */
const MOST_AXES = 64

/** Reads a `.npy` file. */
export function readNpy(path: string): DataResult<NumberArray> {
  return readFormat(path, NPY, (bytes) => parseNpy(createByteReader(bytes)))
}

/** The array that all of a reader's bytes are. */
export function parseNpy(reader: ByteReader): NumberArray {
  if (reader.ascii(6, 'the mark "\\x93NUMPY"') !== MAGIC)
    reader.fail('the mark "\\x93NUMPY" is missing', 0)
  const version = reader.bytes(2, 'the version')[0]!
  if (version < 1 || version > 3) reader.fail(`version ${version} is not known`, 6)
  const length =
    version === 1
      ? reader.uint16('the length of the header')
      : reader.uint32('the length of the header')
  const start = reader.position()
  const header = reader.ascii(length, 'the header')
  const { descr, isColumnMajor, shape } = parseHeader(header, (problem) =>
    reader.fail(problem, start),
  )
  const type = TYPES[descr.slice(1)]
  if (type === undefined || !/^[<>|=]/.test(descr))
    return reader.fail(
      `elements of type ${descr} are not read, only ${Object.keys(TYPES).join(', ')}`,
      start,
    )
  const promised = elementCount(shape) * elementBytes(type)
  if (promised !== reader.left())
    reader.fail(
      `the header promises ${promised} bytes, ${describeArray(type, shape)}, and ${reader.left()} follow`,
    )
  return reader.array(type, shape, { isColumnMajor, isLittle: !descr.startsWith('>') })
}

/** The dictionary that a header is: a literal of Python with three entries, in any order. */
function parseHeader(
  header: string,
  fail: (problem: string) => never,
): {
  readonly descr: string
  readonly isColumnMajor: boolean
  readonly shape: readonly number[]
} {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1]
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1]
  const extents = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1]
  if (descr === undefined && /'descr'\s*:\s*\[/.test(header))
    return fail('records of several fields are not read, only plain numbers')
  if (descr === undefined) return fail('the header has no descr')
  if (order === undefined) return fail('the header has no fortran_order')
  if (extents === undefined) return fail('the header has no shape')
  const shape = extents
    .split(',')
    .map((extent) => extent.trim().replace(/L$/, ''))
    .filter((extent) => extent !== '')
    .map(Number)
  if (shape.length > MOST_AXES) return fail(`${shape.length} axes are more than ${MOST_AXES}`)
  if (!shape.every(Number.isSafeInteger)) return fail(`the shape (${extents}) is no shape`)
  return { descr, isColumnMajor: order === 'True', shape }
}

/** Bytes that the values begin at a multiple of. */
const ALIGNMENT = 64

/**
 * The bytes of a `.npy` file, version 1: what {@link parseNpy} reads. Half precision is written as 32-bit floats. Throws a
 * RangeError where there are more or fewer values than the shape has.
 */
export function encodeNpy({ type: given, shape, values }: NumberArray): Uint8Array {
  if (values.length !== elementCount(shape))
    throw new RangeError(`${values.length} values are none of shape [${shape.join(', ')}]`)
  const type = given === 'float16' || given === 'bfloat16' ? 'float32' : given
  const letters = Object.keys(TYPES).find((each) => TYPES[each] === type)!
  const order = elementBytes(type) === 1 ? '|' : '<'
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${order}${letters}', 'fortran_order': False, 'shape': (${extents}), }`
  const before = MAGIC.length + 4
  const length = Math.ceil((before + text.length + 1) / ALIGNMENT) * ALIGNMENT - before
  const header = Buffer.alloc(before + length, ' ')
  header.write(MAGIC, 'latin1')
  header.writeUInt16LE(1, MAGIC.length)
  header.writeUInt16LE(length, MAGIC.length + 2)
  header.write(text, before, 'latin1')
  header.write('\n', header.length - 1)
  return Buffer.concat([header, encodeElements(values, type)])
}
