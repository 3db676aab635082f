import type { DataResult } from '../data-file.ts'
import { createByteReader, readFormat, type FileFormat } from './byte-reader.ts'
import { encodeNpy, parseNpy } from './npy.ts'
import type { NumberArray } from './number-array.ts'
import { encodeZip, parseZip } from './zip.ts'

/** NumPy's archive of arrays by name. */
export const NPZ: FileFormat = {
  expected: 'arrays of numbers as numpy.savez or numpy.savez_compressed write them',
  remedy: 'write it again with numpy.savez(PATH, NAME=ARRAY, ...)',
}

/** Reads the arrays of a `.npz` file by their names, without the `.npy` of the archive; only `names` where they are given. */
export function readNpz(
  path: string,
  names?: readonly string[],
): DataResult<ReadonlyMap<string, NumberArray>> {
  return readFormat(path, NPZ, (bytes) => {
    const arrays = new Map<string, NumberArray>()
    for (const entry of parseZip(bytes)) {
      const name = entry.name.replace(/\.npy$/, '')
      if (names !== undefined && !names.includes(name)) continue
      arrays.set(name, parseNpy(createByteReader(entry.read(), true, ` of ${entry.name}`)))
    }
    return arrays
  })
}

/** The bytes of a `.npz` file of those arrays, in pieces, without compression: what {@link readNpz} reads. */
export function encodeNpz(arrays: ReadonlyMap<string, NumberArray>): readonly Uint8Array[] {
  return encodeZip([...arrays].map(([name, array]) => [`${name}.npy`, encodeNpy(array)]))
}
