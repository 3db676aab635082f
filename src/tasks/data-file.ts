import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Most bytes that something compressed may decompress to: deflate can make a thousandth of a thing. */
export const MOST_DECOMPRESSED = 2 ** 31

/** Why a data file cannot be used. */
export interface DataProblem {
  /** The file, or the folder where it was looked for. */
  readonly path: string
  /** What is wrong, as a sentence fragment that can follow the path. */
  readonly problem: string
  /** What was expected there. */
  readonly expected: string
  /** How to get a good one. */
  readonly remedy: string
}

/** A value, or why there is none. */
export type DataResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: DataProblem }

/** How data is read. */
export interface OpenOptions {
  /** The folder of the data; where it usually is when absent. */
  readonly directory?: string
  /** A folder where decoded images are kept, and found the next time. */
  readonly cache?: string
  /** Called again and again while images are decoded. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the work; the promise is rejected with its reason. */
  readonly signal?: AbortSignal
}

/** Where the file `name` of a folder is: itself, or else compressed, with `.gz` behind its name. */
export function dataFilePath(directory: string, name: string): string {
  const plain = join(directory, name)
  return existsSync(plain) ? plain : `${plain}.gz`
}

/** A file's bytes, decompressed when it is gzip, or as a sentence fragment what kept them from being read. */
export function readDataFile(path: string): Uint8Array | string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
    if (code === 'EISDIR') return 'is a folder'
    return `cannot be read (${String(code ?? error)})`
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_DECOMPRESSED })
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? `is gzip-compressed and has more than ${MOST_DECOMPRESSED} bytes without that`
      : 'is gzip-compressed but damaged or cut short'
  }
}
