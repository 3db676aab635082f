import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'
import type { Import, Module } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'
import type { ModuleLoader } from './resolution.ts'
import { resolve } from './resolve.ts'
import type { ResolvedModule } from './resolved-module.ts'

/** The library module that every module imports without saying so. */
export const PRELUDE = 'std/prelude'

/** How many files deep imports may be nested. */
export const MAXIMUM_IMPORT_DEPTH = 32

/** A module with everything it imports. */
export interface LinkedModule {
  readonly resolved: ResolvedModule
  /** What it imports directly, the prelude first. */
  readonly dependencies: readonly LinkedModule[]
  /** Errors of the modules it imports, and of those they import. */
  readonly importedErrors: readonly Diagnostic[]
}

/** Looks for the errors of a resolved module that are not about names. */
export type ModuleAnalysis = (linked: LinkedModule) => readonly Diagnostic[]

interface CachedModule {
  readonly text: string
  readonly linked: LinkedModule
  /** Everything wrong with the module itself. */
  readonly errors: readonly Diagnostic[]
}

/** What earlier calls with the same loader have read; a module is read again when its text or one it imports changes. */
const caches = new WeakMap<ModuleLoader, Map<string, CachedModule>>()

interface Linking {
  readonly loader: ModuleLoader
  readonly analyze: ModuleAnalysis
  readonly cache: Map<string, CachedModule>
  /** Modules already read in this call. */
  readonly done: Map<string, CachedModule>
  readonly stack: string[]
}

/**
 * Reads everything `module` imports and resolves the names of all of it. The diagnostics are those of `module` alone;
 * `importedErrors` holds the others. `analyze` is asked about each imported module.
 */
export function link(
  module: Module,
  loader: ModuleLoader,
  analyze: ModuleAnalysis,
): Outcome<LinkedModule> {
  const cache = caches.get(loader) ?? new Map<string, CachedModule>()
  caches.set(loader, cache)
  return linkModule({ loader, analyze, cache, done: new Map(), stack: [] }, module)
}

function linkModule(linking: Linking, module: Module): Outcome<LinkedModule> {
  linking.stack.push(module.path)
  const diagnostics: Diagnostic[] = []
  const dependencies: CachedModule[] = []
  const imported = new Map<Import, ResolvedModule>()
  let prelude: ResolvedModule | undefined
  if (module.path !== PRELUDE) {
    const source = linking.loader(PRELUDE, module.path)
    const loaded = source && loadModule(linking, source)
    if (loaded !== undefined) {
      prelude = loaded.linked.resolved
      dependencies.push(loaded)
    }
  }
  for (const item of module.items) {
    if (item.kind !== 'import') continue
    const loaded = loadImport(linking, module, item, diagnostics)
    if (loaded === undefined) continue
    imported.set(item, loaded.linked.resolved)
    dependencies.push(loaded)
  }
  linking.stack.pop()
  const resolved = resolve(module, prelude, imported)
  const importedErrors = new Set(
    dependencies.flatMap(({ linked, errors }) => [...linked.importedErrors, ...errors]),
  )
  return {
    value: {
      resolved,
      dependencies: [...new Set(dependencies.map(({ linked }) => linked))],
      importedErrors: [...importedErrors],
    },
    diagnostics: [...diagnostics, ...resolved.diagnostics],
  }
}

function loadImport(
  linking: Linking,
  module: Module,
  item: Import,
  diagnostics: Diagnostic[],
): CachedModule | undefined {
  const { path } = module
  const { value: specifier, span } = item.from
  const source = linking.loader(specifier, path)
  if (source === undefined) {
    const relative = specifier.startsWith('./') || specifier.startsWith('../')
    const standard = specifier.startsWith('std/')
    diagnostics.push(
      diagnose('import-not-found', {
        path,
        span,
        message: standard
          ? `the standard library has no \`${specifier}\``
          : `there is no file \`${specifier}\``,
        label: 'not found',
        help:
          relative || standard
            ? relative && !specifier.endsWith('.opt')
              ? `files are imported with their ending: \`"${specifier}.opt"\``
              : 'check the spelling and the folder'
            : 'import a file beside this one as `"./file.opt"`, one of the standard library as `"std/name"`',
      }),
    )
    return undefined
  }
  if (source.path === path) {
    diagnostics.push(
      diagnose('self-import', {
        path,
        span,
        message: 'this file imports itself',
        help: 'what a file declares can be used anywhere in it: remove the import',
        fix: { title: 'remove the import', edits: [{ span: item.span, text: '' }] },
      }),
    )
    return undefined
  }
  const position = linking.stack.indexOf(source.path)
  if (position >= 0) {
    const circle = [...linking.stack.slice(position), source.path].map((name) => `\`${name}\``)
    diagnostics.push(
      diagnose('import-cycle', {
        path,
        span,
        message: 'these files import each other',
        label: 'imported while it is being read',
        notes: [circle.join(' imports ')],
        help: 'move what both need into a third file',
      }),
    )
    return undefined
  }
  if (linking.stack.length > MAXIMUM_IMPORT_DEPTH) {
    diagnostics.push(
      diagnose('import-too-deep', {
        path,
        span,
        message: `imports are nested more than ${MAXIMUM_IMPORT_DEPTH} files deep`,
        help: 'import what is needed directly from the file that declares it',
      }),
    )
    return undefined
  }
  const loaded = loadModule(linking, source)
  const count = loaded.errors.length
  const indirect = loaded.linked.importedErrors.length
  // Only the module that is checked says so; the files in between are not to blame.
  if (linking.stack.length === 1 && count + indirect > 0) {
    diagnostics.push(
      diagnose('import-has-errors', {
        path,
        span,
        message:
          count === 0
            ? `\`${source.path}\` imports a file with errors`
            : `\`${source.path}\` has ${count === 1 ? 'an error' : `${count} errors`}`,
        label: 'imported here',
      }),
    )
  }
  return loaded
}

function loadModule(linking: Linking, source: Source): CachedModule {
  const known = linking.done.get(source.path)
  if (known !== undefined) return known
  const cached = linking.cache.get(source.path)
  if (cached?.text === source.text && isCurrent(linking, cached.linked)) {
    linking.done.set(source.path, cached)
    return cached
  }
  const parsed = parse(source)
  const outcome = linkModule(linking, parsed.value)
  const found = [...parsed.diagnostics, ...outcome.diagnostics, ...linking.analyze(outcome.value)]
  const loaded: CachedModule = {
    text: source.text,
    linked: outcome.value,
    errors: found.filter((diagnostic) => diagnostic.severity === 'error'),
  }
  linking.done.set(source.path, loaded)
  // A module that stands in a circle, or too deep, is read differently from elsewhere.
  if (loaded.errors.length + loaded.linked.importedErrors.length === 0)
    linking.cache.set(source.path, loaded)
  return loaded
}

/** Whether everything the module imports would be read as it was. */
function isCurrent(linking: Linking, linked: LinkedModule): boolean {
  const { module } = linked.resolved
  if (module.path !== PRELUDE && !isUnchanged(linking, PRELUDE, module.path, linked)) return false
  return module.items.every(
    (item) => item.kind !== 'import' || isUnchanged(linking, item.from.value, module.path, linked),
  )
}

function isUnchanged(
  linking: Linking,
  specifier: string,
  from: string,
  linked: LinkedModule,
): boolean {
  const source = linking.loader(specifier, from)
  if (source === undefined) return specifier === PRELUDE
  if (linking.stack.includes(source.path)) return false
  return linked.dependencies.includes(loadModule(linking, source).linked)
}
