import { z } from 'zod'
import type { DataResult } from '../data-file.ts'
import { createByteReader, readFormat, type ByteReader, type FileFormat } from './byte-reader.ts'
import {
  elementBytes,
  elementCount,
  encodeElements,
  type ElementType,
  type NumberArray,
} from './number-array.ts'

/** Tensors by name as the library `safetensors` keeps them: a header of JSON, then their bytes, little-endian, without gaps. */
export const SAFETENSORS: FileFormat = {
  expected: 'tensors as the library safetensors writes them',
  remedy: 'write it again with safetensors.numpy.save_file or safetensors.torch.save_file',
}

/** What a file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, NumberArray>
  /** Texts by name. */
  readonly metadata: ReadonlyMap<string, string>
}

const TYPES = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  U16: 'uint16',
  I16: 'int16',
  U32: 'uint32',
  I32: 'int32',
  U64: 'uint64',
  I64: 'int64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
} as const satisfies Readonly<Record<string, ElementType>>

/** The library's own limit. */
const LONGEST_HEADER = 100_000_000
const METADATA = '__metadata__'

const extent = z.int().min(0)
const tensorSchema = z.strictObject({
  dtype: z.enum(Object.keys(TYPES) as (keyof typeof TYPES)[]),
  shape: z.array(extent),
  data_offsets: z.tuple([extent, extent]),
})
type TensorEntry = z.infer<typeof tensorSchema>

/** Reads a file of tensors. Half precision becomes 32-bit floats. */
export function readSafetensors(path: string): DataResult<Safetensors> {
  return readFormat(path, SAFETENSORS, (bytes) => {
    const reader = createByteReader(bytes)
    const { metadata, entries } = readHeader(reader)
    const start = reader.position()
    checkCover(entries, reader)
    const tensors = new Map<string, NumberArray>()
    for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
      reader.seek(start + offsets[0], name)
      tensors.set(name, reader.array(TYPES[dtype], shape))
    }
    return { tensors, metadata }
  })
}

function readHeader(reader: ByteReader): {
  readonly metadata: ReadonlyMap<string, string>
  readonly entries: readonly (readonly [string, TensorEntry])[]
} {
  const length = reader.uint64('the length of the header')
  if (length > LONGEST_HEADER)
    reader.fail(`a header of ${length} bytes is longer than ${LONGEST_HEADER}`, 0)
  const text = Buffer.from(reader.bytes(length, 'the header')).toString('utf8')
  const fail = (problem: string): never => reader.fail(problem, 8)
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (error) {
    return fail(`the header is no JSON: ${error instanceof Error ? error.message : ''}`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    return fail('the header is no object of JSON')
  let metadata: ReadonlyMap<string, string> = new Map()
  const entries: [string, TensorEntry][] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) {
      const texts = z.record(z.string(), z.string()).safeParse(value)
      if (!texts.success) return fail(`${METADATA} holds something else than texts`)
      metadata = new Map(Object.entries(texts.data))
      continue
    }
    const entry = tensorSchema.safeParse(value)
    if (!entry.success) {
      const { path, message } = entry.error.issues[0]!
      return fail(`the tensor ${[name, ...path].join('.')}: ${message}`)
    }
    entries.push([name, entry.data])
  }
  return { metadata, entries }
}

/** Tensors follow each other without gaps to the end of the file, each with as many bytes as its shape asks for. */
function checkCover(
  entries: readonly (readonly [string, TensorEntry])[],
  reader: ByteReader,
): void {
  const start = reader.position()
  let end = 0
  const ordered = entries
    .map(([name, entry]) => ({ name, entry, offsets: entry.data_offsets }))
    .sort((a, b) => a.offsets[0] - b.offsets[0] || a.offsets[1] - b.offsets[1])
  for (const { name, entry, offsets } of ordered) {
    if (offsets[0] !== end)
      reader.fail(
        `${name} should begin here, and begins at byte ${start + offsets[0]}`,
        start + end,
      )
    const size = elementCount(entry.shape) * elementBytes(TYPES[entry.dtype])
    if (offsets[1] - offsets[0] !== size)
      reader.fail(
        `${name} has ${offsets[1] - offsets[0]} bytes, and its shape [${entry.shape.join(', ')}] of ${entry.dtype} takes ${size}`,
        start + end,
      )
    end = offsets[1]
  }
  if (end !== reader.left())
    reader.fail(`the header promises ${end} bytes of tensors, and ${reader.left()} follow`)
}

/** What a file begins with, and where each tensor begins behind it. */
export interface SafetensorsHeader {
  readonly bytes: Uint8Array
  /** In the file, by the tensor's name. */
  readonly starts: ReadonlyMap<string, number>
  /** Bytes of the whole file. */
  readonly length: number
}

/**
 * The header of a file with those tensors, whose values follow in the order of {@link SafetensorsHeader.starts}: those with the widest
 * elements first, as the library orders them, so that all are aligned; half precision is written as 32-bit floats.
 */
export function safetensorsHeader(
  tensors: Iterable<readonly [string, Pick<NumberArray, 'type' | 'shape'>]>,
  metadata: ReadonlyMap<string, string> = new Map(),
): SafetensorsHeader {
  const names = new Map(Object.entries(TYPES).map(([name, type]) => [type as ElementType, name]))
  const header: [string, unknown][] =
    metadata.size === 0 ? [] : [[METADATA, Object.fromEntries(metadata)]]
  const ordered = [...tensors]
    .map(([name, { type, shape }]) => ({ name, shape, type: writtenType(type) }))
    .sort((a, b) => elementBytes(b.type) - elementBytes(a.type) || (a.name < b.name ? -1 : 1))
  const offsets: [string, number][] = []
  let end = 0
  for (const { name, type, shape } of ordered) {
    if (name === METADATA) throw new RangeError(`no tensor can be called ${METADATA}`)
    const size = elementCount(shape) * elementBytes(type)
    header.push([name, { dtype: names.get(type), shape, data_offsets: [end, end + size] }])
    offsets.push([name, end])
    end += size
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const bytes = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ')
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8))
  text.copy(bytes, 8)
  return {
    bytes,
    starts: new Map(offsets.map(([name, offset]) => [name, bytes.length + offset])),
    length: bytes.length + end,
  }
}

const writtenType = (type: ElementType) =>
  type === 'float16' || type === 'bfloat16' ? ('float32' as const) : type

/**
 * The bytes of a file, in pieces to be written one after the other: what {@link readSafetensors} reads. Throws a RangeError where a
 * tensor has more or fewer values than its shape.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): readonly Uint8Array[] {
  const { bytes, starts } = safetensorsHeader(tensors, metadata)
  const pieces = [...starts.keys()].map((name) => {
    const { type, shape, values } = tensors.get(name)!
    if (values.length !== elementCount(shape))
      throw new RangeError(`${name} has ${values.length} values for [${shape.join(', ')}]`)
    return encodeElements(values, writtenType(type))
  })
  return [bytes, ...pieces]
}
