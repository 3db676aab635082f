import type { Code } from '../diagnostics/catalog.ts'
import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts'
import type { Module, SpaceDeclaration } from '../syntax/ast.ts'
import { lower } from '../ir/lowering/lower.ts'
import type { CheckedModule } from './checked-module.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import { examine } from './examine.ts'
import { link, type LinkedModule } from '../resolve/link.ts'

/** What is looked for. */
export interface CheckOptions {
  /** The module is not valid: nothing is said about what seems missing or unused. */
  readonly hasSyntaxErrors?: boolean
  /** False where only errors are wanted: the values of most expressions are then not worked out. */
  readonly withWarnings?: boolean
  /** Says what is wrong with a search space, which the checker knows nothing of. */
  readonly readSpace?: (module: Module, space: SpaceDeclaration) => readonly Diagnostic[]
}

/**
 * Resolves the names of a module and of everything it imports, lowers it, and looks with every rule at what is known of
 * its values. The diagnostics are those of the module and the errors of modules it imports; never throws.
 */
export function check(
  module: Module,
  loader: ModuleLoader,
  options: CheckOptions = {},
): Outcome<CheckedModule> {
  return checkLinked(linkChecked(module, loader), options)
}

/** The first half of `check`: the module and everything it imports, with their names resolved. */
export function linkChecked(module: Module, loader: ModuleLoader): Outcome<LinkedModule> {
  return link(module, loader, analyzeImported)
}

/** The second half of `check`. */
export function checkLinked(
  { value: linked, diagnostics: linking }: Outcome<LinkedModule>,
  { hasSyntaxErrors = false, withWarnings = true, readSpace = () => [] }: CheckOptions = {},
): Outcome<CheckedModule> {
  const { resolved, importedErrors } = linked
  const { module, tables } = resolved
  const lowered = lower(resolved)
  const examined = examine(resolved, lowered, withWarnings)
  const spaces = hasSyntaxErrors ? [] : resolved.spaces.flatMap((space) => readSpace(module, space))
  const all = inOrder(withoutRepeats([...linking, ...examined.diagnostics, ...spaces]))
  const hasErrors = hasSyntaxErrors || all.some(({ severity }) => severity === 'error')
  const diagnostics = all.filter(
    ({ code }) => !(hasErrors && conclusions.has(code)) && !(hasSyntaxErrors && absences.has(code)),
  )
  return {
    value: {
      module,
      optimizers: resolved.optimizers,
      functions: resolved.functions,
      spaces: resolved.spaces,
      names: tables.names,
      calls: tables.calls,
      assignments: tables.assignments,
      implicitDefaults: tables.implicitDefaults,
      lowered,
      get types() {
        return examined.types()
      },
      valid: importedErrors.length === 0 && !hasErrors,
    },
    diagnostics: [...diagnostics, ...importedErrors],
  }
}

/** Warnings that say nothing while parts of a program are wrong or missing. */
const conclusions: ReadonlySet<string> = new Set<Code>([
  'evaluate-ignores-weights',
  'evaluate-no-effect',
  'no-effect',
  'state-never-assigned',
  'unused-import',
  'unused-parameter',
  'unused-state',
  'unused-variable',
  'update-ignores-gradient',
])

/** Errors about something missing, which may stand in the part that could not be read. */
const absences: ReadonlySet<string> = new Set<Code>([
  'empty-module',
  'missing-default',
  'return-missing',
  'schedule-without-step',
  'update-missing',
])

/** The bodies of library modules are checked by the tests of the library, not again by each program. */
function analyzeImported(linked: LinkedModule): readonly Diagnostic[] {
  const { resolved } = linked
  if (resolved.module.path.startsWith('std/')) return []
  return examine(resolved, lower(resolved), false).diagnostics
}

/** A state in the wrong place is one mistake, also where it is read in another. */
function withoutRepeats(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = found.flatMap(({ code, related = [] }) =>
    code === 'used-before-declaration' ? related.map(({ span }) => span.start) : [],
  )
  return found.filter(
    ({ code, span }) =>
      code !== 'state-misplaced' || told.every((start) => start < span.start || span.end <= start),
  )
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}
