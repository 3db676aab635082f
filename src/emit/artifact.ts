/** A file a target made: `path` relative to the output folder, with forward slashes. */
export interface Artifact {
  readonly path: string
  readonly text: string
  /** Set for a file that belongs to no one module: all that are made to share it import the same. */
  readonly shared?: true
}
