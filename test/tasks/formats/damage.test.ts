import { deflateRawSync, deflateSync, crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readMat } from '../../../src/tasks/formats/mat.ts'
import { readNpy } from '../../../src/tasks/formats/npy.ts'
import { readNpz } from '../../../src/tasks/formats/npz.ts'
import { readSafetensors } from '../../../src/tasks/formats/safetensors.ts'
import { fileOf, fixture, patched, problemOf } from './files.ts'

function npy(header: string, data = 8): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(header.length)
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(header),
    Buffer.alloc(data),
  ])
}

describe('.npy', () => {
  const dictionary = (shape: string, descr = "'<f4'"): string =>
    `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /byte 0: the mark .* should have 6 bytes, and none is left/],
    ['text', Buffer.from('<html>'), /byte 0: the mark "\\x93NUMPY" is missing/],
    ['another version', patched(npy(''), 6, 9), /byte 6: version 9 is not known/],
    [
      'a long header',
      patched(npy(dictionary('(2,)')), 8, 0xff, 0xff),
      /byte 10: the header should have 65535 bytes, and \d+ are left/,
    ],
    [
      'no shape',
      npy("{'descr': '<f4', 'fortran_order': False}"),
      /byte 10: the header has no shape/,
    ],
    [
      'a large shape',
      npy(dictionary('(1000000, 1000000)')),
      /byte 82: the header promises 4000000000000 bytes, float32 \[1000000, 1000000\], and 8 follow/,
    ],
    [
      'a shape beyond numbers',
      npy(dictionary(`(${'9'.repeat(400)},)`)),
      /byte 10: the shape .* is no shape/,
    ],
    ['a small shape', npy(dictionary('(1,)')), /promises 4 bytes, float32 \[1\], and 8 follow/],
    [
      'complex numbers',
      npy(dictionary('(1,)', "'<c8'")),
      /byte 10: elements of type <c8 are not read/,
    ],
    ['objects of Python', fixture('objects.npy'), /elements of type \|O are not read/],
    ['records', fixture('records.npy'), /records of several fields are not read/],
  ])('with %s is refused with the byte', (_, bytes, problem) => {
    expect(problemOf(readNpy(fileOf(bytes))).problem).toMatch(problem)
  })

  it('with an integer that 64-bit floats lack is refused with its byte', () => {
    const bytes = npy(dictionary('(2,)', "'<i8'"), 16)
    const at = bytes.length - 8
    expect(problemOf(readNpy(fileOf(patched(bytes, at + 7, 0x70)))).problem).toMatch(
      new RegExp(`byte ${at}: an integer is beyond 2\\^53`),
    )
  })
})

/** An archive with one entry, and what its table says of it. */
function zip(
  name: string,
  content: Buffer,
  table: { readonly size?: number; readonly full?: number; readonly method?: number } = {},
  repeated = 1,
): Buffer {
  const data = deflateRawSync(content)
  const field = (bytes: number, value: number): Buffer => {
    const made = Buffer.alloc(bytes)
    made.writeUIntLE(value, 0, bytes)
    return made
  }
  const facts = [
    field(2, 0),
    field(2, table.method ?? 8),
    field(4, 0),
    field(4, crc32(content)),
    field(4, table.size ?? data.length),
    field(4, table.full ?? content.length),
    field(2, name.length),
    field(2, 0),
  ]
  const local = Buffer.concat([
    field(4, 0x04034b50),
    field(2, 20),
    ...facts,
    Buffer.from(name),
    data,
  ])
  const row = Buffer.concat([
    field(4, 0x02014b50),
    field(2, 20),
    field(2, 20),
    ...facts,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const rows = Buffer.concat(Array.from({ length: repeated }, () => row))
  const end = [0x06054b50, 0].map((value) => field(4, value))
  return Buffer.concat([
    local,
    rows,
    ...end,
    field(2, repeated),
    field(2, repeated),
    field(4, rows.length),
    field(4, local.length),
    field(2, 0),
  ])
}

describe('.npz', () => {
  const content = fixture('vector.npy')
  const start = 30 + 'a.npy'.length
  it('of the archives below is read where nothing is wrong', () => {
    const read = readNpz(fileOf(zip('a.npy', content)))
    expect(read.ok && [...read.value.get('a')!.values]).toEqual([0, 1, 2, 3, 4])
  })

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /is no zip archive, or cut short/],
    ['its end cut off', zip('a.npy', content).subarray(0, -4), /no zip archive, or cut short/],
    [
      'more bytes than promised',
      zip('a.npy', content, { full: 20 }),
      new RegExp(`byte ${start}: a.npy has more than the 20 bytes of its header`),
    ],
    [
      'fewer bytes than promised',
      zip('a.npy', content, { full: 2 ** 30 }),
      new RegExp(`byte ${start}: a.npy has 148, not the 1073741824 bytes of its header`),
    ],
    [
      'an entry of four gigabytes',
      zip('a.npy', content, { full: 0xfffffff0 }),
      /byte \d+: a.npy should have 4294967280 bytes, more than 2147483648/,
    ],
    [
      'an entry longer than the file',
      zip('a.npy', content, { size: 2 ** 31 }),
      new RegExp(`byte ${start}: a.npy should have 2147483648 bytes`),
    ],
    ['another method', zip('a.npy', content, { method: 12 }), /a.npy is compressed by method 12/],
    [
      'a name that climbs',
      zip('../a.npy', content),
      /the name \.\.\/a\.npy leads outside the archive/,
    ],
    ['an absolute name', zip('/etc/a.npy', content), /the name \/etc\/a\.npy leads outside/],
    [
      'entries that share bytes',
      zip('a.npy', Buffer.from(Array.from({ length: 400 }, (_, i) => (i * i * 7919) >> 3)), {}, 2),
      /byte \d+: (its entries should have \d+ bytes, more than the file|the entry a.npy is there twice)/,
    ],
    [
      'another checksum',
      patched(fixture('stored.npz'), 300, 1, 2, 3),
      /byte \d+: \w+.npy does not have the checksum/,
    ],
    [
      'something else than arrays',
      zip('readme.npy', Buffer.from('hello, this is text')),
      /byte 0 of readme.npy: the mark/,
    ],
  ])('with %s is refused with the byte', (_, bytes, problem) => {
    expect(problemOf(readNpz(fileOf(bytes))).problem).toMatch(problem)
  })
})

describe('.safetensors', () => {
  const made = (header: unknown, data = 8, length?: number): Buffer => {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
    const head = Buffer.alloc(8)
    head.writeBigUInt64LE(BigInt(length ?? text.length))
    return Buffer.concat([head, text, Buffer.alloc(data)])
  }
  const tensor = (shape: readonly number[], from: number, to: number): object => ({
    dtype: 'F32',
    shape,
    data_offsets: [from, to],
  })
  it.each<[string, Buffer, RegExp]>([
    [
      'nothing',
      Buffer.alloc(3),
      /byte 0: the length of the header should have 8 bytes, and 3 are left/,
    ],
    [
      'a header longer than the file',
      made({}, 0, 5000),
      /byte 8: the header should have 5000 bytes, and 2 are left/,
    ],
    [
      'a header of an exabyte',
      made({}, 0, 2 ** 53 - 1),
      /byte 0: a header of \d+ bytes is longer than 100000000/,
    ],
    [
      'a length beyond numbers',
      Buffer.alloc(16, 0xff),
      /byte 0: the length of the header is beyond 2\^53/,
    ],
    ['a header that is no JSON', made('{"a": '), /byte 8: the header is no JSON/],
    ['a list as header', made([]), /byte 8: the header is no object/],
    [
      'another type',
      made({ a: { ...tensor([2], 0, 8), dtype: 'F8_E4M3' } }),
      /byte 8: the tensor a\.dtype/,
    ],
    ['a negative extent', made({ a: tensor([-2], 0, 8) }), /byte 8: the tensor a\.shape\.0/],
    [
      'a shape of other size',
      made({ a: tensor([3], 0, 8) }),
      /byte \d+: a has 8 bytes, and its shape \[3\] of F32 takes 12/,
    ],
    [
      'a shape that overflows',
      made({ a: tensor([2 ** 40, 2 ** 40], 0, 8) }),
      /a has 8 bytes, and its shape/,
    ],
    [
      'a gap',
      made({ a: tensor([1], 0, 4), b: tensor([0], 8, 8) }),
      /b should begin here, and begins at byte/,
    ],
    ['an overlap', made({ a: tensor([2], 0, 8), b: tensor([1], 4, 8) }), /b should begin here/],
    [
      'bytes left over',
      made({ a: tensor([1], 0, 4) }),
      /promises 4 bytes of tensors, and 8 follow/,
    ],
    [
      'bytes missing',
      made({ a: tensor([4], 0, 16) }),
      /promises 16 bytes of tensors, and 8 follow/,
    ],
    [
      'other metadata',
      made({ __metadata__: { a: 1 } }, 0),
      /__metadata__ holds something else than texts/,
    ],
  ])('with %s are refused with the byte', (_, bytes, problem) => {
    expect(problemOf(readSafetensors(fileOf(bytes))).problem).toMatch(problem)
  })
})

describe('.mat', () => {
  const words = (...values: readonly number[]): Buffer => {
    const made = Buffer.alloc(values.length * 4)
    for (const [index, value] of values.entries()) made.writeInt32LE(value | 0, index * 4)
    return made
  }
  const header = fixture('plain.mat').subarray(0, 128)
  const file = (...parts: readonly Buffer[]): Buffer => Buffer.concat([header, ...parts])
  /** A variable called x of a class, with extents and what follows. */
  const variable = (
    kind: number,
    rows: number,
    columns: number,
    ...content: readonly Buffer[]
  ): Buffer => {
    const inner = Buffer.concat([
      words(6, 8, kind, 0, 5, 8, rows, columns, 0x10001, 0x78),
      ...content,
    ])
    return Buffer.concat([words(14, inner.length), inner])
  }
  it('of the variables below is read where nothing is wrong', () => {
    const read = readMat(fileOf(file(variable(6, 1, 2, words(0x20002, 0x0705)))))
    const x = read.ok ? read.value.get('x') : undefined
    expect(x).toEqual({
      kind: 'numbers',
      type: 'float64',
      shape: [1, 2],
      values: Uint8Array.of(5, 7),
    })
  })

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /is no MAT-file of version 5/],
    ['HDF5', Buffer.from('MATLAB 7.3 MAT-file, Platform'), /version 7\.3 \(HDF5\)/],
    [
      'another version',
      patched(Buffer.from(header), 124, 7),
      /byte 124: version 0x107 is not 0x100/,
    ],
    [
      'an element longer than the file',
      file(words(14, 0x7fffffff)),
      /byte 136: an element should have 2147483647 bytes, and none is left/,
    ],
    [
      'something else than a variable',
      file(words(9, 8, 0, 0)),
      /byte 128: an element of type 9 is no variable/,
    ],
    [
      'large extents',
      file(variable(6, 1 << 30, 1 << 30, words(0x20002, 0))),
      /\[1073741824, 1073741824\] of uint8 are not the 2 bytes/,
    ],
    ['negative extents', file(variable(6, -1, 2, words(0x20002, 0))), /\[-1, 2\] are no extents/],
    [
      'more cells than bytes',
      file(variable(1, 1 << 30, 1, words(14, 0))),
      /1073741824 values cannot be in the 8 bytes that follow/,
    ],
    [
      'damaged compression',
      file(words(15, 8, 1, 2)),
      /byte 128: a compressed variable cannot be decompressed/,
    ],
    [
      'a compressed lie',
      file(words(15, 0x7ffffff)),
      /byte 136: an element should have 134217727 bytes/,
    ],
    ['a class that is unknown', file(variable(99, 1, 1)), /an array of class 99 is not known/],
  ])('with %s is refused with the byte', (_, bytes, problem) => {
    expect(problemOf(readMat(fileOf(bytes))).problem).toMatch(problem)
  })

  it('with a compressed element of another size is refused with the byte inside', () => {
    const packed = deflateSync(words(14, 5000, 0, 0))
    const length = words(15, packed.length)
    expect(problemOf(readMat(fileOf(file(length, packed)))).problem).toMatch(
      /byte 8 of what is decompressed from byte 128: an element should have 5000 bytes, and 8 are left/,
    )
  })

  it('with cells in cells in cells ends', () => {
    let inner: Buffer = Buffer.alloc(0)
    for (let depth = 0; depth < 2000; depth++)
      inner = variable(1, 1, 1, inner.length === 0 ? words(14, 0) : inner)
    expect(problemOf(readMat(fileOf(file(inner)))).problem).toMatch(/nested 32 deep/)
  })
})
