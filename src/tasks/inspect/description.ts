import type { DataResult } from '../data-file.ts'
import type { Column } from '../formats/csv.ts'
import type { Images } from '../images.ts'

/** What a file or a folder would be read as. */
export interface DataDescription {
  /** `array of NumPy`. */
  readonly kind: string
  /** What else there is to say, a line each. */
  readonly facts: readonly string[]
  readonly arrays?: readonly ArrayFacts[]
  readonly columns?: readonly ColumnFacts[]
  /** How many images, rows or words each part has. */
  readonly parts?: Readonly<Record<string, number>>
  /** For every class how many images of it each part has. */
  readonly classes?: Readonly<Record<string, readonly number[]>>
  /** Up to `count` images, spread over the data. */
  readonly samples?: (count: number) => Promise<DataResult<Images>>
}

/** An array, or what is in its place. */
export interface ArrayFacts {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
}

export interface ColumnFacts {
  readonly name: string
  readonly kind: Column['kind']
  readonly missing: number
  /** The range of numbers, or how many categories there are. */
  readonly values: string
}

/** `of` a value, or its problem. */
export function mapResult<T, R>(result: DataResult<T>, of: (value: T) => R): DataResult<R> {
  return result.ok ? { ok: true, value: of(result.value) } : result
}
