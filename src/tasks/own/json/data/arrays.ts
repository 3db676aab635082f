import { z } from 'zod'
import type { DataResult } from '../../../data-file.ts'
import { readNpy } from '../../../formats/npy.ts'
import { readNpz } from '../../../formats/npz.ts'
import type { NumberArray } from '../../../formats/number-array.ts'
import { readSafetensors } from '../../../formats/safetensors.ts'
import type { Part } from '../../../image-files/image-listing.ts'
import { readIdx } from '../../../idx.ts'
import { arrayExamples, type ArrayOptions, type PlacedArray } from '../array-examples.ts'
import {
  givenParts,
  isParted,
  ofPart,
  parted,
  text,
  type DataKind,
  type DataPlace,
  type Parted,
} from '../data-kind.ts'

const options = {
  classes: z.int().min(2).exactOptional(),
  input: z.array(z.int().min(1)).min(1).readonly().exactOptional(),
  scale: z.boolean().exactOptional(),
}

/** One array a file. */
export interface FilesSpec<Kind extends string> extends ArrayOptions {
  readonly kind: Kind
  readonly inputs: Parted<string>
  readonly targets: Parted<string>
}

/** Arrays by name in one file. */
export interface ArchiveSpec<Kind extends string> extends ArrayOptions {
  readonly kind: Kind
  readonly file: Parted<string>
  /** Names of arrays. */
  readonly inputs: Parted<string>
  readonly targets: Parted<string>
}

const FIRST_AXIS = 'their first axes the examples'

export const npy = filesKind('npy', {
  summary: `two arrays of NumPy, ${FIRST_AXIS}`,
  ending: '.npy',
  read: readNpy,
})

export const idx = filesKind('idx', {
  summary: `two files as LeCun's MNIST has them, plain or gzip, ${FIRST_AXIS}`,
  ending: '-ubyte',
  read: (path) => {
    const read = readIdx(path, undefined, 'give files of unsigned bytes in the IDX format')
    return read.ok ? { ok: true, value: { type: 'uint8', ...read.value } } : read
  },
})

export const npz = archiveKind('npz', {
  summary: `arrays of a NumPy archive, ${FIRST_AXIS}`,
  ending: '.npz',
  read: readNpz,
})

export const safetensors = archiveKind('safetensors', {
  summary: `tensors of a file, ${FIRST_AXIS}`,
  ending: '.safetensors',
  read: (path) => {
    const read = readSafetensors(path)
    return read.ok ? { ok: true, value: read.value.tensors } : read
  },
})

interface Reading<T> {
  readonly summary: string
  /** Of names in the example. */
  readonly ending: string
  readonly read: (path: string) => DataResult<T>
}

function filesKind<Kind extends string>(
  kind: Kind,
  { summary, ending, read }: Reading<NumberArray>,
): DataKind<FilesSpec<Kind>> {
  const path = parted(text, 'the path of a file')
  return {
    summary,
    schema: z.strictObject({ kind: z.literal(kind), inputs: path, targets: path, ...options }),
    example: { kind, inputs: `images${ending}`, targets: `labels${ending}` },
    prepare: (spec, place) => {
      refuseHalves(spec, place)
      const parts = givenParts([spec.inputs, spec.targets])
      const arrays = (what: 'inputs' | 'targets'): ReadonlyMap<Part, PlacedArray> =>
        new Map(
          parts.map((part) => {
            const { value, field } = needed(spec[what], part, ['data', what], place)
            const array = place.valueOf(read(place.file(value, field)))
            return [part, { array, field, name: value }] as const
          }),
        )
      return arrayExamples({ inputs: arrays('inputs'), targets: arrays('targets') }, spec, place)
    },
  }
}

function archiveKind<Kind extends string>(
  kind: Kind,
  { summary, ending, read }: Reading<ReadonlyMap<string, NumberArray>>,
): DataKind<ArchiveSpec<Kind>> {
  const name = parted(text, 'the name of an array')
  return {
    summary,
    schema: z.strictObject({
      kind: z.literal(kind),
      file: parted(text, 'the path of a file'),
      inputs: name,
      targets: name,
      ...options,
    }),
    example: { kind, file: `data${ending}`, inputs: 'x', targets: 'y' },
    prepare: (spec, place) => {
      refuseHalves(spec, place)
      const parts = givenParts([spec.file, spec.inputs, spec.targets])
      const opened = new Map<string, ReadonlyMap<string, NumberArray>>()
      const archive = (part: Part): ReadonlyMap<string, NumberArray> => {
        const { value, field } = needed(spec.file, part, ['data', 'file'], place)
        const known = opened.get(value) ?? place.valueOf(read(place.file(value, field)))
        opened.set(value, known)
        return known
      }
      const arrays = (what: 'inputs' | 'targets'): ReadonlyMap<Part, PlacedArray> =>
        new Map(
          parts.map((part) => {
            const { value, field } = needed(spec[what], part, ['data', what], place)
            const held = archive(part)
            const array =
              held.get(value) ??
              place.refuse(
                field,
                `there is no array ${JSON.stringify(value)} in the file`,
                `it has ${[...held.keys()].join(', ')}`,
              )
            return [part, { array, field, name: value }] as const
          }),
        )
      return arrayExamples({ inputs: arrays('inputs'), targets: arrays('targets') }, spec, place)
    },
  }
}

/** Examples by parts need what is told of them by parts. */
function refuseHalves(
  { inputs, targets }: Pick<ArchiveSpec<string>, 'inputs' | 'targets'>,
  { refuse }: DataPlace,
): void {
  if (isParted(inputs) === isParted(targets)) return
  const [whole, other] = isParted(inputs) ? ['targets', 'inputs'] : ['inputs', 'targets']
  refuse(['data', whole!], `it is one for all parts, and \`${other}\` has one for each`)
}

/** What is said for a part that something else of the data has for itself. */
function needed(
  value: Parted<string>,
  part: Part,
  field: readonly string[],
  { refuse }: DataPlace,
): { readonly value: string; readonly field: readonly PropertyKey[] } {
  return (
    ofPart(value, part, field) ??
    refuse(field, `it has nothing for the ${part} part, which the data has elsewhere`)
  )
}
