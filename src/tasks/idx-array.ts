import type { DataResult } from './data-file.ts'

/**
 * The IDX format of LeCun's MNIST page: two zero bytes, an element type (8: unsigned bytes), the number of dimensions, each
 * dimension as a big-endian 32-bit integer, then the elements row-major. Files may be gzip-compressed.
 */
export interface IdxArray {
  readonly shape: readonly number[]
  readonly values: Uint8Array
}

/** Most dimensions that are looked for where none are asked for. */
const MOST_DIMENSIONS = 8

/** What an IDX file should be, and how to get it. */
export interface ExpectedIdx {
  /** What the file is called in problems. */
  readonly path: string
  /** Dimensions of its array: any from 1 to 8 where it is undefined. */
  readonly wanted: number | undefined
  readonly remedy: string
}

/** The array in the bytes of an IDX file, or in words why they could not be read. */
export function decodeIdx(
  bytes: Uint8Array | string,
  { path, wanted, remedy }: ExpectedIdx,
): DataResult<IdxArray> {
  const dimensionsText =
    wanted === undefined ? '' : ` with ${wanted} dimension${wanted === 1 ? '' : 's'}`
  const expected = `an IDX file of unsigned bytes${dimensionsText}, plain or gzip`
  const fail = (problem: string): DataResult<IdxArray> => ({
    ok: false,
    problem: { path, problem, expected, remedy },
  })
  if (typeof bytes === 'string') return fail(bytes)
  if (bytes.length < 4) return fail(`has ${bytes.length} bytes, too few for a header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  const dimensions = wanted ?? magic - 0x0800
  if (magic !== 0x0800 + dimensions || dimensions < 1 || dimensions > MOST_DIMENSIONS)
    return fail(
      `starts with ${hexadecimal(magic)} where ${hexadecimal(0x0800 + (wanted ?? 1))} was expected`,
    )
  const header = 4 + 4 * dimensions
  if (bytes.length < header) return fail(`ends after ${bytes.length} bytes, inside its header`)
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis))
  const size = shape.reduce((product, extent) => product * extent, 1)
  if (bytes.length !== header + size)
    return fail(
      `is damaged at byte ${header}: it holds ${bytes.length - header} of the ${size} bytes its header promises (${shape.join(' x ')})`,
    )
  return { ok: true, value: { shape, values: bytes.subarray(header) } }
}

const hexadecimal = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`
