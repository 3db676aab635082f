import { checkCatalog } from './catalog/check.ts'
import { evaluateCatalog } from './catalog/evaluate.ts'
import { habitCatalog } from './catalog/habit.ts'
import { matrixCatalog } from './catalog/matrix.ts'
import { moduleCatalog } from './catalog/module.ts'
import { rangeCatalog } from './catalog/range.ts'
import { spaceCatalog } from './catalog/space.ts'
import { syntaxCatalog } from './catalog/syntax.ts'
import type { CatalogEntry } from './diagnostic.ts'

/** Every problem the compiler can report, by its stable code. */
export const catalog = {
  ...syntaxCatalog,
  ...habitCatalog,
  ...spaceCatalog,
  ...moduleCatalog,
  ...checkCatalog,
  ...evaluateCatalog,
  ...rangeCatalog,
  ...matrixCatalog,
} satisfies Record<string, CatalogEntry>

/** The code of a diagnostic. */
export type Code = keyof typeof catalog
