import { writeFileSync } from 'node:fs'
import type { DataResult } from './data-file.ts'
import { encodeNpz, readNpz } from './formats/npz.ts'
import type { NumberArray } from './formats/number-array.ts'
import { encodeSafetensors, readSafetensors } from './formats/safetensors.ts'

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, NumberArray>

/** A kind of file that holds tensors by name: a row. */
interface WeightFormat {
  readonly ending: string
  readonly read: (path: string) => DataResult<Tensors>
  /** The file in pieces. */
  readonly encode: (tensors: Tensors) => readonly Uint8Array[]
}

const FORMATS: readonly WeightFormat[] = [
  {
    ending: '.safetensors',
    read: (path) => {
      const file = readSafetensors(path)
      return file.ok ? { ok: true, value: file.value.tensors } : file
    },
    encode: (tensors) => encodeSafetensors({ tensors, metadata: new Map() }),
  },
  { ending: '.npz', read: (path) => readNpz(path), encode: encodeNpz },
]

/** How files of weights may end. */
export const WEIGHT_ENDINGS = FORMATS.map(({ ending }) => ending)

const formatOf = (path: string): WeightFormat | undefined =>
  FORMATS.find(({ ending }) => path.endsWith(ending))

/** Whether weights can be kept in a file of that name. */
export const isWeightFile = (path: string): boolean => formatOf(path) !== undefined

/** The tensors of the file, by what its name ends in. */
export function readWeights(path: string): DataResult<Tensors> {
  const format = formatOf(path)
  if (format !== undefined) return format.read(path)
  return {
    ok: false,
    problem: {
      path,
      problem: 'is no file of weights, by its name',
      expected: `a name that ends in ${WEIGHT_ENDINGS.join(' or ')}`,
      remedy:
        'save weights with safetensors.torch.save_file, or with numpy.savez(PATH, NAME=ARRAY, ...)',
    },
  }
}

/** Writes tensors into the file `path`, as its name says. Throws a RangeError for other names, and what the file system throws. */
export function writeWeights(path: string, tensors: Tensors): void {
  const format = formatOf(path)
  if (format === undefined)
    throw new RangeError(`${path} ends in none of ${WEIGHT_ENDINGS.join(', ')}`)
  writeFileSync(path, Buffer.concat(format.encode(tensors)))
}
