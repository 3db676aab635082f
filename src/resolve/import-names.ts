import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { FunctionDeclaration, Identifier, Import, Module } from '../syntax/ast.ts'
import { layeredMap } from './layered-map.ts'
import type { ResolvedModule } from './resolved-module.ts'
import type { ModuleScope } from './scope.ts'

/** What can be called in a module: what it declares, what it imports, and the prelude behind both. */
export function createScope(
  module: Module,
  prelude: ResolvedModule | undefined,
  imported: ReadonlyMap<Import, ResolvedModule>,
  own: readonly FunctionDeclaration[],
  report: (diagnostic: Diagnostic) => void,
): ModuleScope {
  const functions = layeredMap(prelude === undefined ? noFunctions : functionsOf(prelude))
  const unavailable = new Set<string>()
  for (const item of module.items) {
    if (item.kind !== 'import') continue
    const from = imported.get(item)
    for (const { name, alias } of item.names) {
      const found = from && findExport(module.path, name, from, report)
      const used = (alias ?? name).name
      if (found !== undefined) functions.set(used, found)
      else unavailable.add(used)
    }
  }
  for (const declaration of own) unavailable.delete(declaration.name.name)
  for (const declaration of own) functions.set(declaration.name.name, declaration)
  return { path: module.path, functions, unavailable, items: module.items }
}

type Functions = ReadonlyMap<string, FunctionDeclaration>

const noFunctions: Functions = new Map()
const knownFunctions = new WeakMap<ResolvedModule, Functions>()

/** The functions a module declares, by name. */
function functionsOf(module: ResolvedModule): Functions {
  const known = knownFunctions.get(module)
  if (known !== undefined) return known
  const made = new Map(module.functions.map((declaration) => [declaration.name.name, declaration]))
  knownFunctions.set(module, made)
  return made
}

function findExport(
  path: string,
  wanted: Identifier,
  from: ResolvedModule,
  report: (diagnostic: Diagnostic) => void,
): FunctionDeclaration | undefined {
  const { name, span } = wanted
  const declaration = from.declarations.get(name)
  if (declaration?.kind === 'function') return declaration
  const other = from.module.path
  if (declaration !== undefined) {
    const what = declaration.kind === 'optimizer' ? 'an optimizer' : 'a search space'
    report(
      diagnose('not-importable', {
        path,
        span,
        message: `\`${name}\` is ${what}: only functions, schedules and decays can be imported`,
        help: 'move what both files need into a `fn`',
        related: [{ path: other, span: declaration.name.span, label: 'declared here' }],
      }),
    )
    return undefined
  }
  const names = from.functions.map((known) => known.name.name)
  const similar = nearest(name, names)
  const listed = names.slice(0, 8).map((known) => `\`${known}\``)
  report(
    diagnose('name-not-exported', {
      path,
      span,
      message: `\`${other}\` does not declare \`${name}\``,
      help:
        similar !== undefined
          ? `did you mean \`${similar}\`?`
          : names.length === 0
            ? 'it declares no functions that could be imported'
            : `it declares ${listed.join(', ')}${names.length > listed.length ? ', ...' : ''}`,
      ...(similar === undefined
        ? {}
        : { fix: { title: `replace it with \`${similar}\``, edits: [{ span, text: similar }] } }),
    }),
  )
  return undefined
}
