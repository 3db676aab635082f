/** Something that can be explained. */
export interface Topic {
  /** What it is asked for by. */
  readonly name: string
  /** What it is asked for by beside that. */
  readonly also?: readonly string[]
  /** The heading it is listed under. */
  readonly group: string
  /** One line. */
  readonly summary: string
  /** The page in Markdown, without its heading; made when it is asked for. */
  readonly page: () => string
}
