import type { Source } from '../../diagnostics/source.ts'

/** The files a language server sees beside those that are open. Paths are those of imports: `std/NAME`, else parts between slashes. */
export interface Files {
  /** The path that a document is called by in imports and diagnostics. */
  readonly pathOf: (uri: string) => string
  readonly uriOf: (path: string) => string
  /** A file that is not open; undefined where there is none that can be read. */
  readonly read: (path: string) => Source | undefined
  /** The paths of the programs below the folders of the workspace. */
  readonly list: () => readonly string[]
  /** The names of all files of the standard library, the prelude among them. */
  readonly libraryNames: readonly string[]
  /** Told the folders of the workspace, as URIs, before anything else is asked. */
  readonly open: (folders: readonly string[]) => void
  /** What was read and listed may have changed. */
  readonly forget: () => void
}
