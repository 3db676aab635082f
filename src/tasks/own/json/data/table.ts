import { z } from 'zod'
import type { DataKind, DataPlace, PreparedData } from '../data-kind.ts'
import { idx, npy, npz, safetensors, type ArchiveSpec, type FilesSpec } from './arrays.ts'
import { cifar, type CifarSpec } from './cifar.ts'
import { csv, type CsvSpec } from './csv.ts'
import { images, type ImagesSpec } from './images.ts'
import { knownSet, type KnownSetSpec } from './known-set.ts'
import { text, type TextSpec } from './text.ts'

/** What a file says of its data. */
export type DataSpec =
  | ArchiveSpec<'npz'>
  | ArchiveSpec<'safetensors'>
  | CifarSpec
  | CsvSpec
  | FilesSpec<'idx'>
  | FilesSpec<'npy'>
  | ImagesSpec
  | KnownSetSpec
  | TextSpec

/** Every kind of data there is. */
export const DATA_KINDS: {
  readonly [Kind in DataSpec['kind']]: DataKind<Extract<DataSpec, { kind: Kind }>>
} = { cifar, csv, idx, images, npy, npz, safetensors, set: knownSet, text }

const schemas = Object.values(DATA_KINDS).map(({ schema }) => schema)

/** The data of a file. */
export const dataSchema = z.discriminatedUnion(
  'kind',
  // Each row's schema is an object with its kind, which its type here does not say.
  schemas as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<DataSpec>

/** Reads as much of the data as it takes to know its shapes. */
export function prepareData(spec: DataSpec, place: DataPlace): PreparedData {
  const { gives = ['class', 'numbers'], prepare } = DATA_KINDS[spec.kind] as DataKind<DataSpec>
  if (!gives.includes(place.answers))
    place.refuse(
      ['objective'],
      place.answers === 'next'
        ? `data of the kind ${spec.kind} has no next token to tell; "text" has`
        : `data of the kind ${spec.kind} has nothing but the next token to tell: "nextToken"`,
    )
  return prepare(spec, place)
}
