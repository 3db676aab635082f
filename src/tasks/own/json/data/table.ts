import { z } from 'zod'
import type { DataKind, DataPlace, PreparedData } from '../data-kind.ts'
import { idx, npy, npz, safetensors, type ArchiveSpec, type FilesSpec } from './arrays.ts'
import { cifar, type CifarSpec } from './cifar.ts'
import { csv, type CsvSpec } from './csv.ts'
import { images, type ImagesSpec } from './images.ts'
import { knownSet, type KnownSetSpec } from './known-set.ts'

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

/** Every kind of data there is. */
export const DATA_KINDS: {
  readonly [Kind in DataSpec['kind']]: DataKind<Extract<DataSpec, { kind: Kind }>>
} = { cifar, csv, idx, images, npy, npz, safetensors, set: knownSet }

const schemas = Object.values(DATA_KINDS).map(({ schema }) => schema)

/** The data of a file. */
export const dataSchema = z.discriminatedUnion(
  'kind',
  // Each row's schema is an object with its kind, which its type here does not say.
  schemas as unknown as [z.core.$ZodTypeDiscriminable],
) as unknown as z.ZodType<DataSpec>

/** Reads as much of the data as it takes to know its shapes. */
export function prepareData(spec: DataSpec, place: DataPlace): PreparedData {
  return (DATA_KINDS[spec.kind] as DataKind<DataSpec>).prepare(spec, place)
}
