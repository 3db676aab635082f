import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { childKey, createRandom, rootKey, type Random } from '../../../src/operators/random.ts'
import type { DataResult } from '../../../src/tasks/data-file.ts'
import { readMat } from '../../../src/tasks/formats/mat.ts'
import { readNpy } from '../../../src/tasks/formats/npy.ts'
import { readNpz } from '../../../src/tasks/formats/npz.ts'
import { readSafetensors } from '../../../src/tasks/formats/safetensors.ts'
import { readTable } from '../../../src/tasks/formats/csv.ts'
import { readIdx } from '../../../src/tasks/idx.ts'
import { fileOf, fixture, patched } from './files.ts'

/** A file with some of its bytes changed, cut short, repeated, or with large numbers in it. */
function mutated(bytes: Buffer, random: Random): Buffer {
  let result: Buffer = Buffer.from(bytes)
  for (let change = random.integer(4); change >= 0; change--) {
    const at = random.integer(Math.max(1, result.length))
    const kind = random.integer(6)
    if (kind === 0)
      result = patched(result, at, ...[random.integer(256)].slice(0, result.length - at))
    else if (kind === 1 && result.length >= at + 4)
      result.writeUInt32LE(
        random.pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff, random.integer(2 ** 32)]),
        at,
      )
    else if (kind === 2) result = result.subarray(0, at)
    else if (kind === 3) result = Buffer.concat([result.subarray(0, at), result.subarray(at >> 1)])
    else if (kind === 4 && at < result.length) result[at]! ^= 1 << random.integer(8)
    else if (kind === 5)
      // Digits of headers in text: extents, offsets.
      result = Buffer.from(
        result
          .toString('latin1')
          .replace(/\d(?=[,)\]])/, () => random.pick(['0', '99999999', '-1'])),
        'latin1',
      )
  }
  return result
}

const READERS: readonly (readonly [string, (path: string) => DataResult<unknown>])[] = [
  ['f4-big-F.npy', readNpy],
  ['i8-little-C.npy', readNpy],
  ['deflated.npz', readNpz],
  ['stored.npz', readNpz],
  ['plain.mat', readMat],
  ['compressed.mat', readMat],
  ['tensors.safetensors', readSafetensors],
  ['images-idx3-ubyte', (path) => readIdx(path, 3, '')],
]

/** Bytes of all arrays inside a value. */
function arrayBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof Map)
    return [...value.values()].reduce<number>((sum, inner) => sum + arrayBytes(inner), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + arrayBytes(inner), 0)
}

const count = Number(process.env['FUZZ'] ?? 400)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

it.each(READERS)(
  `${count} files like %s with damage are read, or refused with what is wrong`,
  { timeout: Math.max(60_000, count * 20) },
  (name, read) => {
    const good = fixture(name)
    const faults: string[] = []
    let refused = 0
    const path = fileOf('')
    for (let index = 0; index < count && faults.length < 5; index++) {
      const bytes = mutated(good, createRandom(childKey(rootKey(seed), name, index)))
      writeFileSync(path, bytes)
      try {
        const result = read(path)
        if (!result.ok) refused += 1
        const size = result.ok ? arrayBytes(result.value) : 0
        // Half precision doubles; compression of so little gains less than tenfold.
        if (size > 10 * bytes.length + 1000) faults.push(`file ${index}: ${size} bytes came out`)
      } catch (error) {
        faults.push(`file ${index}: ${error instanceof Error ? error.stack : String(error)}`)
      }
    }
    expect(faults).toEqual([])
    expect(refused).toBeGreaterThan(count / 4)
  },
)

it(`${count} damaged tables are read, or refused with what is wrong`, () => {
  const good = Buffer.from(
    'age,job,"a ""b"", c"\r\n39,clerk,1e3\r\n?, baker ,"x\ny"\r\n17,clerk,\r\n',
  )
  const pieces = ['"', ',', '\n', '""', ';', '\t', '\r', '\0', 'nan', '1', '\u00e4']
  const path = fileOf('')
  let refused = 0
  for (let index = 0; index < count; index++) {
    const random = createRandom(childKey(rootKey(seed), 'table', index))
    let text = good.toString()
    for (let change = random.integer(4); change >= 0; change--) {
      const at = random.integer(text.length)
      text = text.slice(0, at) + random.pick(pieces) + text.slice(at + random.integer(3))
    }
    writeFileSync(path, text)
    const result = readTable(path)
    if (!result.ok) {
      refused += 1
      expect(result.problem.problem).toMatch(/ line \d+|holds no rows|holds a header/)
    } else {
      const lengths = result.value.columns.map(({ values }) => values.length)
      expect(new Set(lengths)).toEqual(new Set([result.value.rows]))
    }
  }
  expect(refused).toBeGreaterThan(count / 10)
  expect(refused).toBeLessThan(count)
})
