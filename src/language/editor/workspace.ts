import type { ModuleLoader } from '../../resolve/resolution.ts'
import type { Analysis } from './analysis.ts'

/** The programs that questions about more than one file go over. */
export interface Workspace {
  readonly loader: ModuleLoader
  /** Every module that is looked through, among them the open ones; library files come from `library`. */
  readonly modules: () => Iterable<Analysis>
  /** A file of the standard library by its name, `std/adam`; undefined where there is none. */
  readonly library: (name: string) => Analysis | undefined
  /** The names of all files of the standard library, the prelude among them. */
  readonly libraryNames: readonly string[]
}
