import { catalog } from './catalog.ts'
import { fileCatalog } from './catalog/file.ts'
import { targetCatalog } from './catalog/target.ts'
import type { CatalogEntry } from './diagnostic.ts'

/** The page of every code a diagnostic can have: those of the compiler, of targets and of hosts that read files. */
export const pages: Readonly<Record<string, CatalogEntry>> = {
  ...catalog,
  ...targetCatalog,
  ...fileCatalog,
}
