import { readDataFile, type DataResult } from './data-file.ts'
import { decodeIdx, type IdxArray } from './idx-array.ts'

/**
 * Reads an IDX file of unsigned bytes with `wanted` dimensions, or any from 1 to 8 where that is undefined, plain or gzip. `remedy`
 * goes into the problem.
 */
export function readIdx(
  path: string,
  wanted: number | undefined,
  remedy: string,
): DataResult<IdxArray> {
  return decodeIdx(readDataFile(path), { path, wanted, remedy })
}
