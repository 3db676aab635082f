import { crc32, inflateRawSync } from 'node:zlib'
import { createByteReader, damaged, type ByteReader } from './byte-reader.ts'
import { MOST_DECOMPRESSED } from '../data-file.ts'
import { leavesFolder } from './inside-folder.ts'

/**
 * A file inside a zip archive. Archives are read here, with Node's zlib, because the readers of zip archives that there are
 * either trust the sizes in the headers or do not say where a wrong one stands.
 */
export interface ZipEntry {
  readonly name: string
  /** Where its header in the archive's table begins. */
  readonly offset: number
  /** Its bytes, of the size and with the checksum that the table gives. */
  readonly read: () => Uint8Array
}

const END_MARK = 0x06054b50
const ENTRY_MARK = 0x02014b50
const LOCAL_MARK = 0x04034b50
const END_BYTES = 22
const LONGEST_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8

/** The entries of a zip archive (PKWARE's APPNOTE, without encryption, several disks and the sizes of zip64). */
export function parseZip(bytes: Uint8Array): readonly ZipEntry[] {
  const reader = createByteReader(bytes)
  const { count, start } = readEnd(bytes, reader)
  reader.seek(start, 'the table of entries')
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  let compressed = 0
  for (let index = 0; index < count; index++) {
    const { entry, size } = readTableEntry(reader)
    compressed += size
    // Entries that share their bytes would give much out of a small file.
    if (compressed > bytes.length)
      reader.fail(`its entries should have ${compressed} bytes, more than the file`, entry.offset)
    if (names.has(entry.name)) reader.fail(`the entry ${entry.name} is there twice`, entry.offset)
    names.add(entry.name)
    entries.push(entry)
  }
  return entries
}

/** Number of entries, and where their table begins, from the record at the end of the archive. */
function readEnd(
  bytes: Uint8Array,
  reader: ByteReader,
): { readonly count: number; readonly start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT)
  let at = bytes.length - END_BYTES
  while (at >= first && view.getUint32(at, true) !== END_MARK) at -= 1
  if (at < first) damaged('is no zip archive, or cut short: it has no table of entries at its end')
  reader.seek(at + 10, 'the end record')
  const count = reader.uint16('the number of entries')
  const size = reader.uint32('the size of the table')
  const start = reader.uint32('the start of the table')
  if (start + size > at)
    reader.fail(`a table of ${size} bytes at byte ${start} does not fit before this record`, at)
  return { count, start }
}

function readTableEntry(reader: ByteReader): { readonly entry: ZipEntry; readonly size: number } {
  const offset = reader.position()
  if (reader.uint32('an entry of the table') !== ENTRY_MARK)
    reader.fail('no entry of the table begins here', offset)
  reader.bytes(4, 'versions')
  const flags = reader.uint16('flags')
  const method = reader.uint16('the method')
  reader.bytes(4, 'the time')
  const checksum = reader.uint32('the checksum')
  const size = reader.uint32('the compressed size')
  const fullSize = reader.uint32('the size')
  const nameLength = reader.uint16('the length of the name')
  const extraLength = reader.uint16('the length of the extra field')
  const commentLength = reader.uint16('the length of the comment')
  reader.bytes(8, 'attributes')
  const local = reader.uint32('the place of the entry')
  const name = Buffer.from(reader.bytes(nameLength, 'the name')).toString('utf8')
  reader.bytes(extraLength + commentLength, 'extra field and comment')
  if ((flags & 1) !== 0) reader.fail(`${name} is encrypted`, offset)
  if (leavesFolder(name)) reader.fail(`the name ${name} leads outside the archive`, offset)
  if (method !== STORED && method !== DEFLATED)
    reader.fail(`${name} is compressed by method ${method}, not stored or deflated`, offset)
  if (fullSize > MOST_DECOMPRESSED)
    reader.fail(`${name} should have ${fullSize} bytes, more than ${MOST_DECOMPRESSED}`, offset)
  if (method === STORED && size !== fullSize)
    reader.fail(`${name} is stored in ${size} bytes, not its ${fullSize}`, offset)
  const after = reader.position()
  const start = findContent(reader, local, name)
  reader.seek(start, name)
  const content = reader.bytes(size, name)
  reader.seek(after, 'the table of entries')
  const read = (): Uint8Array => {
    const plain = method === STORED ? content : inflate(content, fullSize, name, start)
    if (crc32(plain) !== checksum)
      damaged(`is damaged at byte ${start}: ${name} does not have the checksum of its header`)
    return plain
  }
  return { entry: { name, offset, read }, size }
}

/** Where the bytes of an entry begin, behind its own header, whose fields may differ in length from the table's. */
function findContent(reader: ByteReader, local: number, name: string): number {
  reader.seek(local, `the header of ${name}`)
  if (reader.uint32(`the header of ${name}`) !== LOCAL_MARK)
    reader.fail(`no header of ${name} begins here`, local)
  reader.bytes(22, `the header of ${name}`)
  const nameLength = reader.uint16(`the header of ${name}`)
  const extraLength = reader.uint16(`the header of ${name}`)
  reader.bytes(nameLength + extraLength, `the header of ${name}`)
  return reader.position()
}

function inflate(content: Uint8Array, size: number, name: string, start: number): Uint8Array {
  let plain: Uint8Array
  try {
    // One more than promised: where it is used the header lied.
    plain = inflateRawSync(content, { maxOutputLength: size + 1 })
  } catch (error) {
    const isMore =
      error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return damaged(
      `is damaged at byte ${start}: ${name} ${isMore ? `has more than the ${size} bytes of its header` : 'cannot be decompressed'}`,
    )
  }
  if (plain.length !== size)
    damaged(
      `is damaged at byte ${start}: ${name} has ${plain.length > size ? 'more than' : `${plain.length}, not`} the ${size} bytes of its header`,
    )
  return plain
}

/** What reads these archives: version 2.0. */
const VERSION = 20
/** 1 January 1980, the earliest: files do not depend on when they were written. */
const DATE = 0x21

/**
 * An archive of those files, in pieces, without compression: what {@link parseZip} reads. Throws a RangeError where it would be larger
 * than its 32-bit sizes can say.
 */
export function encodeZip(
  files: readonly (readonly [string, Uint8Array])[],
): readonly Uint8Array[] {
  const contents: Uint8Array[] = []
  const table: Uint8Array[] = []
  let place = 0
  for (const [name, bytes] of files) {
    const text = Buffer.from(name)
    // What the header before a file and its entry in the table have in common.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(STORED, 4)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(sized(bytes.length), 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(text.length, 22)
    contents.push(mark(LOCAL_MARK), common, text, bytes)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(sized(place), 10)
    const version = Buffer.alloc(2)
    version.writeUInt16LE(VERSION)
    table.push(mark(ENTRY_MARK), version, common, rest, text)
    place += 4 + common.length + text.length + bytes.length
  }
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END_MARK, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(
    table.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(sized(place), 16)
  return [...contents, ...table, end]
}

function mark(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function sized(bytes: number): number {
  if (bytes > 0xfffffffe) throw new RangeError(`${bytes} bytes are too many for a zip archive`)
  return bytes
}
