/** What a study found, ready to be shown. Texts without markup. */
export interface Outcome {
  readonly title: string
  /** What came out, in a sentence or two. */
  readonly lead: string
  /** What it was found under: names and values. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly tables: readonly OutcomeTable[]
  /** One picture: drawings side by side. */
  readonly drawings: readonly Drawing[]
  /** What it is to be read with: a sentence each. */
  readonly remarks: readonly string[]
}

/** A table of texts. */
export interface OutcomeTable {
  readonly title: string
  readonly columns: readonly OutcomeColumn[]
  readonly rows: readonly (readonly string[])[]
  /** What the columns mean, below the table. */
  readonly note?: string
}

/** A column: its heading, and whether it holds numbers. */
export interface OutcomeColumn {
  readonly title: string
  readonly isNumber?: true
}

/** A drawing of a known size, as an `svg` element without a ground of its own. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly svg: string
  readonly caption: string
}

/** A column of numbers. */
export const numbers = (title: string): OutcomeColumn => ({ title, isNumber: true })

/** A column of words. */
export const words = (title: string): OutcomeColumn => ({ title })
