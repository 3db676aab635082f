import { z } from 'zod'
import type { DataResult, OpenOptions } from '../../data-file.ts'
import type { ExampleSets } from '../../examples.ts'
import type { Part } from '../../image-files/image-listing.ts'
import { PARTS } from '../../image-files/image-listing.ts'
import type { Shares } from '../../split-rows.ts'
import type { NetworkEnds } from '../../networks/network.ts'
import type { StartOptions } from '../../open-task.ts'
import type { Field } from './located-json.ts'

/** One kind of data as a row: what a file says of it, and how it is read. */
export interface DataKind<Spec> {
  readonly summary: string
  readonly schema: z.ZodType<Spec>
  /** What may be told of its examples; a class or numbers when absent. */
  readonly gives?: readonly AnswerKind[]
  /** What a file may say of it. */
  readonly example: Spec
  /** Reads as much as it takes to know the shapes; throws by {@link DataPlace.refuse} and {@link DataPlace.valueOf}. */
  readonly prepare: (spec: Spec, place: DataPlace) => PreparedData
}

/** What there is to tell of an example: one class, numbers, or for each of its tokens the next one. */
export type AnswerKind = 'class' | 'numbers' | 'next'

/** What data is read for, and how its problems are told. */
export interface DataPlace {
  readonly answers: AnswerKind
  /** Where numbers for random splits start. */
  readonly seed: number
  /** Shares of the examples to train on for the parts that are not `given`: the data has none of its own. */
  readonly shares: (given: readonly Part[]) => Shares
  /** The absolute path of the file that a field of `data` names. It is part of what the task is known by. */
  readonly file: (name: string, field: Field) => string
  /** The same of a folder, which the digest of what it lists is known by; {@link digested} takes that. */
  readonly folder: (name: string, field: Field) => string
  /** The folder that was given for the data; absent where none was. */
  readonly directory: string | undefined
  /** Takes the bytes of a file into what the task is known by, under the name `path`. */
  readonly digestedFile: (path: string, file: string) => void
  /** Takes something with a digest of its own into it. */
  readonly digested: (path: string, digest: string) => void
  /** Throws what is wrong with a field of the file, with its place. */
  readonly refuse: (field: Field, problem: string, help?: string) => never
  /** The value of a result; throws its problem. */
  readonly valueOf: <T>(result: DataResult<T>) => T
}

/** Data whose shapes are known. */
export interface PreparedData {
  readonly ends: NetworkEnds
  /** What a batch is made of, in the plural. */
  readonly examples: string
  /** Whether they are images that can be changed at random. */
  readonly isChangeable: boolean
  /** Numbers that are told were divided by it, where there is one for an example: what metrics are multiplied by. */
  readonly deviation?: number
  /** Reads what is not in memory yet. */
  readonly open: (options: OpenOptions) => Promise<DataResult<ExamplesFor>>
}

/** The examples of a run; its `augmentation` is undefined where they are not changeable. */
export type ExamplesFor = (options: Pick<StartOptions, 'augmentation' | 'key'>) => ExampleSets

/** Data that is in memory already. */
export const inMemory =
  (sets: ExamplesFor): PreparedData['open'] =>
  async () => ({ ok: true, value: sets })

export const text = z.string().min(1)

/** Something for all of the data, or for its parts: what is missing is drawn from the training part. */
export type Parted<T> = T | Parts<T>

interface Parts<T> {
  readonly train: T
  readonly validation?: T
  readonly test?: T
}

export function parted<T>(schema: z.ZodType<T>, what: string): z.ZodType<Parted<T>> {
  return z.union(
    [
      schema,
      z.strictObject({
        train: schema,
        validation: schema.exactOptional(),
        test: schema.exactOptional(),
      }),
    ],
    { error: `expected ${what}, or {"train": ..., "validation": ..., "test": ...}` },
  ) as unknown as z.ZodType<Parted<T>>
}

/** Whether something is said for each part. */
export const isParted = <T>(value: Parted<T>): value is Parts<T> =>
  typeof value === 'object' && value !== null && 'train' in value

/** What is said for a part and the field it is said in; undefined where the part has nothing of its own. */
export function ofPart<T>(
  value: Parted<T>,
  part: Part,
  field: Field,
): { readonly value: T; readonly field: Field } | undefined {
  if (!isParted(value)) return { value, field }
  const own = value[part]
  return own === undefined ? undefined : { value: own, field: [...field, part] }
}

/** The parts that any of the values has for itself: the training part alone where none is given by parts. */
export function givenParts(values: readonly Parted<unknown>[]): readonly Part[] {
  const own = PARTS.filter((part) =>
    values.some((value) => isParted(value) && value[part] !== undefined),
  )
  return own.length === 0 ? ['train'] : own
}
